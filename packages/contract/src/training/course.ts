/**
 * The course of an algorithm's `train`: to its end, or to a stop. A stop with a model in hand is a success, and one without is not;
 * the hosts of a job end together.
 */
import type { Algorithm } from '../algorithm.js';
import type { Connection } from '../cluster/connect.js';
import { AlgorithmError, asContractError } from '../errors.js';
import type { TrainingJob } from './job.js';
import { stoppedWithoutModel } from './job-failure.js';
import { type StopName, stopNameOf } from './stop.js';

/** An algorithm that is not only served. */
export type Trained = Algorithm & Required<Pick<Algorithm, 'train'>>;

export interface Course {
  readonly saves: readonly Promise<unknown>[];
  readonly connection: Connection;
  isSaved(): boolean;
}

/** @throws what `train` throws, unless a stop ended it with a model in hand */
export async function runUntilStopped(
  algorithm: Trained,
  job: TrainingJob,
  { saves, connection, isSaved }: Course,
): Promise<void> {
  let isAlone = false;
  try {
    await algorithm.train(job);
    await Promise.all(saves);
  } catch (error) {
    const failure = asContractError(error);
    if (failure.code !== 'E_STOPPED' || !(isSaved() || connection.isFollower)) throw connection.failure(error);
    isAlone = true;
    const hasLeaderModel = await connection.halt(failure);
    if (connection.isFollower && !hasLeaderModel) throw error;
  }
  if (!isSaved() && !connection.isFollower) {
    if (job.stop.requested) throw stoppedWithoutModel(await stopName(job));
    throw new AlgorithmError('E_ALGORITHM', `${algorithm.name} returned from train without calling job.saveModel.`);
  }
  if (!isAlone) connection.close();
  if (job.stop.requested) job.log.info(`stopped by ${await stopName(job)}; the best model so far is saved`);
}

// --- internal ---

/** The signal that stopped the job, which may be a turn of the event loop away. */
async function stopName({ stop }: TrainingJob): Promise<StopName> {
  await stop.check();
  return stopNameOf(stop);
}
