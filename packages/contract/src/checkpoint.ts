/**
 * Checkpoints in /opt/ml/checkpoints, which SageMaker restores before the container starts and uploads while it runs
 * (contract: names ending `.sagemaker-ignore` are not uploaded, so a file is written under such a name and renamed).
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { PlatformError } from './errors.js';

/** One checkpoint file a name, replaced as a whole. */
export interface CheckpointStore {
  /** Whether the job asked for checkpoints; without, `write` does nothing and `read` finds nothing. */
  readonly isEnabled: boolean;
  write(name: string, content: Uint8Array | string): void;
  /** The newest content under `name`, or undefined on a first start. */
  read(name: string): Buffer | undefined;
}

/** The name suffix that SageMaker's uploader skips. */
const UNFINISHED_SUFFIX = '.sagemaker-ignore';

export function createCheckpointStore(directory: string | undefined): CheckpointStore {
  if (directory === undefined) return { isEnabled: false, write: () => {}, read: () => undefined };
  return {
    isEnabled: true,
    write: (name, content) => writeCheckpoint(directory, name, content),
    read: (name) => {
      const path = join(directory, name);
      return existsSync(path) ? readFileSync(path) : undefined;
    },
  };
}

// --- internal ---

function writeCheckpoint(directory: string, name: string, content: Uint8Array | string): void {
  const path = join(directory, name);
  const unfinished = path + UNFINISHED_SUFFIX;
  try {
    mkdirSync(directory, { recursive: true });
    const file = openSync(unfinished, 'w');
    try {
      const bytes = Buffer.from(content);
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlatformError('E_OUTPUT', `The checkpoint ${path} could not be written: ${reason}.`, { cause: error });
  }
}
