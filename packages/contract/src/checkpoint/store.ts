/**
 * Checkpoints in /opt/ml/checkpoints, which SageMaker restores before the container starts and uploads while it runs.
 * A checkpoint names its job and has a digest (checkpoint/envelope.ts), and the one before it is kept: a job never resumes
 * from one that was truncated, changed, or left by another job. All hosts of a job share the place that they are uploaded
 * to: each has files of its own.
 */
import { ClientError } from '../errors.js';
import type { Log } from '../log.js';
import {
  type CheckpointIdentity,
  type CheckpointOwner,
  type OpenedCheckpoint,
  openEnvelope,
  sealEnvelope,
} from './envelope.js';
import type { CheckpointFiles } from './files.js';
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
  /** Of this machine, in a job on several hosts. */
  readonly host?: string | undefined;
  /** How many hosts the job has: a checkpoint of some is not resumed on others. Default: 1. */
  readonly hostCount?: number;
  /** Of the job, as parsed. */
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  readonly log: Pick<Log, 'info'>;
}

export function createCheckpointStore({
  hyperparameters = {},
  hostCount = 1,
  ...options
}: CheckpointStoreOptions): CheckpointStore {
  const files = openFiles(options);
  // First, so that it is what a refusal names: digests of a host's data differ, too. Jobs on one host have no such entry.
  const settings = { ...(hostCount > 1 && { 'number of hosts': hostCount }), ...hyperparameters };
  return { ...files, ofJob: (job) => createJobCheckpoint(files, settings, job) };
}

// --- internal ---

interface Candidate {
  readonly generation: Generation;
  readonly opened: OpenedCheckpoint;
}

function openFiles({
  directory,
  owner,
  host,
  log,
}: Omit<CheckpointStoreOptions, 'hyperparameters' | 'hostCount'>): CheckpointFiles {
  if (directory === undefined) return { isEnabled: false, write: () => {}, read: () => undefined };
  /** Paths of files that are whole and this job's. */
  const whole = new Set<string>();
  const fileOf = (name: string) => (host === undefined ? name : `${name}.${host}`);
  const open = (generation: Generation, identity: CheckpointIdentity): Candidate => {
    const bytes = readGeneration(generation);
    const opened: OpenedCheckpoint = bytes
      ? openEnvelope(bytes, owner, identity)
      : { kind: 'damaged', reason: 'it was removed' };
    if (opened.kind === 'whole') whole.add(generation.path);
    return { generation, opened };
  };
  const kindOf = (generation: Generation, identity: CheckpointIdentity) =>
    whole.has(generation.path) ? 'whole' : open(generation, identity).opened.kind;
  return {
    isEnabled: true,
    write(name, content, identity = {}) {
      const file = fileOf(name);
      const older = listGenerations(directory, file);
      const written = writeGeneration(directory, file, older[0], sealEnvelope(content, owner, identity));
      whole.add(written.path);
      let isKept = false;
      for (const generation of older) {
        const kind = kindOf(generation, identity);
        // The newest whole one stays as the one before, and what another job left is not ours to remove.
        if (kind === 'foreign' || (kind === 'whole' && !isKept)) isKept ||= kind === 'whole';
        else if (removeGeneration(generation)) whole.delete(generation.path);
      }
    },
    read(name, identity = {}) {
      const refused: Candidate[] = [];
      for (const generation of listGenerations(directory, fileOf(name))) {
        const candidate = open(generation, identity);
        if (candidate.opened.kind !== 'whole') {
          refused.push(candidate);
          continue;
        }
        for (const older of refused) log.info(reasonOf(older));
        if (refused.length > 0) log.info(`the previous checkpoint is used: ${generation.path}`);
        return candidate.opened.content;
      }
      for (const candidate of refused) if (candidate.opened.kind === 'foreign') throw foreign(candidate);
      for (const candidate of refused) log.info(reasonOf(candidate));
      if (refused.length > 0) log.info('no usable checkpoint is left; training starts from the beginning');
      return undefined;
    },
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
