/** Channels made of rows at hand, and what tests read of windows. */
import { blocksOf, memoryChannel, type TableOptions, type TableRows } from '@algo/contract/testing';
import type { Window } from '../../src/data/row-chunks.js';

export const channelOf = (rows: TableRows, options: TableOptions = {}) => memoryChannel(() => blocksOf(rows, options));

/** A window's rows: labels, then numbers, then category indices. */
export function rowsOf({ rows, inputs, labels, weights }: Window): number[][] {
  const width = inputs.numeric.length / inputs.rows;
  const labelWidth = labels.length / inputs.rows;
  return Array.from({ length: rows }, (_, row) => [
    ...labels.subarray(row * labelWidth, (row + 1) * labelWidth),
    ...(weights ? [weights[row]!] : []),
    ...inputs.numeric.subarray(row * width, (row + 1) * width),
    ...inputs.categories.map((indices) => indices[row]!),
  ]);
}
