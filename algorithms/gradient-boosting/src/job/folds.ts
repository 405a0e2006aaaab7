/**
 * Folds of cross-validation: each row is left out once. Rows of one class are distributed evenly (stratified), rows of
 * one query stay together. The same seed gives the same folds.
 */

import { oneHost } from '@algo/contract';
import { createRandom, type Random } from '@algo/numerics';
import type { LabelledRows, Task } from '../objectives/index.js';
import { completeGroups } from '../objectives/ranking/complete-groups.js';
import { layoutOf, type RowLayout, requireNumbered } from '../objectives/whole/row-layout.js';

export interface FoldOptions {
  readonly folds: number;
  readonly seed: number;
  /** Which division of the rows, from 0. */
  readonly repetition: number;
  readonly task: Task;
}

/**
 * The same folds however the rows are divided among hosts: each knows the labels of all, which are sent once.
 * @param rowCount rows of this host
 * @returns [rows] the fold, from 0, that leaves the row out
 */
export function assignFolds(rows: LabelledRows, rowCount: number, options: FoldOptions): Uint16Array {
  const random = createRandom((options.seed >>> 0) + (options.repetition + 1) * 2 ** 32);
  const folds = new Uint16Array(rowCount);
  const { queryStart, labels, hosts = oneHost() } = rows;
  if (queryStart) {
    const { count, places } = completeGroups(rows);
    const foldOf = new Uint16Array(count);
    distribute([indicesOf(count)], foldOf, options.folds, random);
    for (const [query, place] of places.entries()) {
      folds.fill(foldOf[place]!, queryStart[query], queryStart[query + 1]);
    }
    return folds;
  }
  const layout = rowLayout(rows, rowCount);
  requireNumbered(layout.count);
  const isClassed = options.task === 'binary' || options.task === 'multi-class';
  const strata =
    isClassed && !hosts.any(labels.length > rowCount) ? strataOf(layout.gather(labels)) : [indicesOf(layout.count)];
  layout.keepOwn(folds, 1, (all) => distribute(strata, all, options.folds, random));
  return folds;
}

/** What folds have as equal numbers of as possible: queries, or rows. Those of all hosts. */
export function unitsOf(rows: LabelledRows, rowCount: number): number {
  return rows.queryStart ? completeGroups(rows).count : rowLayout(rows, rowCount).count;
}

/** @param rowCount rows of this host, of any number of targets */
export function rowLayout(rows: LabelledRows, rowCount: number): RowLayout {
  return layoutOf(rows, rowCount === 0 ? 1 : rows.labels.length / rowCount);
}

// --- internal ---

function distribute(strata: readonly (readonly number[])[], foldOf: Uint16Array, folds: number, random: Random): void {
  let next = 0;
  for (const stratum of strata) {
    for (const unit of shuffled(stratum, random)) {
      foldOf[unit] = next;
      next = (next + 1) % folds;
    }
  }
}

/** Rows of each class, the smallest label first. */
function strataOf(labels: Float32Array): readonly number[][] {
  const strata = new Map<number, number[]>();
  for (const [row, label] of labels.entries()) {
    const stratum = strata.get(label) ?? [];
    stratum.push(row);
    strata.set(label, stratum);
  }
  return [...strata].sort(([one], [other]) => one - other).map(([, rows]) => rows);
}

function indicesOf(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Fisher–Yates. */
function shuffled(units: readonly number[], random: Random): number[] {
  const order = [...units];
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
