/**
 * Checkpoints in /opt/ml/checkpoints, which SageMaker restores before the container starts and uploads while it runs.
 * A checkpoint names its job and has a digest (checkpoint/envelope.ts), and the one before it is kept: a job never resumes
 * from one that was truncated, changed, or left by another job. All hosts of a job share the place that they are uploaded
 * to: each has files of its own, and the first of them those of what all have.
 */
import { ClientError } from '../errors.js';
import type { Log } from '../log.js';
import {
  type CheckpointIdentity,
  type CheckpointOwner,
  hostsOf,
  type OpenedCheckpoint,
  openEnvelope,
  sealEnvelope,
} from './envelope.js';
import type { CheckpointFiles, FoundCheckpoint, SearchedFiles } from './files.js';
import { type Generation, listGenerations, readGeneration, removeGeneration, writeGeneration } from './generations.js';
import { createJobCheckpoint, type JobCheckpoint, type JobCheckpointOptions } from './job-checkpoint.js';

export interface CheckpointStore extends CheckpointFiles {
  /** The job's own checkpoint: bound to its hyperparameters and data, and written at most every 20 s. */
  ofJob(options: JobCheckpointOptions): JobCheckpoint;
}

export interface CheckpointStoreOptions {
  /** Undefined where the job asked for no checkpoints. */
  readonly directory: string | undefined;
  /** The algorithm, whose other versions' checkpoints are not read. */
  readonly owner: CheckpointOwner;
  /** The name of this machine. */
  readonly host: string;
  /** How many hosts the job has; default: 1. */
  readonly hostCount?: number;
  /** Of the job, as parsed. */
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  readonly log: Pick<Log, 'info'>;
}

export function createCheckpointStore({ hyperparameters = {}, ...options }: CheckpointStoreOptions): CheckpointStore {
  const { host, hostCount = 1 } = options;
  const ofOne = (name: string) => name;
  const ofSeveral = (name: string) => `${name}.${host}`;
  const shared = openFiles(options, ofOne);
  const own = hostCount > 1 ? openFiles(options, ofSeveral, ofOne) : openFiles(options, ofOne, ofSeveral);
  const { isEnabled, read, write } = own;
  return {
    ...{ isEnabled, read, write },
    ofJob(job) {
      if (job.hosts) return createJobCheckpoint(shared, hyperparameters, job);
      // First, so that it is what a refusal names: digests of a host's data differ, too. Jobs on one host have no such entry.
      const settings = { ...(hostCount > 1 && { 'number of hosts': hostCount }), ...hyperparameters };
      return createJobCheckpoint(own, settings, job);
    },
  };
}

// --- internal ---

interface Candidate {
  readonly generation: Generation;
  readonly opened: OpenedCheckpoint;
}

type FileName = (name: string) => string;

/** @param otherOf the file that a job on one host has where this one is on several, or the other way round */
function openFiles(
  { directory, owner, hostCount = 1, log }: Omit<CheckpointStoreOptions, 'hyperparameters'>,
  fileOf: FileName,
  otherOf?: FileName,
): SearchedFiles {
  if (directory === undefined) {
    return { isEnabled: false, write: () => {}, find: () => undefined, read: () => undefined };
  }
  /** Paths of files that are whole and this job's. */
  const whole = new Set<string>();
  const open = (generation: Generation, identity: CheckpointIdentity): Candidate => {
    const bytes = readGeneration(generation);
    const opened: OpenedCheckpoint = bytes
      ? openEnvelope(bytes, owner, { identity, hostCount })
      : { kind: 'damaged', reason: 'it was removed' };
    if (opened.kind === 'whole') whole.add(generation.path);
    return { generation, opened };
  };
  const kindOf = (generation: Generation, identity: CheckpointIdentity) =>
    whole.has(generation.path) ? 'whole' : open(generation, identity).opened.kind;
  /** Of a job on one host for one on several, or the other way round: it is not used. */
  const refuseOther = (name: string, identity: CheckpointIdentity) => {
    const [newest] = otherOf ? listGenerations(directory, otherOf(name)) : [];
    if (!newest) return;
    const candidate = open(newest, identity);
    if (candidate.opened.kind === 'foreign') throw foreign(candidate);
    const job = hostCount > 1 ? 'one host' : 'several hosts';
    log.info(`checkpoint ${newest.path} is not used: it is of a job on ${job}; training starts from the beginning`);
  };
  const find = (name: string, identity: CheckpointIdentity): FoundCheckpoint | undefined => {
    const refused: Candidate[] = [];
    for (const generation of listGenerations(directory, fileOf(name))) {
      const { opened } = open(generation, identity);
      if (opened.kind !== 'whole') {
        refused.push({ generation, opened });
        continue;
      }
      for (const older of refused) log.info(reasonOf(older));
      if (refused.length > 0) log.info(`the previous checkpoint is used: ${generation.path}`);
      if (opened.hostCount !== hostCount) {
        log.info(`checkpoint ${generation.path} is of ${hostsOf(opened.hostCount)}; this job has ${hostCount}`);
      }
      return opened;
    }
    for (const candidate of refused) if (candidate.opened.kind === 'foreign') throw foreign(candidate);
    for (const candidate of refused) log.info(reasonOf(candidate));
    if (refused.length > 0) log.info('no usable checkpoint is left; training starts from the beginning');
    else refuseOther(name, identity);
    return undefined;
  };
  return {
    isEnabled: true,
    write(name, content, identity = {}) {
      const file = fileOf(name);
      const older = listGenerations(directory, file);
      const sealed = sealEnvelope(content, owner, { identity, hostCount });
      const written = writeGeneration(directory, file, older[0], sealed);
      whole.add(written.path);
      let isKept = false;
      for (const generation of older) {
        const kind = kindOf(generation, identity);
        // The newest whole one stays as the one before, and what another job left is not ours to remove.
        if (kind === 'foreign' || (kind === 'whole' && !isKept)) isKept ||= kind === 'whole';
        else if (removeGeneration(generation)) whole.delete(generation.path);
      }
    },
    find,
    read: (name, identity = {}) => find(name, identity)?.content,
  };
}

function reasonOf({ generation, opened }: Candidate): string {
  const reason = opened.kind === 'whole' ? '' : opened.reason;
  return `checkpoint ${generation.path} is not used: ${reason}`;
}

function foreign({ generation, opened }: Candidate): ClientError {
  const reason = opened.kind === 'whole' ? '' : opened.reason;
  return new ClientError(
    'E_CHECKPOINT',
    `${generation.path}: the checkpoint must be of the same job; ${reason}. Use another checkpoint path for another job.`,
  );
}
