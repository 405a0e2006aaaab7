/**
 * What outlived the server: it was killed, so nobody ended it. Every process of a job has SAGEMAKER_BASE_DIR below the data
 * folder among the variables it was started with, also one that left its process group; on Linux those without variables are
 * found by the record of their program. Every container has the data folder's label; `containers.json` has the engine, so
 * that a server with another runner removes them too.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { type EngineName, killProcesses, killRecorded, removeLeftovers } from '@algo/local';

/**
 * Kills the processes of jobs in the folder; returns how many there were. The folder is made for the first one and removed
 * only when a next server has been here: without it there are none, and no need to look at all of the machine's processes.
 */
export function killOrphans(folder: string): number {
  if (!existsSync(folder)) return 0;
  const byVariable = killProcesses('variable', `SAGEMAKER_BASE_DIR=${resolve(folder)}${sep}`);
  return byVariable + killRecorded(folder);
}

/** The containers of a server. */
export interface OwnContainers {
  /** The label of each of them. */
  readonly owner: string;
  /** Removes all that there are; never throws. */
  remove(): Promise<void>;
}

/**
 * Removes the containers of an earlier server of this data folder.
 * @param engine of this server's containers; undefined when it has none
 * @param onError hears why they could not be removed; the next server tries again
 */
export async function claimContainers(
  dataFolder: string,
  engine: EngineName | undefined,
  onError: (error: unknown) => void,
): Promise<OwnContainers> {
  const file = join(dataFolder, 'containers.json');
  const folder = resolve(dataFolder);
  const found = readMark(file);
  const kept = found?.folder === folder ? found : undefined; // a copy of the folder is another server's
  const owner = kept?.owner ?? randomBytes(8).toString('hex');
  const engines = new Set(kept?.engines);
  const remove = async () => {
    for (const name of engines) {
      try {
        await removeLeftovers({ name }, owner);
        if (name !== engine) engines.delete(name);
      } catch (error) {
        onError(error);
      }
    }
  };
  await remove();
  if (engine !== undefined) engines.add(engine);
  const mark: Mark = { owner, folder, engines: [...engines] };
  if (kept || engine !== undefined) writeFileSync(file, `${JSON.stringify(mark)}\n`);
  return { owner, remove };
}

// --- internal ---

interface Mark {
  readonly owner: string;
  /** Of the data. */
  readonly folder: string;
  /** Those that may have containers of this data folder. */
  readonly engines: readonly EngineName[];
}

function readMark(file: string): Mark | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Mark;
  } catch {
    return undefined; // the first server with this folder
  }
}
