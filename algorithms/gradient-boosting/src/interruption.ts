/**
 * A way out of long synchronous work. The pool looks for it before each phase, and phases of a large table are run in
 * slices, so that no more than a fraction of a second lies between two looks; what was being made is given up.
 */

/** Thrown when the job is asked to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('The work was interrupted.');
  }
}

/** Units of work (an update of a histogram, a value looked at) between two looks: about a quarter of a second of one thread. */
export const UNITS_BETWEEN_LOOKS = 2 ** 27;

/** How many of `count` tasks, `units` of work together, to run between two looks; at least `threads`. */
export function tasksBetweenLooks(count: number, units: number, threads: number): number {
  return Math.max(threads, Math.floor((count * UNITS_BETWEEN_LOOKS * threads) / Math.max(1, units)));
}
