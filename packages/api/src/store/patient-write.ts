/** Writes that a full disk does not take, tried again until there is space. */
import { systemCode } from '@algo/local';

/** Between two attempts: twice as long after each, up to the limit. */
export const WRITE_RETRY_MS = { first: 1000, limit: 60_000 } as const;

/** Whether the database could not be written, whatever was to be written. */
export function isDatabaseError(error: unknown): boolean {
  return systemCode(error) === 'ERR_SQLITE_ERROR';
}

export interface PatientWrite {
  /** Ends the waiting, after a last attempt. */
  readonly signal: AbortSignal;
  /** Hears the first time that it could not be written. */
  readonly onError: (error: unknown) => void;
}

/** @throws what `write` throws, unless the database could not be written, or once the signal is aborted */
export async function writePatiently(write: () => void, { signal, onError }: PatientWrite): Promise<void> {
  for (let pauseMs: number = WRITE_RETRY_MS.first; ; pauseMs = Math.min(2 * pauseMs, WRITE_RETRY_MS.limit)) {
    try {
      return write();
    } catch (error) {
      if (!isDatabaseError(error) || signal.aborted) throw error;
      if (pauseMs === WRITE_RETRY_MS.first) onError(error);
    }
    await pause(pauseMs, signal);
  }
}

// --- internal ---

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  const timer = setTimeout(end, ms);
  signal.addEventListener('abort', end);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
}
