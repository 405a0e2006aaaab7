/** How many processes may answer: one for each processor, fewer when they would not fit into the container's memory. */
import { totalmem } from 'node:os';

/**
 * How many of `wanted` processes fit into memory beside the main one, when each takes what this one takes now.
 * @param processBytes resident bytes of one process with its model loaded
 */
export function fittingProcesses(wanted: number, processBytes: number, limitBytes = memoryLimit()): number {
  const usable = limitBytes * USABLE_MEMORY;
  return Math.max(0, Math.min(wanted, Math.floor(usable / processBytes) - 1));
}

/** Bytes of memory that the container may use. */
export function memoryLimit(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

// --- internal ---

/** The rest is for request bodies and the kernel's buffers. */
const USABLE_MEMORY = 0.75;
