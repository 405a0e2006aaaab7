/** When a job writes checkpoints, and which it resumes from: one of a job with the same rows, network and settings. */
import { createHash } from 'node:crypto';
import { AlgorithmError, type Communicator, requireReach } from '@algo/contract';
import type { Scan } from '../data/scan.js';
import type { Job } from '../definition.js';
import type { Hyperparameters } from '../hyperparameters/index.js';
import type { TrainedNetwork } from '../network/definition.js';
import { CHECKPOINT_FILE, decodeCheckpoint, encodeCheckpoint, type RunState } from './checkpoint.js';

export interface Checkpointing {
  readonly resume: RunState | undefined;
  /** Whether it is time to write, between two stops; only the first host says so. */
  isDue(): boolean;
  /** Writes what `take` makes; called on all hosts. */
  onState(take: () => Promise<RunState>): Promise<void>;
}

/**
 * The checkpoint to resume from, and the writer of new ones: the first host's, since all have the same state.
 * @throws ClientError E_CHECKPOINT, E_MODEL
 */
export function checkpointing(
  job: Job,
  hosts: Communicator,
  { rows, columns, digest: data, categoryNames }: Pick<Scan, 'rows' | 'columns' | 'digest' | 'categoryNames'>,
  network: TrainedNetwork,
): Checkpointing {
  const { hyperparameters, channels } = job;
  const hasValidation = channels.validation !== undefined;
  const checkpoint = job.checkpoints.ofJob({
    file: CHECKPOINT_FILE,
    data: {
      rows,
      columns,
      hasValidation,
      start: startDigest(job, network),
      data,
      categories: namesDigest(categoryNames),
    },
    free: freeHyperparameters(hyperparameters),
    hosts,
  });
  const saved = checkpoint.read();
  const resume = saved && decodeCheckpoint(saved, network.definition);
  if (resume) {
    const begun = resume.history.length + (resume.progress ? 1 : 0);
    requireReach('epochs', hyperparameters.epochs, begun, `${resume.progress ? 'within' : 'after'} epoch ${begun}`);
    job.log.info(`resuming after ${placeOf(resume)} of the checkpoint`);
    if (checkpoint.hostCount !== hosts.size) job.log.info(OTHER_HOSTS);
  }
  let isLost = false;
  return {
    resume,
    isDue: () => checkpoint.isDue(false),
    async onState(take) {
      if (isLost || !job.checkpoints.isEnabled) return;
      const state = await take();
      requireSameState(hosts, [...state.trainer.weights.values(), ...state.trainer.moments]);
      // A run whose loss has become NaN cannot be resumed, and ends with its epoch: the previous checkpoint is kept.
      isLost = !Number.isFinite((state.progress?.loss ?? 0) + (state.trainer.lossSum ?? 0));
      if (!isLost && hosts.rank === 0) checkpoint.write(encodeCheckpoint(state));
    },
  };
}

/**
 * Hosts whose networks have drifted apart would train on as if nothing were wrong.
 * @throws AlgorithmError E_ALGORITHM, saying which hosts differ from the first
 */
export function requireSameState(hosts: Communicator, arrays: Iterable<Float32Array>): void {
  if (hosts.size === 1) return;
  const hash = createHash('sha256');
  for (const values of arrays) hash.update(values);
  const digests = hosts.gatherValues(hash.digest('hex'));
  const others = digests.flatMap((digest, rank) => (digest === digests[0] ? [] : [rank]));
  if (others.length === 0) return;
  throw new AlgorithmError(
    'E_ALGORITHM',
    `All hosts must have the same network; that of rank ${others.join(', ')} differs from that of rank 0. Use instances of one type.`,
  );
}

// --- internal ---

const OTHER_HOSTS =
  'warning: sums over a different number of hosts are rounded differently: the network will be close to that of an uninterrupted job, but not equal byte for byte';

function namesDigest(categories: Scan['categoryNames']): string | undefined {
  return categories && createHash('sha256').update(JSON.stringify(categories)).digest('hex').slice(0, 32);
}

/**
 * Hyperparameters that may differ: they change how long or where a run computes. With a constant learning rate the number
 * of epochs is free; every other course depends on it.
 */
function freeHyperparameters({ lr_schedule, lr_step_epochs }: Hyperparameters): readonly (keyof Hyperparameters)[] {
  const isEpochsFree = lr_schedule === 'constant' || (lr_schedule === 'step' && lr_step_epochs !== undefined);
  return ['threads', 'backend', 'early_stopping_patience', ...(isEpochsFree ? (['epochs'] as const) : [])];
}

function placeOf({ history, progress }: RunState): string {
  const { length } = history;
  return progress ? `batch ${progress.batches} of epoch ${length + 1}` : `epoch ${length}`;
}

/** Stands for the weights that training started from, and the scaling of a model that they are of; otherwise it is that of the rows. */
function startDigest({ channels }: Job, { inputScaling, outputScaling, weights }: TrainedNetwork): string {
  const hash = createHash('sha256');
  for (const scaling of channels.model ? [inputScaling, outputScaling] : []) {
    if (scaling) hash.update(scaling.means).update(scaling.deviations);
  }
  for (const values of weights.values()) hash.update(values);
  return hash.digest('hex').slice(0, 16);
}
