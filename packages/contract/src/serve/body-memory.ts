/**
 * Where a worker reads large bodies to. With a new array for each, collecting the old ones and getting new pages would take a
 * quarter of the time of a worker that answers requests of 6 MB of CSV.
 */
import { lend } from '../formats/lending.js';

/** Smaller bodies get an array of their own, larger ones too: so much is kept for the next one. */
const SMALLEST_BYTES = 64 * 1024;
const LARGEST_BYTES = 16 * 1024 * 1024;

/** @returns what gives an array for a body, in memory that is used again when the array is given back; see formats/lending.ts */
export function createBodyMemory(): (bytes: number) => Uint8Array {
  let kept: Buffer | undefined;
  return (bytes) => {
    if (bytes < SMALLEST_BYTES || bytes > LARGEST_BYTES) return Buffer.allocUnsafe(bytes);
    const memory = kept && kept.length >= bytes ? kept : Buffer.allocUnsafeSlow(bytes);
    kept = undefined;
    return lend(memory.subarray(0, bytes), () => {
      if (!kept || kept.length < memory.length) kept = memory;
    });
  };
}
