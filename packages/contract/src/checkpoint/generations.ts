/**
 * The files of one checkpoint: each write makes a file of its own, `<name>.<number>`, since a file that SageMaker is uploading
 * must not be replaced or removed. Older versions had `<name>` and `<name>.previous`, which are read as the oldest ones.
 * Marks of the uploader, as AWS's XGBoost container reads them: `<file>.sagemaker-uploading` while it uploads,
 * `<file>.sagemaker-uploaded` from then on; names that end with `.sagemaker-ignore` are passed over.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../directory.js';
import { messageOf, PlatformError } from '../errors.js';

export interface Generation {
  readonly path: string;
  /** From 1; 0 and −1 of older versions. */
  readonly number: number;
}

/** The newest first. @param name without the number */
export function listGenerations(directory: string, name: string): readonly Generation[] {
  if (!existsSync(directory)) return [];
  const numberOf = (file: string) => {
    if (file === name) return 0;
    if (file === name + PREVIOUS_SUFFIX) return -1;
    const number = file.startsWith(`${name}.`) ? file.slice(name.length + 1) : '';
    return /^[1-9]\d{0,14}$/.test(number) ? Number(number) : undefined;
  };
  return readdirSync(directory)
    .map((file) => ({ path: join(directory, file), number: numberOf(file) }))
    .filter((generation): generation is Generation => generation.number !== undefined)
    .sort((a, b) => b.number - a.number);
}

/** Undefined where the file is gone: whoever else manages the directory may remove it. @throws PlatformError E_ENVIRONMENT when it cannot be read */
export function readGeneration({ path }: Generation): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new PlatformError('E_ENVIRONMENT', `The checkpoint ${path} could not be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

/**
 * Writes the next file, which is there as a whole or not at all, also after the machine is gone.
 * @param newest of those that are there
 * @throws PlatformError E_OUTPUT
 */
export function writeGeneration(
  directory: string,
  name: string,
  newest: Generation | undefined,
  bytes: Buffer,
): Generation {
  const number = Math.max(newest?.number ?? 0, 0) + 1;
  const path = join(directory, `${name}.${number}`);
  const unfinished = path + UNFINISHED_SUFFIX;
  try {
    makeDirectory(dirname(path));
    synced(unfinished, 'w', (file) => {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    });
    renameSync(unfinished, path);
    synced(dirname(path), 'r', () => undefined);
  } catch (error) {
    rmSync(unfinished, { force: true, recursive: true });
    throw new PlatformError('E_OUTPUT', `The checkpoint ${path} could not be written: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  return { path, number };
}

/** Whether the file is gone: one that is being uploaded stays, and so does one that cannot be removed. */
export function removeGeneration({ path }: Generation): boolean {
  if (existsSync(path + UPLOADING_SUFFIX) && !existsSync(path + UPLOADED_SUFFIX)) return false;
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    return false;
  }
}

// --- internal ---

const PREVIOUS_SUFFIX = '.previous';
const UNFINISHED_SUFFIX = '.sagemaker-ignore';
const UPLOADING_SUFFIX = '.sagemaker-uploading';
const UPLOADED_SUFFIX = '.sagemaker-uploaded';

function synced(path: string, flags: string, work: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    work(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
