/**
 * Metrics as SageMaker reads them: `name=value` in the log, found again by a regular expression that is derived from
 * the same name. Limits: 40 definitions, names of 255 and expressions of 500 characters (botocore MetricDefinition).
 */

import { AlgorithmError } from '../errors.js';
import type { Log } from '../log.js';
import { definedValues, type HistoryEntry } from './history.js';

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
  /**
   * One line for a round or an epoch, of which not everything is a declared metric: `epoch=3 learning_rate=0.1 train:loss=2`.
   * What is not declared comes first. An entry without a metric (a name with a colon) has no line. Values that are not
   * finite are left out, and the log says once which, since somebody may wait for them.
   */
  writeEntry(entry: HistoryEntry): void;
}

/** The expression SageMaker finds `name`'s values with; its first capture group is the value. */
export function metricRegex(name: string): string {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return `(?:^|\\s)${escaped}=([-+]?[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)`;
}

export function createMetricsWriter(definitions: Readonly<Record<string, MetricDefinition>>, log: Log): MetricsWriter {
  const undefinedNames = new Set<string>();

  function writeLine(entry: HistoryEntry): void {
    log.info(
      Object.entries(entry)
        .map(([name, value]) => `${name}=${decimal(value)}`)
        .join(' '),
    );
  }

  function tellUndefined(names: readonly string[]): void {
    const untold = names.filter((name) => !undefinedNames.has(name));
    if (untold.length === 0) return;
    for (const name of untold) undefinedNames.add(name);
    log.info(`${untold.join(', ')}: not defined for these rows (are they all of one class?), so not reported`);
  }

  return {
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
      writeLine({ ...step, ...values });
    },
    writeEntry(entry) {
      const defined = definedValues(entry);
      tellUndefined(Object.keys(entry).filter((name) => !Object.hasOwn(defined, name)));
      const pairs = Object.entries(defined);
      if (!pairs.some(([name]) => name.includes(':'))) return;
      const isDeclared = ([name]: readonly [string, number]) => Object.hasOwn(definitions, name);
      writeLine(Object.fromEntries([...pairs.filter((pair) => !isDeclared(pair)), ...pairs.filter(isDeclared)]));
    },
  };
}

// --- internal ---

/** Eight significant digits: enough to distinguish two trials, short enough to read. */
function decimal(value: number): string {
  return String(Number(value.toPrecision(8)));
}
