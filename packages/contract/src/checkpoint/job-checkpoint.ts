/**
 * The checkpoint of one job: bound to its hyperparameters and data, and written at most every 20 s. A job resumes only
 * from a checkpoint of the same job; what changes how long or how fast it runs may differ.
 */
import { type Communicator, oneHost } from '../cluster/communicator.js';
import { ClientError } from '../errors.js';
import type { CheckpointIdentity } from './envelope.js';
import type { FoundCheckpoint, SearchedFiles } from './files.js';

export interface JobCheckpointOptions {
  /** Name of the file in the checkpoint directory. */
  readonly file: string;
  /** What the result depends on besides hyperparameters, by name, such as the digest of the rows. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Names of hyperparameters that may differ. */
  readonly free: readonly string[];
  /**
   * Hosts that all have the same state, of which the first writes the checkpoint for all: any number of hosts can resume from it.
   * `data` is that of all rows. Default: each host writes its own, which as many hosts can resume from.
   */
  readonly hosts?: Communicator;
}

export interface JobCheckpoint {
  /**
   * What an earlier run of this job saved: with `hosts`, called by all of them, and the same for all.
   * @throws ClientError E_CHECKPOINT when it is another job's
   */
  read(): Buffer | undefined;
  /** How many hosts the job had that saved what `read` has returned; undefined where it found nothing. */
  readonly hostCount: number | undefined;
  /**
   * Whether this host is to write now: at a stop, and when 20 s have passed since the last time; never without checkpoints, nor on
   * followers of `hosts`.
   */
  isDue(isStopped: boolean): boolean;
  write(content: Uint8Array | string): void;
}

/** Not more often than this, except at a stop: a checkpoint costs as much as saving the model. */
const INTERVAL_MS = 20_000;

/**
 * @param store  of each host, or, with `hosts`, of all
 * @param hyperparameters as parsed, under their declared names
 */
export function createJobCheckpoint(
  store: SearchedFiles,
  hyperparameters: Readonly<Record<string, unknown>>,
  { file, data, free, hosts = oneHost() }: JobCheckpointOptions,
  now: () => number = () => performance.now(),
): JobCheckpoint {
  const identity = jobIdentity(hyperparameters, data, free);
  let next = now() + INTERVAL_MS;
  let found: FoundCheckpoint | undefined;
  return {
    read() {
      [found] = hosts.gatherValues(hosts.rank === 0 ? store.find(file, identity) : undefined);
      if (!found) return undefined;
      const { buffer, byteOffset, byteLength } = found.content;
      return Buffer.from(buffer, byteOffset, byteLength);
    },
    get hostCount() {
      return found?.hostCount;
    },
    isDue: (isStopped) => store.isEnabled && hosts.rank === 0 && (isStopped || now() >= next),
    write(content) {
      store.write(file, content, identity);
      next = now() + INTERVAL_MS;
    },
  };
}

/**
 * A checkpoint may be further than a job that was made shorter.
 * @param least  rounds or epochs that the checkpoint has begun
 * @param place  where it is: `after round 7`
 * @throws ClientError E_CHECKPOINT when the job ends before
 */
export function requireReach(hyperparameter: string, received: number, least: number, place: string): void {
  if (least <= received) return;
  throw new ClientError(
    'E_CHECKPOINT',
    `Hyperparameter "${hyperparameter}" must be at least ${least}, since the checkpoint is ${place}; received "${received}". Use another checkpoint path for a shorter job.`,
  );
}

// --- internal ---

function jobIdentity(
  hyperparameters: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, unknown>>,
  free: readonly string[],
): CheckpointIdentity {
  const given = Object.entries({ ...hyperparameters, ...data }).filter(([name]) => !free.includes(name));
  return Object.fromEntries(given.map(([name, value]) => [name, JSON.stringify(value) ?? 'none']));
}
