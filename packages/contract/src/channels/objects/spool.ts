/**
 * An object of a stream as a file, for formats that are not read from front to back. It lies in the scratch directory (TMPDIR,
 * or /tmp: on the platform that is on the job's volume) and has no name, so that it is gone when it is closed or the
 * program ends, however it ends.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, PlatformError } from '../../errors.js';

export interface Spool {
  readonly descriptor: number;
  write(bytes: Uint8Array): void;
  /** More than once is harmless. */
  close(): void;
}

/** @param label of the object @throws PlatformError E_OUTPUT, also from `write`, where there is no room for it */
export function openSpool(label: string): Spool {
  const descriptor = attempt(label, openWithoutName);
  let isOpen = true;
  return {
    descriptor,
    write(bytes) {
      for (let at = 0; at < bytes.length; ) at += attempt(label, () => writeSync(descriptor, bytes, at));
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

// --- internal ---

function openWithoutName(): number {
  const folder = mkdtempSync(join(tmpdir(), 'algo-object-'));
  try {
    return openSync(join(folder, 'object'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function attempt<T>(label: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = messageOf(error);
    throw new PlatformError(
      'E_OUTPUT',
      `${label}: the scratch directory ${tmpdir()} must have room for one object of the channel; it could not be written: ${reason}. Give the job a larger volume, or use File mode.`,
      { cause: error },
    );
  }
}
