/**
 * The stored output samples: what a buyer is shown, so what a run must give. Compared, or written from a run.
 */
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JobError } from '../errors.js';
import { listFiles } from '../files/file-tree.js';
import { makeFolder } from '../files/folder.js';
import { compareOutputs, describeDifference } from './output-comparison.js';
import type { ValidationWork } from './validation-request.js';

/** One output of a run and the stored one it belongs to. */
export interface OutputPair {
  /** Path of the stored output below the sample data. */
  readonly name: string;
  /** The file the run wrote. */
  readonly received: string;
  readonly contentType: string;
}

/**
 * Compares with the stored outputs, or stores them.
 * @param folders of the sample data that must hold these outputs and no others
 * @throws JobError naming file, line, column, expected and received of the first difference
 */
export function settleOutputs(
  { sampleData, expected, isUpdate, profile }: ValidationWork,
  pairs: readonly OutputPair[],
  folders: readonly string[],
): string {
  if (isUpdate) return storeOutputs(sampleData, pairs, folders);
  const kind = expected === undefined ? 'stored' : "training image's";
  return checkStoredOutputs(expected ?? sampleData, pairs, folders, profile.relativeTolerance, kind);
}

/**
 * @param folders of the sample data that must hold these outputs and no others
 * @param kind of the outputs that are compared with, for the text
 * @returns how many outputs and numbers were compared, in words
 * @throws JobError naming file, line, column, expected and received of the first difference
 */
export function checkStoredOutputs(
  sampleData: string,
  pairs: readonly OutputPair[],
  folders: readonly string[],
  relativeTolerance: number,
  kind = 'stored',
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
  const stale = staleOutputs(sampleData, pairs, folders)[0];
  if (stale) throw new JobError(`stored output ${stale} belongs to no input. Remove it, or run with --update.`);
  const outputs = `${pairs.length} ${kind} ${pairs.length === 1 ? 'output' : 'outputs'}`;
  return numbers === 0
    ? `${outputs} equal`
    : `${outputs} equal, ${numbers} ${numbers === 1 ? 'number' : 'numbers'} within ${relativeTolerance}`;
}

// --- internal ---

/** Writes the outputs of a run to the sample data; removes `.out` files of `folders` that no input has any more. */
function storeOutputs(sampleData: string, pairs: readonly OutputPair[], folders: readonly string[]): string {
  for (const { name, received } of pairs) {
    const stored = join(sampleData, name);
    makeFolder(dirname(stored));
    copyFileSync(received, stored);
  }
  for (const name of staleOutputs(sampleData, pairs, folders)) rmSync(join(sampleData, name));
  return `${pairs.length} ${pairs.length === 1 ? 'output' : 'outputs'} stored`;
}

function staleOutputs(sampleData: string, pairs: readonly OutputPair[], folders: readonly string[]): readonly string[] {
  const known = new Set(pairs.map((pair) => join(pair.name)));
  return folders
    .filter((folder) => existsSync(join(sampleData, folder)))
    .flatMap((folder) => listFiles(join(sampleData, folder), 'Stored outputs').map((file) => join(folder, file.key)))
    .filter((name) => name.endsWith('.out') && !known.has(name));
}
