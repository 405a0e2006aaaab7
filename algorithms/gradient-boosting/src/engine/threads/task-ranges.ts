/**
 * Task lists that divide 0 … end into ranges.
 */
import * as Records from '../../../assembly/records.js';
import type { Pool } from './pool.js';

export interface TaskList {
  readonly address: number;
  readonly count: number;
}

/** Ranges of `step` of [0, end), allocated in the pool. */
export function writeRanges(pool: Pool, end: number, step: number): TaskList {
  const count = Math.ceil(end / step);
  const address = pool.arena.allocate(count * Records.RANGE_BYTES, 'task lists');
  fillRanges(pool, address, end, step);
  return { address, count };
}

/** The same into given memory; returns the number of ranges. */
export function fillRanges(pool: Pool, address: number, end: number, step: number): number {
  const words = pool.words();
  let count = 0;
  for (let begin = 0; begin < end; begin += step, count++) {
    words[(address >> 2) + 2 * count] = begin;
    words[(address >> 2) + 2 * count + 1] = Math.min(begin + step, end);
  }
  return count;
}
