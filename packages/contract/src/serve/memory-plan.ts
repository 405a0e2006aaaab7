/**
 * How the container's memory is divided: the processes with their models first, then the requests, waiting or being
 * processed. While a worker processes a body, its text, numbers and answer are in memory together, so it needs far more
 * than its bytes.
 */
import { totalmem } from 'node:os';

const MEBIBYTE = 1024 * 1024;

/** Bytes of bodies that all workers may be at for each byte of spare memory: CSV of one-digit numbers takes thirty times its size. */
const WORKING_SHARE = 1 / 32;
/** Bodies and answers in the process that owns the sockets; while one is passed on, part of it is in the pipe too. */
const HELD_SHARE = 1 / 4;
/** Batch transform sends up to 100 MB concurrently and must not get a 503. */
const BATCH_BYTES = 128 * MEBIBYTE;
/** Where the processes leave less than this share, requests get it all the same. */
const LEAST_SPARE = 1 / 4;

export interface MemoryPlan {
  /** What bodies and answers may hold in this process. */
  readonly heldBytes: number;
  /** Bytes of bodies that the workers may be at. */
  readonly workingBytes: number;
}

/** @param processBytes what all processes take without requests */
export function planMemory(isBatch: boolean, processBytes: number, limitBytes: number): MemoryPlan {
  const spare = Math.max(limitBytes * LEAST_SPARE, limitBytes - processBytes);
  return {
    heldBytes: Math.max(Math.floor(spare * HELD_SHARE), isBatch ? BATCH_BYTES : 0),
    workingBytes: Math.floor(spare * WORKING_SHARE),
  };
}

/** Bytes of memory that the container may use. */
export function memoryLimit(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}
