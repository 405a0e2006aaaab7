/**
 * Folds of cross-validation: each row is left out once. Rows of one class are distributed evenly (stratified), rows of
 * one query stay together. The same seed gives the same folds.
 */

import { createRandom, type Random } from '@algo/numerics';
import type { LabelledRows, Task } from '../objectives/index.js';

export interface FoldOptions {
  readonly folds: number;
  readonly seed: number;
  /** Which division of the rows, from 0. */
  readonly repetition: number;
  readonly task: Task;
}

/** @returns [rows] the fold, from 0, that leaves the row out */
export function assignFolds(rows: LabelledRows, rowCount: number, options: FoldOptions): Uint16Array {
  const random = createRandom((options.seed >>> 0) + (options.repetition + 1) * 2 ** 32);
  const folds = new Uint16Array(rowCount);
  let next = 0;
  for (const stratum of strataOf(rows, rowCount, options.task)) {
    for (const unit of shuffled(stratum, random)) {
      folds.fill(next, unit.first, unit.end);
      next = (next + 1) % options.folds;
    }
  }
  return folds;
}

// --- internal ---

/** Rows that stay together. */
interface Unit {
  readonly first: number;
  readonly end: number;
}

function strataOf({ labels, queryStart }: LabelledRows, rowCount: number, task: Task): readonly Unit[][] {
  if (queryStart) {
    return [
      Array.from({ length: queryStart.length - 1 }, (_, q) => ({ first: queryStart[q]!, end: queryStart[q + 1]! })),
    ];
  }
  const strata = new Map<number, Unit[]>();
  const isClassed = task === 'binary' || task === 'multi-class';
  for (let row = 0; row < rowCount; row++) {
    const label = isClassed && labels.length === rowCount ? labels[row]! : 0;
    const stratum = strata.get(label) ?? [];
    stratum.push({ first: row, end: row + 1 });
    strata.set(label, stratum);
  }
  return [...strata].sort(([one], [other]) => one - other).map(([, units]) => units);
}

/** Fisher–Yates. */
function shuffled(units: readonly Unit[], random: Random): Unit[] {
  const order = [...units];
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
