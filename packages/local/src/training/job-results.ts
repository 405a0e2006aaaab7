/**
 * The results of a training job in the output folder. They are written to a separate folder next to the final places
 * and moved when the job has ended, so that an earlier job's results stay until there are others, and a file by the
 * name of a result is replaced only where a job wrote it: a list in the folder records that.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError } from '../errors.js';
import { isLogName } from './hosts.js';

const ARTIFACTS = ['model.tar.gz', 'output.tar.gz'];
/** Before the names of a job's results that does not replace the earlier ones. */
const UNFINISHED = 'unfinished-';
/** The names that jobs wrote, one per line. */
export const LIST_FILE = '.algo-training-job';

export interface JobResults {
  /** Where a result is to be written while the job runs. */
  staged(name: string): string;
  /**
   * Moves what was written to the output folder. A job without results of its own (`isComplete` false) leaves the model
   * and output of an earlier one in place, with their log and metrics: its own get names with `unfinished-` before them.
   * @returns the path of a result, by its name
   */
  publish(isComplete: boolean): (name: string) => string;
  /** Removes what was written by a name. */
  discard(name: string): void;
  /** Removes what was not published. */
  close(): void;
}

/**
 * @throws ArgumentError when the folder holds files by the names of results that no job wrote
 */
export function checkResults(directory: string): void {
  const written = readList(directory);
  const foreign = readdirSync(directory).filter((name) => isResult(withoutPrefix(name)) && !written.includes(name));
  if (foreign.length === 0) return;
  throw new ArgumentError(
    `Output folder ${directory} must not contain files that the results would replace, unless a training job wrote them; it contains ${foreign.join(', ')}. Choose another folder, or move the ${foreign.length === 1 ? 'file' : 'files'} away.`,
  );
}

/** @param directory exists, can be written, and was checked */
export function openResults(directory: string): JobResults {
  const staging = mkdtempSync(join(directory, '.algo-results-'));
  return {
    staged: (name) => join(staging, name),
    discard: (name) => rmSync(join(staging, name), { force: true }),
    publish(isComplete) {
      const earlier = readList(directory);
      const keepsEarlier = !isComplete && ARTIFACTS.some((name) => existsSync(join(directory, name)));
      const prefix = keepsEarlier ? UNFINISHED : '';
      const replaced = earlier.filter((name) => !keepsEarlier || name.startsWith(UNFINISHED));
      const kept = earlier.filter((name) => !replaced.includes(name));
      const own = readdirSync(staging).filter(isResult);
      writeList(directory, [...earlier, ...own.map((name) => prefix + name)]);
      for (const name of own) renameSync(join(staging, name), join(directory, prefix + name));
      const now = [...kept, ...own.map((name) => prefix + name)];
      for (const name of replaced) if (!now.includes(name)) rmSync(join(directory, name), { force: true });
      writeList(directory, now);
      return (name) => join(directory, prefix + name);
    },
    close: () => rmSync(staging, { recursive: true, force: true }),
  };
}

// --- internal ---

function isResult(name: string): boolean {
  return ARTIFACTS.includes(name) || name === 'metrics.json' || isLogName(name);
}

function withoutPrefix(name: string): string {
  return name.startsWith(UNFINISHED) ? name.slice(UNFINISHED.length) : name;
}

/** Names of results only, whatever the file says: nothing else is ever removed. */
function readList(directory: string): readonly string[] {
  const path = join(directory, LIST_FILE);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => isResult(withoutPrefix(line)));
}

function writeList(directory: string, names: readonly string[]): void {
  writeFileSync(join(directory, LIST_FILE), `${[...new Set(names)].sort().join('\n')}\n`);
}
