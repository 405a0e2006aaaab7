/**
 * Where a committed sample differs from the one that was made again: files that are missing, that nothing makes any more, or
 * whose content differs. Inputs are compared byte for byte, outputs as the sample says.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { compareOutputs, describeDifference } from '@algo/local';

export interface FileDifference {
  /** In the sample's folder. */
  readonly path: string;
  /** What is wrong with it, as a sentence continues after the path. */
  readonly text: string;
  /** Made by nothing any more. */
  readonly isStale: boolean;
}

/**
 * The first difference of each file, by path.
 * @param committed folder of the committed sample
 * @param made folder of the one that was made again, complete
 * @param outputTolerance how much numbers of outputs may differ, relatively; undefined: not by a byte
 */
export function sampleDifferences(
  committed: string,
  made: string,
  outputTolerance: number | undefined,
): FileDifference[] {
  const fresh = filesOf(made);
  const found = filesOf(committed).filter((path) => MADE.test(path));
  const stale = found
    .filter((path) => !fresh.includes(path))
    .map((path) => ({ path, text: 'must not be there: nothing makes it', isStale: true }));
  const differing = fresh.flatMap((path) => {
    const text = differenceOf(join(committed, path), join(made, path), OUTPUT.test(path) ? outputTolerance : undefined);
    return text === undefined ? [] : [{ path, text, isStale: false }];
  });
  return [...differing, ...stale].sort((a, b) => (a.path < b.path ? -1 : 1));
}

// --- internal ---

/** What is made, and not written by hand. */
const MADE = /^(train|validation|inference)\/|^validation-profile\.json$/;
const OUTPUT = /^inference\/[^/]*-output\//;

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  jsonl: 'application/jsonlines',
};

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}

function differenceOf(committed: string, made: string, tolerance: number | undefined): string | undefined {
  if (!existsSync(committed)) return 'must be there; it is missing';
  const [stored, fresh] = [readFileSync(committed), readFileSync(made)];
  if (stored.equals(fresh)) return undefined;
  const { difference } = compareOutputs(fresh, stored, typeOf(fresh, committed), tolerance ?? 0);
  if (difference) return describeDifference(difference);
  // The values are equal, and only their spelling is not: one line feed, or 1.0 for 1.
  if (tolerance !== undefined) return undefined;
  const bytes = compareOutputs(fresh, stored, 'application/octet-stream', 0).difference;
  return bytes && describeDifference(bytes);
}

/** Batch outputs are named after their inputs, so what they hold is looked at: `input.libsvm.out` is CSV. */
function typeOf(content: Buffer, path: string): string {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  if (extension !== 'out') return TYPES[extension] ?? 'application/octet-stream';
  const [first] = content;
  if (first === RECORDIO) return 'application/octet-stream';
  return first === BRACE ? 'application/jsonlines' : 'text/csv';
}

/** The first byte of RecordIO's magic number, which no text begins with. */
const RECORDIO = 0x0a;
const BRACE = 0x7b;
