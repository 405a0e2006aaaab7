/** When a job writes checkpoints, and which it goes on from: one of a job with the same rows, network and settings. */
import { createHash } from 'node:crypto';
import { ClientError } from '@algo/contract';
import type { Scan } from '../data/scan.js';
import type { Job } from '../definition.js';
import type { TrainedNetwork } from '../network/definition.js';
import { CHECKPOINT_FILE, decodeCheckpoint, encodeCheckpoint, jobIdentity, type RunState } from './checkpoint.js';

/** Not more often than this, but at a stop: a checkpoint costs as much as saving the model. */
const CHECKPOINT_INTERVAL_MS = 20_000;

export interface Checkpointing {
  readonly resume: RunState | undefined;
  /** Writes what `take` makes, if it is time. */
  onState(take: () => Promise<RunState>, isStopped: boolean): Promise<void>;
}

/** The checkpoint to go on from, and the writer of new ones. @throws as `decodeCheckpoint` */
export function checkpointing(
  job: Job,
  { rows, columns, labels }: Pick<Scan, 'rows' | 'columns'> & { readonly labels: string | undefined },
  network: TrainedNetwork,
): Checkpointing {
  const { checkpoints, hyperparameters } = job;
  const identity = jobIdentity(hyperparameters, {
    rows,
    columns,
    hasValidation: job.channels.validation !== undefined,
    start: digest(network),
  });
  const wholeIdentity = { ...identity, ...(labels !== undefined && { labels }) };
  const saved = checkpoints.read(CHECKPOINT_FILE, wholeIdentity);
  const resume = saved && decodeCheckpoint(saved, identity, network.definition);
  if (resume) requireEpochs(hyperparameters.epochs, resume);
  if (resume) job.log.info(`going on after ${placeOf(resume)} of the checkpoint`);
  let next = performance.now() + CHECKPOINT_INTERVAL_MS;
  return {
    resume,
    async onState(take, isStopped) {
      if (!checkpoints.isEnabled || !(isStopped || performance.now() >= next)) return;
      const state = await take();
      // A run whose loss is no number any more has nothing to go on from: the checkpoint before stays.
      if (!Number.isFinite((state.progress?.loss ?? 0) + (state.trainer.lossSum ?? 0))) return;
      checkpoints.write(CHECKPOINT_FILE, encodeCheckpoint(state, identity), wholeIdentity);
      next = performance.now() + CHECKPOINT_INTERVAL_MS;
    },
  };
}

// --- internal ---

/** @throws ClientError E_CHECKPOINT when the checkpoint is beyond the last epoch */
function requireEpochs(epochs: number, resume: RunState): void {
  const begun = resume.history.length + (resume.progress ? 1 : 0);
  if (begun <= epochs) return;
  throw new ClientError(
    'E_CHECKPOINT',
    `Hyperparameter "epochs" must be at least ${begun}, since the checkpoint is ${resume.progress ? 'within' : 'after'} epoch ${begun}; received "${epochs}". Use another checkpoint path for a shorter job.`,
  );
}

function placeOf({ history, progress }: RunState): string {
  const { length } = history;
  return progress ? `batch ${progress.batches} of epoch ${length + 1}` : `epoch ${length}`;
}

/** Stands for the scaling that the rows gave and the weights that training started from. */
function digest({ inputScaling, outputScaling, weights }: TrainedNetwork): string {
  const hash = createHash('sha256');
  for (const scaling of [inputScaling, outputScaling]) {
    if (scaling) hash.update(scaling.means).update(scaling.deviations);
  }
  for (const values of weights.values()) hash.update(values);
  return hash.digest('hex').slice(0, 16);
}
