/** A folder in place of MPI's, whose library is never read to its end: a host that loads it hangs before MPI_Init. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { mpiDirectory } from '../../../src/testing/hosts.js';

export interface SlowLibrary {
  readonly directory: string;
  /** Resolves once a program has opened it. */
  opened(): Promise<void>;
  remove(): void;
}

/** Between two looks. */
const LOOK_MS = 10;

export function makeSlowLibrary(): SlowLibrary {
  const directory = mkdtempSync(join(tmpdir(), 'slow-mpi-'));
  const fifo = join(directory, 'lib', 'libmpi_abi.so.1');
  mkdirSync(join(directory, 'lib'));
  symlinkSync(join(mpiDirectory(), 'node_modules'), join(directory, 'node_modules'));
  execFileSync('mkfifo', [fifo]);
  let writer: number | undefined;
  return {
    directory,
    async opened() {
      for (;;) {
        writer = openToWrite(fifo);
        if (writer !== undefined) return;
        await setTimeout(LOOK_MS);
      }
    },
    remove() {
      if (writer !== undefined) closeSync(writer);
      rmSync(directory, { recursive: true });
    },
  };
}

/** Undefined while nobody has it open to read. */
function openToWrite(fifo: string): number | undefined {
  try {
    return openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined;
    throw error;
  }
}
