/**
 * Metrics found in a job's log with the declared expressions, as the platform finds them: line by line in both
 * streams, the first capture group is the value. A tab reaches the platform's log as `#011`, so it does here.
 */
import type { MetricDefinition } from '../container/description.js';
import { JobError, messageOf } from '../errors.js';

export interface MetricValue {
  readonly name: string;
  readonly value: number;
}

/**
 * A function that finds the metrics of one line.
 * @throws JobError when an expression is none, naming its metric
 */
export function createMetricFinder(definitions: readonly MetricDefinition[]): (line: string) => readonly MetricValue[] {
  const expressions = definitions.map(({ Name, Regex }) => ({ name: Name, expression: compile(Name, Regex) }));
  return (line) => {
    const logged = line.replaceAll('\t', '#011');
    return expressions.flatMap(({ name, expression }) => {
      const text = expression.exec(logged)?.[1];
      const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
      return Number.isFinite(value) ? [{ name, value }] : [];
    });
  };
}

/** The last value of each metric, in the order in which they first appeared: FinalMetricDataList. */
export function finalMetrics(metrics: readonly MetricValue[]): Readonly<Record<string, number>> {
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

// --- internal ---

function compile(name: string, source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new JobError(`Metric "${name}": "${source}" must be a regular expression; ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
