/**
 * What the processes of a program are known by, as a file next to its tree: whoever starts after this process was killed
 * finds them by it. It holds until the machine's next boot, when none of them is left.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OptMl } from './opt-ml.js';
import { type FamilyMarks, killMarked } from './process-family.js';
import { bootId } from './process-table.js';

/** In the folder above /opt/ml. */
const RECORD_FILE = 'processes.json';
/** Folders of jobs are at most so many levels above those of their programs; what jobs read may be deeper. */
const MAX_LEVELS = 6;

export function recordProgram({ base }: Pick<OptMl, 'base'>, marks: FamilyMarks): void {
  writeFileSync(join(dirname(base), RECORD_FILE), `${JSON.stringify({ boot: bootId(), ...marks })}\n`);
}

/** SIGKILL to each recorded process of the programs that have their trees below a folder. @returns how many there were */
export function killRecorded(folder: string): number {
  return findRecords(folder, MAX_LEVELS).reduce((sum, marks) => sum + killMarked(marks), 0);
}

// --- internal ---

function findRecords(folder: string, levels: number): readonly FamilyMarks[] {
  const record = readRecord(join(folder, 'opt', RECORD_FILE));
  if (record) return [record];
  return levels === 0 ? [] : foldersIn(folder).flatMap((name) => findRecords(join(folder, name), levels - 1));
}

function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return []; // it is gone, or a program took the right to read it
  }
}

/** Undefined where there is none, or one of an earlier boot, or a program has written something else there. */
function readRecord(path: string): FamilyMarks | undefined {
  try {
    const { boot, variable, streams, since } = JSON.parse(readFileSync(path, 'utf8'));
    const isRecord = boot === bootId() && typeof variable === 'string' && variable !== '' && Number.isFinite(since);
    return isRecord && Array.isArray(streams) ? { variable, streams, since } : undefined;
  } catch {
    return undefined;
  }
}
