/**
 * Metrics found in a job's log with the declared expressions, as the platform finds them: line by line in both
 * streams, the first capture group is the value. A tab reaches the platform's log as `#011`, so it does here.
 *
 * An expression can take for ever on a text that it does not match. Node stops code that runs too long, expressions too,
 * where it runs as a script with a `timeout`; it still holds its thread so long, so metric-search.ts has another one.
 */
import { createContext, Script } from 'node:vm';
import { JobError, messageOf } from '../errors.js';
import type { MetricDefinition } from './metric-definition.js';

export interface MetricValue {
  readonly name: string;
  readonly value: number;
}

/** What some lines have. */
export interface FoundMetrics {
  /** In the order of the lines, of one line in the order of the definitions. */
  readonly metrics: readonly MetricValue[];
  /** A sentence for each metric that is searched no more. */
  readonly notes: readonly string[];
}

/** Carriage returns divide a progress bar; of more text without one, the start is searched. */
export const SEARCHED_CHARS = 16 * 1024;

/**
 * A function that finds the metrics of lines. An expression that takes longer than `limitMs` for one call is used no more.
 * @param definitions that `checkMetrics` lets pass
 */
export function createMetricFinder(
  definitions: readonly MetricDefinition[],
  limitMs: number,
): (lines: readonly string[]) => FoundMetrics {
  let expressions = definitions.map(({ Name, Regex }) => ({ name: Name, expression: new RegExp(Regex) }));
  const context = createContext({ search: () => {} });
  const script = new Script('search()');
  return (lines) => {
    const texts = lines.map((line) => line.replaceAll('\t', '#011').split('\r'));
    const found: (MetricValue & { readonly line: number })[] = [];
    const notes: string[] = [];
    expressions = expressions.filter(({ name, expression }) => {
      context.search = () => {
        for (const [line, pieces] of texts.entries()) {
          const value = firstValue(expression, pieces);
          if (Number.isFinite(value)) found.push({ name, value, line });
        }
      };
      try {
        script.runInContext(context, { timeout: limitMs });
        return true;
      } catch (error) {
        notes.push(noteOf(name, expression, error, limitMs));
        return false;
      }
    });
    found.sort((a, b) => a.line - b.line);
    return { metrics: found.map(({ name, value }) => ({ name, value })), notes };
  };
}

/** Why an expression cannot be used, in a sentence that names its metric; undefined if it can. */
export function metricProblem({ Name, Regex }: MetricDefinition): string | undefined {
  try {
    new RegExp(Regex);
    return undefined;
  } catch (error) {
    return `Metric "${Name}": "${Regex}" must be a regular expression; ${messageOf(error)}.`;
  }
}

/** @throws JobError when an expression is none, naming its metric */
export function checkMetrics(definitions: readonly MetricDefinition[]): void {
  for (const definition of definitions) {
    const problem = metricProblem(definition);
    if (problem !== undefined) throw new JobError(problem);
  }
}

/** The last value of each metric, in the order in which they first appeared: FinalMetricDataList. */
export function finalMetrics(metrics: readonly MetricValue[]): Readonly<Record<string, number>> {
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

// --- internal ---

/** Of the first piece that matches, as of a line the first match counts; NaN if it is no number. */
function firstValue(expression: RegExp, pieces: readonly string[]): number {
  for (const piece of pieces) {
    const match = expression.exec(piece.slice(0, SEARCHED_CHARS));
    if (match !== null) return match[1] === undefined || match[1].trim() === '' ? Number.NaN : Number(match[1]);
  }
  return Number.NaN;
}

function noteOf(name: string, { source }: RegExp, error: unknown, limitMs: number): string {
  // Not of our realm, so no instance of our Error.
  const isLate = (error as { readonly code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
  const cause = isLate ? `took longer than ${limitMs / 1000} s on the last lines` : `failed: ${messageOf(error)}`;
  return `Metric "${name}" is searched no more: its regular expression "${source}" ${cause}. Make it simpler.`;
}
