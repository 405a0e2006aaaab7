/**
 * How garbage is collected while large bodies pass through the process. They are garbage soon, and their bytes make V8 mark all
 * objects again after every few bodies, on this thread and others: it took as long as all else that the process
 * does for such a body. While they come, V8 marks only once there are many of them (64 MB), and then in one go.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** Of bodies in flight, from which it is worth it. */
const LARGE_BYTES = 1024 * 1024;
/** Of objects, which take part of a second to mark in one go if they are many more: a model may be among them. */
const MAX_HEAP_BYTES = 64 * 1024 * 1024;
/** From the last large body on; then V8 collects at its leisure what is left. */
const QUIET_MS = 1_000;

export interface MarkingOptions {
  /** Tests hand in theirs. */
  readonly setMarking?: (isGradual: boolean) => void;
  /** Bytes of all objects. */
  readonly heapBytes?: () => number;
}

/** @returns what is to be called with the bytes of all bodies in flight whenever they change */
export function createMarkingControl({
  setMarking = setGradualMarking,
  heapBytes = () => getHeapStatistics().used_heap_size,
}: MarkingOptions = {}): (used: number) => void {
  let isGradual = true;
  let isLarge = false;
  let timer: NodeJS.Timeout | undefined;
  const restore = () => {
    isGradual = true;
    setMarking(true);
  };
  return (used) => {
    if (used >= LARGE_BYTES === isLarge) return;
    isLarge = !isLarge;
    clearTimeout(timer);
    if (!isLarge && !isGradual) timer = setTimeout(restore, QUIET_MS).unref();
    else if (isLarge && isGradual && heapBytes() < MAX_HEAP_BYTES) {
      isGradual = false;
      setMarking(false);
    }
  };
}

// --- internal ---

function setGradualMarking(isGradual: boolean): void {
  setFlagsFromString(isGradual ? '--incremental-marking' : '--no-incremental-marking');
}
