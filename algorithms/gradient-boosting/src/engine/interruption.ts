/**
 * Interrupts long synchronous work. The pool checks for a stop before each phase, and phases of a large table run in
 * slices, so that checks are a fraction of a second apart; unfinished work is discarded.
 */

/** Thrown when the job is asked to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('The work was interrupted.');
  }
}

/** Rows that a loop in TypeScript passes between two looks: a few milliseconds. */
export const ROWS_BETWEEN_LOOKS = 2 ** 16;

let looking: (() => void) | undefined;

/** Runs `work`, whose loops over rows and trees call `look` again and again; it may throw, to give the work up. */
export function withLooks<T>(look: () => void, work: () => T): T {
  const outer = looking;
  looking = look;
  try {
    return work();
  } finally {
    looking = outer;
  }
}

/** For loops over rows: a look every ROWS_BETWEEN_LOOKS rows. Without `withLooks` around it, nothing. */
export function lookAtRow(row: number): void {
  if ((row & (ROWS_BETWEEN_LOOKS - 1)) === 0) looking?.();
}

/** For loops whose steps are long: a look now. */
export function lookNow(): void {
  looking?.();
}

/** Units of work (an update of a histogram, a value looked at) between two looks: about a quarter of a second of one thread. */
export const UNITS_BETWEEN_LOOKS = 2 ** 27;

/** How many of `count` tasks, `units` of work together, to run between two looks; at least `threads`. */
export function tasksBetweenLooks(count: number, units: number, threads: number): number {
  return Math.max(threads, Math.floor((count * UNITS_BETWEEN_LOOKS * threads) / Math.max(1, units)));
}
