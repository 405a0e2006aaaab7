/** A broken rule of a schema as one phrase: the rule, then what was received. */
import type { z } from 'zod';

/** @param value at the place of the issue, as YAML gave it */
export function issueText(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    return `must not have ${issue.keys.map((key) => `"${key}"`).join(', ')}: there is no such field`;
  }
  if (issue.code === 'invalid_key') return `${ruleOf(issue.issues[0]!)}; received "${String(issue.path.at(-1))}"`;
  if (value === undefined) return 'is required; it is missing';
  return `${ruleOf(issue)}; received ${shown(value)}`;
}

// --- internal ---

const RECEIVED_CHARACTERS = 60;

function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `must have ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'items'} or fewer`
        : `must be ${issue.maximum} or less`;
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty';
      if (issue.origin === 'array') return `must have ${issue.minimum} item${issue.minimum === 1 ? '' : 's'} or more`;
      return `must be ${issue.minimum} or more`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_union':
      return unionRule(issue.errors.map((errors) => errors[0]!));
    default:
      return issue.message;
  }
}

/** The rule of the choice that was meant, which is the one whose type fits; all choices where none does. */
function unionRule(choices: readonly z.core.$ZodIssue[]): string {
  const meant = choices.find(({ code }) => code !== 'invalid_type' && code !== 'invalid_value');
  if (meant) return ruleOf(meant);
  return `must be ${choices.map((choice) => ruleOf(choice).replace(/^must be (one of )?/, '')).join(', or ')}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map of instance types to prices',
};

function shown(value: unknown): string {
  if (typeof value !== 'string') return short(jsonOf(value));
  return value.length > RECEIVED_CHARACTERS
    ? `${value.length}: ${short(JSON.stringify(value))}`
    : JSON.stringify(value);
}

/** `.nan` and `.inf` as numbers are written here; JSON has null for them. */
function jsonOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value, (_, part) => (Number.isFinite(part) || typeof part !== 'number' ? part : String(part)));
}

function short(text: string): string {
  return text.length > RECEIVED_CHARACTERS ? `${text.slice(0, RECEIVED_CHARACTERS)}…` : text;
}
