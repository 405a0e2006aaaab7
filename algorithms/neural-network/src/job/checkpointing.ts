/** When a job writes checkpoints, and which it goes on from: one of a job with the same rows, network and settings. */
import { createHash } from 'node:crypto';
import type { Scan } from '../data/scan.js';
import type { TrainedNetwork } from '../network/definition.js';
import { CHECKPOINT_FILE, decodeCheckpoint, encodeCheckpoint, jobIdentity, type RunState } from './checkpoint.js';
import type { Job } from './job.js';

/** A checkpoint is made after every epoch, but not more often than this: it costs as much as saving the model. */
const CHECKPOINT_INTERVAL_MS = 20_000;

export interface Checkpointing {
  readonly resume: RunState | undefined;
  /** Writes what `take` makes, if it is time. */
  onState(take: () => Promise<RunState>, isStopped: boolean): Promise<void>;
}

/** The checkpoint to go on from, and the writer of new ones. @throws as `decodeCheckpoint` */
export function checkpointing(
  job: Job,
  { rows, columns }: Pick<Scan, 'rows' | 'columns'>,
  network: TrainedNetwork,
): Checkpointing {
  const { checkpoints, hyperparameters } = job;
  const identity = jobIdentity(hyperparameters, {
    rows,
    columns,
    hasValidation: job.channels.validation !== undefined,
    start: digest(network),
  });
  const saved = checkpoints.read(CHECKPOINT_FILE);
  const resume = saved && decodeCheckpoint(saved, identity, network.definition);
  if (resume) job.log.info(`going on after epoch ${resume.history.length} of the checkpoint`);
  let next = performance.now() + CHECKPOINT_INTERVAL_MS;
  return {
    resume,
    async onState(take, isStopped) {
      if (!checkpoints.isEnabled || !(isStopped || performance.now() >= next)) return;
      checkpoints.write(CHECKPOINT_FILE, encodeCheckpoint(await take(), identity));
      next = performance.now() + CHECKPOINT_INTERVAL_MS;
    },
  };
}

// --- internal ---

/** Stands for the scaling that the rows gave and the weights that training started from. */
function digest({ inputScaling, outputScaling, weights }: TrainedNetwork): string {
  const hash = createHash('sha256');
  for (const scaling of [inputScaling, outputScaling]) {
    if (scaling) hash.update(scaling.means).update(scaling.deviations);
  }
  for (const values of weights.values()) hash.update(values);
  return hash.digest('hex').slice(0, 16);
}
