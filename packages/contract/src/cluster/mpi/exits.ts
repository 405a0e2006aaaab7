/**
 * The library may end the process by itself, at errors that it holds for fatal whatever it was asked for. The thread that does so
 * signals it to the main thread, and waits for ever; the main thread writes the failure file and ends the process.
 */
import { constants } from 'node:os';
import { PlatformError } from '../../errors.js';
import type { Koffi } from './koffi.js';

/** One that nothing else sends. */
const SIGNAL = 'SIGUSR2';

/** In the thread that calls the library. */
export function parkExits(koffi: Koffi): void {
  const libc = koffi.load('libc.so.6');
  // As C++ has its own work done at the end of a process, with an argument for each.
  const atExit = libc.func('__cxa_atexit', 'int', ['void *', 'uintptr_t', 'void *']) as (
    action: unknown,
    argument: number,
    library: null,
  ) => number;
  atExit(libc.symbol('pause'), 0, null);
  atExit(libc.symbol('raise'), constants.signals[SIGNAL], null); // the last one comes first
}

/**
 * In the main thread: reports once that the library has ended the process, unless this thread soon sees that another host is lost,
 * which is often why.
 * @param host this one
 */
export function watchExits(host: string, onExit: (error: PlatformError) => void): void {
  const report = () =>
    onExit(new PlatformError('E_HOST', `MPI ended the program on host ${host}. The log of this host says why.`));
  process.once(SIGNAL, () => setTimeout(report, WAIT_MS));
}

/**
 * In the main thread: ends the process whatever its threads are at, and calls nothing at its end. Until then the program sees
 * signals itself; one that came while the process became another program would be what it ended with.
 */
export function immediateExit(koffi: Koffi): (exitCode: number) => never {
  return koffi.load('libc.so.6').func('_exit', 'void', ['int']) as (exitCode: number) => never;
}

// --- internal ---

const WAIT_MS = 2_000;
