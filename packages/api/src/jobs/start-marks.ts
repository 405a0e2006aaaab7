/**
 * Which jobs had a process when the last server was killed: each job that is begun has a file in `<data>/starts`, which its
 * first process empties when it becomes the job's program. It is there until the end of the job is recorded.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { killProcesses } from '@algo/local';
import type { WorkUnit } from '../store/work-list.js';

export interface StartMarks {
  /** The mark of a job, for its next process. One that is there stays as it is: the job had another process. */
  place(unit: WorkUnit): string;
  /** Whether a program of the job has been started. */
  hasStarted(unit: WorkUnit): boolean;
  remove(unit: WorkUnit): void;
  /** Removes the marks of all other jobs: the server was killed when their end had just been recorded. */
  keepOnly(units: readonly WorkUnit[]): void;
}

/** Processes of the last server that have not become a program yet are killed: what has no mark afterwards gets none. */
export function openStartMarks(dataFolder: string): StartMarks {
  const folder = join(dataFolder, 'starts');
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) killProcesses('argument', `${folder}${sep}`);
  const fileOf = (unit: WorkUnit) => join(folder, nameOf(unit));
  return {
    place(unit) {
      const file = fileOf(unit);
      if (existsSync(file)) return file;
      // By a name of its own first: an empty file, as a write begins, would say that the program was started.
      writeFileSync(`${file}.new`, 'not started\n');
      renameSync(`${file}.new`, file);
      return file;
    },
    hasStarted: (unit) => statSync(fileOf(unit), { throwIfNoEntry: false })?.size === 0,
    remove: (unit) => rmSync(fileOf(unit), { force: true }),
    keepOnly(units) {
      const kept = new Set(units.map(nameOf));
      for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name));
    },
  };
}

// --- internal ---

/** No kind has a dot, and no name a slash. */
function nameOf({ kind, name }: WorkUnit): string {
  return `${kind}.${name}`;
}
