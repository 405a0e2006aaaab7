/**
 * Metrics as SageMaker reads them: `name=value` in the log, found again by a regular expression that is derived from
 * the same name. Limits: 40 definitions, names of 255 and expressions of 500 characters (botocore MetricDefinition).
 */

import { AlgorithmError } from '../errors.js';
import type { Log } from '../log.js';

/** What the author says of a metric; its name is the key, e.g. `validation:rmse`. */
export interface MetricDefinition {
  readonly goal: 'minimize' | 'maximize';
  readonly description: string;
  /** Only written by some jobs, such as a metric that must be asked for; default false: by every job. */
  readonly optional?: boolean;
}

/** Values of the metrics K; any may be left out. */
export type MetricValues<K extends string> = string extends K
  ? Readonly<Record<string, number>>
  : { readonly [Name in K]?: number };

/** Writes metric lines of the names K. */
export interface MetricsWriter<K extends string = string> {
  /**
   * One line of `name=value` pairs, after the step it belongs to: `round=10 train:rmse=0.43 validation:rmse=0.45`.
   * @param values finite numbers under declared names
   * @throws AlgorithmError on an undeclared name or a value that is not finite
   */
  write(values: MetricValues<K>, step?: Readonly<Record<string, number>>): void;
  /** All values written so far, in order. */
  readonly history: readonly Readonly<Record<string, number>>[];
}

/** The expression SageMaker finds `name`'s values with; its first capture group is the value. */
export function metricRegex(name: string): string {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return `(?:^|\\s)${escaped}=([-+]?[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)`;
}

export function createMetricsWriter(definitions: Readonly<Record<string, MetricDefinition>>, log: Log): MetricsWriter {
  const history: Readonly<Record<string, number>>[] = [];
  return {
    history,
    write(values, step = {}) {
      for (const [name, value] of Object.entries(values)) {
        if (!(name in definitions)) {
          const known = Object.keys(definitions).join(', ');
          throw new AlgorithmError('E_ALGORITHM', `Metric "${name}" is not declared; declared are: ${known}.`);
        }
        if (!Number.isFinite(value)) {
          throw new AlgorithmError('E_ALGORITHM', `Metric "${name}" must be finite; received ${value}.`);
        }
      }
      history.push({ ...step, ...values });
      const pairs = [...Object.entries(step), ...Object.entries(values)];
      log.info(pairs.map(([name, value]) => `${name}=${decimal(value)}`).join(' '));
    },
  };
}

// --- internal ---

/** Eight significant digits: enough to tell two trials apart, short enough to read. */
function decimal(value: number): string {
  return String(Number(value.toPrecision(8)));
}
