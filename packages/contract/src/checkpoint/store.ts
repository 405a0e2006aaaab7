/**
 * Checkpoints in /opt/ml/checkpoints, which SageMaker restores before the container starts and uploads while it runs
 * (contract: names ending `.sagemaker-ignore` are not uploaded, so a file is written under such a name and renamed).
 * A checkpoint names its job and has a digest (checkpoint/envelope.ts), and the previous one is kept: a job never
 * resumes from one that was truncated, changed, or left by another job.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../directory.js';
import { ClientError, PlatformError } from '../errors.js';
import type { Log } from '../log.js';
import {
  type CheckpointIdentity,
  type CheckpointOwner,
  type OpenedCheckpoint,
  openEnvelope,
  sealEnvelope,
} from './envelope.js';
import type { CheckpointFiles } from './files.js';
import { createJobCheckpoint, type JobCheckpoint, type JobCheckpointOptions } from './job-checkpoint.js';

export interface CheckpointStore extends CheckpointFiles {
  /** The job's own checkpoint: bound to its hyperparameters and data, and written at most every 20 s. */
  ofJob(options: JobCheckpointOptions): JobCheckpoint;
}

/** The name suffix that SageMaker's uploader skips. */
const UNFINISHED_SUFFIX = '.sagemaker-ignore';
const PREVIOUS_SUFFIX = '.previous';

export interface CheckpointStoreOptions {
  /** Undefined where the job asked for no checkpoints. */
  readonly directory: string | undefined;
  /** The algorithm, whose other versions' checkpoints are not read. */
  readonly owner: CheckpointOwner;
  /** Of the job, as parsed. */
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  readonly log: Pick<Log, 'info'>;
}

export function createCheckpointStore({
  directory,
  owner,
  hyperparameters = {},
  log,
}: CheckpointStoreOptions): CheckpointStore {
  const files = openFiles(directory, owner, log);
  return { ...files, ofJob: (options) => createJobCheckpoint(files, hyperparameters, options) };
}

// --- internal ---

function openFiles(directory: string | undefined, owner: CheckpointOwner, log: Pick<Log, 'info'>): CheckpointFiles {
  if (directory === undefined) return { isEnabled: false, write: () => {}, read: () => undefined };
  /** Names whose newest file is whole, so that it may become the one before. */
  const whole = new Set<string>();
  const open = (path: string, identity: CheckpointIdentity) => openEnvelope(readIfThere(path), owner, identity);
  return {
    isEnabled: true,
    write(name, content, identity = {}) {
      const path = join(directory, name);
      if (!whole.has(name) && open(path, identity).kind === 'whole') whole.add(name);
      writeCheckpoint(path, sealEnvelope(content, owner, identity), whole.has(name));
      whole.add(name);
    },
    read(name, identity = {}) {
      const paths = [name, name + PREVIOUS_SUFFIX].map((file) => join(directory, file));
      const opened = paths.map((path) => ({ path, ...open(path, identity) })).filter(({ kind }) => kind !== 'missing');
      const found = opened.find((candidate) => candidate.kind === 'whole');
      if (found === undefined) {
        for (const candidate of opened) if (candidate.kind === 'foreign') throw foreign(candidate);
      }
      for (const candidate of opened) {
        if (candidate === found) break;
        log.info(`checkpoint ${candidate.path} is not used: ${reasonOf(candidate)}`);
      }
      if (found === undefined) {
        if (opened.length > 0) log.info('no usable checkpoint is left; training starts from the beginning');
        return undefined;
      }
      if (found.path === paths[0]) whole.add(name);
      else log.info(`the previous checkpoint is used: ${found.path}`);
      return found.kind === 'whole' ? found.content : undefined;
    },
  };
}

function reasonOf(opened: OpenedCheckpoint): string {
  return opened.kind === 'damaged' || opened.kind === 'foreign' ? opened.reason : 'there is none';
}

function foreign({ path, reason }: { readonly path: string; readonly reason: string }): ClientError {
  return new ClientError(
    'E_CHECKPOINT',
    `${path}: the checkpoint must be of the same job; ${reason}. Use another checkpoint path for another job.`,
  );
}

function readIfThere(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new PlatformError('E_ENVIRONMENT', `The checkpoint ${path} could not be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

/** A stop in between leaves the older file, or the older one as the one before: never half a file, never none. */
function writeCheckpoint(path: string, bytes: Buffer, keepsOlder: boolean): void {
  const unfinished = path + UNFINISHED_SUFFIX;
  try {
    makeDirectory(join(path, '..'));
    const file = openSync(unfinished, 'w');
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (keepsOlder) renameSync(path, path + PREVIOUS_SUFFIX);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true, recursive: true });
    throw new PlatformError('E_OUTPUT', `The checkpoint ${path} could not be written: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
