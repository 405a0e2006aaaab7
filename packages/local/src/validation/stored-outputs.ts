/**
 * The stored output samples: what a buyer is shown, so what a run must give. Compared, or written from a run.
 */
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JobError } from '../errors.js';
import { listFiles } from '../files/file-tree.js';
import { makeFolder } from '../files/folder.js';
import { compareOutputs, describeDifference } from './output-comparison.js';

/** One output of a run and the stored one it belongs to. */
export interface OutputPair {
  /** Path of the stored output below the sample data. */
  readonly name: string;
  /** The file the run wrote. */
  readonly received: string;
  readonly contentType: string;
}

/**
 * @param folder of the sample data that must hold these outputs and no others; undefined: not looked at
 * @throws JobError naming file, line, column, expected and received of the first difference
 */
export function checkStoredOutputs(
  sampleData: string,
  pairs: readonly OutputPair[],
  folder: string | undefined,
  relativeTolerance: number,
): string {
  let numbers = 0;
  for (const { name, received, contentType } of pairs) {
    const stored = join(sampleData, name);
    if (!existsSync(stored)) {
      throw new JobError(
        `there is no stored output ${name}. Look at ${received}; if it is correct, run with --update.`,
      );
    }
    const result = compareOutputs(readFileSync(stored), readFileSync(received), contentType, relativeTolerance);
    if (result.difference) throw new JobError(`${name} ${describeDifference(result.difference)}`);
    numbers += result.numbers;
  }
  const stale = staleOutputs(sampleData, pairs, folder)[0];
  if (stale) throw new JobError(`stored output ${stale} belongs to no input. Remove it, or run with --update.`);
  const outputs = `${pairs.length} stored ${pairs.length === 1 ? 'output' : 'outputs'}`;
  return numbers === 0
    ? `${outputs} equal`
    : `${outputs} equal, ${numbers} ${numbers === 1 ? 'number' : 'numbers'} within ${relativeTolerance}`;
}

/** Writes the outputs of a run to the sample data; removes `.out` files of `folder` that no input has any more. */
export function storeOutputs(sampleData: string, pairs: readonly OutputPair[], folder: string | undefined): string {
  for (const { name, received } of pairs) {
    const stored = join(sampleData, name);
    makeFolder(dirname(stored));
    copyFileSync(received, stored);
  }
  for (const name of staleOutputs(sampleData, pairs, folder)) rmSync(join(sampleData, name));
  return `${pairs.length} ${pairs.length === 1 ? 'output' : 'outputs'} stored`;
}

// --- internal ---

function staleOutputs(sampleData: string, pairs: readonly OutputPair[], folder: string | undefined): readonly string[] {
  if (folder === undefined || !existsSync(join(sampleData, folder))) return [];
  const known = new Set(pairs.map((pair) => join(pair.name)));
  return listFiles(join(sampleData, folder), 'Stored outputs')
    .map((file) => join(folder, file.key))
    .filter((name) => name.endsWith('.out') && !known.has(name));
}
