/**
 * Whether what a job will leave can be written, tried before the training: hours later would be late to learn that a
 * directory is read-only, no directory, or full.
 */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../directory.js';
import { messageOf, PlatformError } from '../errors.js';

const PROBE_BYTES = 64 * 1024;
/** Hidden, and of a name that SageMaker does not upload from a checkpoint directory. */
const PROBE_FILE = '.probe.sagemaker-ignore';

/**
 * Makes `directory` where it is missing, writes a file in it, and removes the file again.
 * @param purpose as the message calls the directory
 * @throws PlatformError E_OUTPUT when any of it fails
 */
export function checkOutput(directory: string, purpose: string): void {
  const path = join(directory, PROBE_FILE);
  try {
    makeDirectory(directory);
    const file = openSync(path, 'w');
    try {
      const probe = Buffer.alloc(PROBE_BYTES);
      for (let written = 0; written < probe.length; ) written += writeSync(file, probe, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
      rmSync(path, { force: true });
    }
  } catch (error) {
    const reason = messageOf(error);
    throw new PlatformError(
      'E_OUTPUT',
      `The ${purpose} directory ${directory} must be writable and have room; a file of ${PROBE_BYTES} bytes could not be written: ${reason}.`,
      { cause: error },
    );
  }
}
