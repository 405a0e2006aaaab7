/** A README against the code: its table of hyperparameters, and that of error codes. */
import { deepEqual } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Algorithm } from '../algorithm.js';
import { ERROR_CODES } from '../errors.js';
import { describeAlgorithm } from '../specification/describe.js';
import { hyperparameterTable } from '../specification/table.js';

/** With the names of those to show, where not all are. */
const START = /^<!-- hyperparameters(?:: (\w+(?:, \w+)*))? -->\n/m;
const END = '<!-- /hyperparameters -->';

/**
 * The README with the table of `algorithm`'s hyperparameters between the two marks: of all, or of those that the first mark
 * names, as in `<!-- hyperparameters: eta, max_depth -->`.
 * @throws Error when the marks are not there, each on a line of its own, or name a hyperparameter that there is not
 */
export function fillHyperparameters(readme: string, algorithm: Algorithm): string {
  const start = START.exec(readme);
  const to = readme.indexOf(`${END}\n`);
  if (!start || to < start.index) {
    throw new Error(`The document must have the lines <!-- hyperparameters --> and ${END}.`);
  }
  const table = hyperparameterTable(describeAlgorithm(algorithm), start[1]?.split(', '));
  return `${readme.slice(0, start.index + start[0].length)}${table}\n${readme.slice(to)}`;
}

export interface ReadmeOptions {
  /** Folder of the algorithm's package, ending with a slash. */
  readonly folder: URL;
  /** Registers a test: the runner's `it`. */
  test(title: string, run: () => void | Promise<void>): void;
  /** Compares a text with a file of the package, or writes it where the runner is asked to. */
  matchesFile(text: string, path: string): Promise<void>;
}

/**
 * Registers the tests of an algorithm's documents: the tables of hyperparameters are those of the definition, and the
 * README lists the error codes that its sources throw besides the SDK's, and none that they do not throw.
 * @param documents with a table of hyperparameters, by path in the folder
 */
export function checkReadme(
  algorithm: Algorithm,
  { folder, test, matchesFile }: ReadmeOptions,
  documents: readonly string[] = ['README.md', 'listing/usage.md'],
): void {
  const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');
  for (const path of documents) {
    test(`${path} documents the hyperparameters of the definition (vitest -u writes them)`, async () => {
      await algorithm.loadHyperparameters();
      await matchesFile(fillHyperparameters(read(path), algorithm), path);
    });
  }
  test("README.md lists the error codes that the algorithm throws besides the SDK's, and none that it does not throw", () => {
    const sources = readdirSync(new URL('src/', folder), { recursive: true, encoding: 'utf8' });
    const text = sources.filter((name) => /(?<!generated)\.ts$/.test(name)).map((name) => read(`src/${name}`));
    const codesOf = (content: string, pattern: RegExp) =>
      new Set([...content.matchAll(pattern)].map(([, code]) => code!));
    const thrown = codesOf(text.join('\n'), /'(E_[A-Z_]+)'/g);
    const listed = codesOf(read('README.md'), /^\| `(E_[A-Z_]+)` \|/gm);
    const missing = [...thrown].filter((code) => !(code in ERROR_CODES || listed.has(code)));
    const unknown = [...listed].filter((code) => !thrown.has(code));
    deepEqual({ missing, unknown }, { missing: [], unknown: [] });
  });
}
