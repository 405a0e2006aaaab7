/**
 * The end of a job that failed: its failure file, its log, and no half model. Every step is on its own, so that a
 * directory that can't be written costs what belongs there and nothing else.
 */
import { rmSync } from 'node:fs';
import { AlgorithmError, asContractError, ClientError, type ContractError, messageOf } from '../errors.js';
import { stackOf, writeFailure } from '../failure.js';
import type { Log } from '../log.js';
import { removeUnfinishedModel } from '../model/directory.js';
import type { Paths } from '../paths.js';
import type { StopName } from './stop.js';

/** Reports `error` where the platform and the reader of the log look for it; the exit code of a failed job. */
export function fail(error: ContractError, paths: Pick<Paths, 'failure' | 'model'>, log: Log): 1 {
  const problems = [
    problemOf(`The failure file ${paths.failure} could not be written`, () => writeFailure(paths.failure, error)),
    problemOf(`${paths.model} could not be cleared of an unfinished model`, () => removeUnfinishedModel(paths.model)),
  ];
  log.error(`${error.name} ${error.code}: ${error.message}`);
  if (error instanceof AlgorithmError) for (const line of stackOf(error).split('\n')) log.error(line);
  for (const problem of problems) if (problem !== undefined) log.error(problem);
  return 1;
}

/** `error` as the failure of a job; one of memory that could not be had is not the algorithm's. */
export function asFailure(error: unknown): ContractError {
  const isNoMemory = error instanceof RangeError && NO_MEMORY.test(error.message);
  return isNoMemory ? new ClientError('E_MEMORY', OUT_OF_MEMORY, { cause: error }) : asContractError(error);
}

/** What an earlier job said in the same place is not to be read as this one's. */
export function removeFailure(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // whoever needs the place will say what is wrong with it
  }
}

/** The failure of a job that was stopped too early. */
export function stoppedWithoutModel(name: StopName = 'SIGTERM'): ClientError {
  return new ClientError(
    'E_STOPPED',
    `The job was stopped (${name}) before a usable model existed. Give it more time, or less data.`,
  );
}

// --- internal ---

/** What the engine says of arrays and of the memory of kernels. */
const NO_MEMORY = /buffer allocation failed|could not allocate memory|Unable to grow instance memory/i;
const OUT_OF_MEMORY =
  'The training needs more memory than this instance has: an array could not be allocated. Use less data, or an instance with more memory.';

function problemOf(what: string, step: () => void): string | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    return `${what}: ${messageOf(error)}.`;
  }
}
