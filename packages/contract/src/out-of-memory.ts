/** Whether an error says that something would be larger than the engine can make, which a smaller request avoids. */

/** Memory that was asked for was not there, or is over a limit of the engine. */
export function isAllocationFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_STRING_TOO_LONG' || code === 'ERR_BUFFER_TOO_LARGE') return true;
  return isMemoryFull(error);
}

/** Memory was not there that there may be at another time. */
export function isMemoryFull(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('allocation failed');
}

/** The same in code that computes sizes from rows, where a size that cannot be is one that is too large. */
export function isOutOfMemory(error: unknown): boolean {
  if (isAllocationFailure(error)) return true;
  if (!(error instanceof RangeError)) return false;
  return (error as NodeJS.ErrnoException).code === 'ERR_OUT_OF_RANGE' || /Invalid .*(length|size)/.test(error.message);
}

/** The engine's stack was not deep enough, as for values that are nested deep. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack');
}
