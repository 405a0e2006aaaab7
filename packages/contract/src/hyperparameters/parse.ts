/**
 * Hyperparameters arrive as strings, written by many clients; they leave as the types of the algorithm's zod schema.
 * Lenient about form (quotes, padding, True/1), strict about value. All problems are reported in one error.
 * What real clients send: CONTRACT.md, hyperparameters.
 */
import type { z } from 'zod';
import type { Algorithm } from '../algorithm.js';
import type { HyperparameterRules } from '../declaration.js';
import { ClientError } from '../errors.js';
import { quoted } from '../visible.js';
import { describeFields, type Field, ruleOf } from './field.js';
import { nearest } from './nearest.js';
import { readCandidates } from './parse-value.js';

/** Names that the service and AWS's clients add to every job of theirs; they are not the algorithm's. */
const PASSED_THROUGH = /^(_tuning_objective_metric|sagemaker_.*)$/;

/** Of a name that is not ours: enough to recognise it, with room for the other problems. */
const SHOWN_CHARS = 64;
/** The longest value that a job may have; one of a file may be far longer. */
const SHOWN_VALUE_CHARS = 2500;
/** Of the algorithm's names: those of XGBoost would fill the failure file. */
const SHOWN_NAMES = 16;

/**
 * The typed values of `received` under the definition's schema, defaults filled in.
 * @param warn gets one sentence for each thing that the caller may have meant otherwise
 * @param options the file of each value that is not the job's own, by name; rules instead of the algorithm's
 * @throws ClientError E_HYPERPARAMETER with one sentence a problem
 */
export function parseHyperparameters(
  algorithm: Pick<
    Algorithm,
    'hyperparameters' | 'hyperparameterAliases' | 'checkHyperparameters' | 'hyperparameterWarnings'
  >,
  received: Readonly<Record<string, string>>,
  warn: (sentence: string) => void = () => undefined,
  { files = new Map(), rules = algorithm }: ParseOptions = {},
): Record<string, unknown> {
  const fields = describeFields(algorithm.hyperparameters);
  const problems: string[] = [];
  const texts = resolveNames(fields, algorithm.hyperparameterAliases ?? {}, received, { problems, warn, files });
  const values: Record<string, unknown> = {};
  for (const field of fields.values()) {
    const given = texts.get(field.name);
    if (given !== undefined) readField(field, given, values, problems);
    else if (field.isRequired) {
      problems.push(`Hyperparameter "${field.name}" is required and must be ${ruleOf(field)}; it is missing.`);
    }
  }
  if (problems.length > 0) throw problemsError(problems);

  const parsed = algorithm.hyperparameters.safeParse(values);
  if (!parsed.success) throw problemsError(parsed.error.issues.map(sentenceOf));
  const crossed = rules.checkHyperparameters?.(parsed.data) ?? [];
  if (crossed.length > 0) throw problemsError(crossed);
  for (const sentence of rules.hyperparameterWarnings?.(parsed.data) ?? []) warn(sentence);
  return parsed.data;
}

// --- internal ---

interface ParseOptions {
  readonly files?: ReadonlyMap<string, string>;
  readonly rules?: HyperparameterRules | undefined;
}

interface GivenText {
  readonly text: string;
  /** Undefined for the job's own. */
  readonly file: string | undefined;
}

interface Findings {
  readonly problems: string[];
  readonly files: ReadonlyMap<string, string>;
  warn(sentence: string): void;
}

/** Texts by the schema's own names; unknown names become problems. Of two names of one hyperparameter the last counts. */
function resolveNames(
  fields: ReadonlyMap<string, Field>,
  aliases: Readonly<Record<string, string>>,
  received: Readonly<Record<string, string>>,
  { problems, files, warn }: Findings,
): Map<string, GivenText> {
  const texts = new Map<string, GivenText>();
  const givenAs = new Map<string, string>();
  /** Whether the known names were given already: they are the same for each unknown one. */
  let isListed = false;
  for (const [given, text] of Object.entries(received)) {
    const name = Object.hasOwn(aliases, given) ? aliases[given]! : given;
    if (!fields.has(name)) {
      if (PASSED_THROUGH.test(given)) continue;
      const known = nearest(given, [...fields.keys(), ...Object.keys(aliases)]);
      const rest = known ? `; did you mean "${known}"?` : isListed ? '.' : `; ${listOf([...fields.keys()])}.`;
      if (!known) isListed = true;
      const file = files.get(given);
      const where = file === undefined ? '' : ` in ${file}`;
      problems.push(`Unknown hyperparameter ${quoted(given, SHOWN_CHARS)}${where}${rest}`);
      continue;
    }
    const earlier = givenAs.get(name);
    if (earlier !== undefined) {
      warn(
        `Hyperparameters "${earlier}" and "${given}" are names of the same hyperparameter; the last one, "${given}", is used: ${quoted(text, SHOWN_VALUE_CHARS)} in place of ${quoted(texts.get(name)!.text, SHOWN_VALUE_CHARS)}.`,
      );
    }
    givenAs.set(name, given);
    texts.set(name, { text, file: files.get(given) });
  }
  return texts;
}

/** The known names, to end a sentence. */
function listOf(names: readonly string[]): string {
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
  return names.length === 0 ? 'the algorithm has none' : `known are ${names.slice(0, SHOWN_NAMES).join(', ')}${more}`;
}

function readField(field: Field, { text, file }: GivenText, values: Record<string, unknown>, problems: string[]): void {
  let refusal: string | undefined;
  for (const candidate of readCandidates(field.rule, text)) {
    const parsed = field.schema.safeParse(candidate);
    if (parsed.success) {
      values[field.name] = candidate;
      return;
    }
    refusal ??= customMessage(parsed.error);
  }
  // The author's own rule replaces "text", the type of the value.
  const own = OWN_RULE.exec(refusal ?? '')?.[1];
  const rule = own ?? ruleOf(field);
  const more = refusal && own === undefined ? ` ${refusal}` : '';
  const where = file === undefined ? '' : ` in ${file}`;
  problems.push(
    `Hyperparameter "${field.name}"${where} must be ${rule}; received ${quoted(text, SHOWN_VALUE_CHARS)}.${more}`,
  );
}

const OWN_RULE = /^It must be (.*)\.$/s;

/** What the author wrote in a `.refine`: more exact than the rule that is derived from the schema. */
function customMessage(error: z.ZodError): string | undefined {
  return error.issues.find((issue) => issue.code === 'custom')?.message;
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.');
  return place ? `Hyperparameter "${place}": ${issue.message}` : issue.message;
}

function problemsError(problems: readonly string[]): ClientError {
  const count = problems.length > 1 ? `${problems.length} problems with the hyperparameters. ` : '';
  return new ClientError('E_HYPERPARAMETER', count + problems.join(' '));
}
