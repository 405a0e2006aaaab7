/** How many workers may answer: one for each processor, fewer when they would not fit into the container's memory. */

/**
 * How many of `wanted` workers fit in memory together with the first process, which may have a copy of the model too.
 * @param processBytes resident bytes of one worker with its model loaded
 */
export function fittingProcesses(wanted: number, processBytes: number, limitBytes: number): number {
  const usable = limitBytes * USABLE_MEMORY;
  return Math.max(0, Math.min(wanted, Math.floor(usable / processBytes) - 1));
}

// --- internal ---

/** The rest is for request bodies and the kernel's buffers. */
const USABLE_MEMORY = 0.75;
