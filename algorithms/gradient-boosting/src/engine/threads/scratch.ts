/**
 * A reused piece of memory that grows with demand: task lists and records of a phase.
 */
import type { Pool } from './pool.js';

export interface Scratch {
  /** Address of room for `count` records; what was there before may be lost. */
  reserve(count: number): number;
}

const LEAST_RECORDS = 64;

/** Room for records of `recordBytes` each, none at first, then at least for `least`. */
export function createScratch(pool: Pool, recordBytes: number, purpose = 'task lists', least = LEAST_RECORDS): Scratch {
  let address = 0;
  let room = 0;
  return {
    reserve(count) {
      if (count > room || room === 0) {
        room = Math.max(least, count, 2 * room);
        address = pool.arena.allocate(room * recordBytes, purpose);
      }
      return address;
    },
  };
}
