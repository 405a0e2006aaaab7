/**
 * The definition of a bench: a name, the Python packages its peers need, and a function that measures and returns rows.
 * It is in `bench/<name>.bench.ts` of the workspace that it measures, as an export named `bench`.
 */
import type { PythonEnvironment } from './python.js';
import type { Row } from './row.js';

/** What a bench may use while it measures. */
export interface BenchContext {
  /** Where the peers run; a package that could not be installed is named there with the reason. */
  readonly python: PythonEnvironment;
  /** `.algo/bench/data`: made once from a seed, kept between runs. */
  readonly dataDirectory: string;
  /** An empty folder of this bench and run, on the same file system as the data, so that files can be linked. */
  readonly workDirectory: string;
  /** One line about the progress of the work. */
  progress(line: string): void;
}

export interface Bench {
  /** As on the command line: `npm run bench -- NAME`. Kebab-case. */
  readonly name: string;
  /** A name that runs several benches, such as one of each algorithm. */
  readonly group?: string;
  /** One sentence: what is measured, on what. */
  readonly description: string;
  /** PyPI packages of the peers; the newest that can be installed. */
  readonly pythonPackages: readonly string[];
  /** @throws Error when our own side cannot be measured; a peer's failure is a row with a note instead */
  measure(context: BenchContext): Promise<readonly Row[]>;
}

/** Returns the definition unchanged; nothing runs here. */
export function defineBench(bench: Bench): Bench {
  return bench;
}
