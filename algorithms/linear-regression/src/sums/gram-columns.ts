/**
 * One chunk of rows on its way through the kernel's memory: loaded as raw columns, turned into integer columns, expanded by powers
 * and weights. Each step is a function of the kernel and a layout.
 */
import { type Grid, isNarrow } from './column-grid.js';
import type { Expansion } from './exact-sums.js';
import { CHUNK_ROWS, type GramKernel, STRIDE, TILE } from './gram-kernel.js';
import type { GramLayout, Side } from './gram-layout.js';
import type { Rows } from './rows.js';

/** Rows `from` … `from + rows` of a block into raw columns, padded with a row of zeros to an even count. */
export function loadRows(
  kernel: GramKernel,
  { staging, raw }: GramLayout,
  { featureCount: columns }: Expansion,
  block: Rows,
  from: number,
  rows: number,
): void {
  const { buffer } = kernel.memory;
  const values = new Float64Array(buffer, staging, rows * columns);
  values.set(block.features.subarray(from * columns, (from + rows) * columns));
  kernel.transpose(staging, columns, rows, raw);
  const beside = block.weights ? [block.labels, block.weights] : [block.labels];
  beside.forEach((column, i) => {
    const target = new Float64Array(buffer, raw + (columns + i) * STRIDE, CHUNK_ROWS + 1);
    target.set(column.subarray(from, from + rows));
    target[rows] = 0;
  });
}

/** The raw values of a column of the chunk: features, then label, then weight. */
export function rawColumn(kernel: GramKernel, layout: GramLayout, column: number): Float64Array {
  return new Float64Array(kernel.memory.buffer, layout.raw + column * STRIDE, CHUNK_ROWS);
}

/**
 * A raw column into its limbs.
 * @returns the largest |N| (0 where the grid's bound holds anyway), or the rows that do not fit the grid, whose limbs are then 0
 */
export function takeColumn(
  kernel: GramKernel,
  layout: GramLayout,
  expansion: Expansion,
  column: number,
  grid: Grid,
  rows: number,
): number | readonly number[] {
  const { raw, weight, right, failures } = layout;
  const isWeight = column > expansion.featureCount;
  const label = right.slots[right.slots.length - 1]!;
  const slot = isWeight
    ? weight!
    : column < expansion.featureCount
      ? right.slots[1 + column * expansion.degree]!
      : label;
  const target = (isWeight ? weight!.base : right.base) + slot.first * STRIDE;
  const values = raw + column * STRIDE;
  if (isNarrow(grid)) {
    const power = 10 ** slot.places;
    const largest = kernel.takeNarrow(values, slot.limbs, power, target, rows);
    return largest >= 0 ? largest : findMisfits(rawColumn(kernel, layout, column).subarray(0, rows), power);
  }
  const count = kernel.takeWide(values, slot.limbs, slot.places, kernel.powerTable(), target, failures, rows);
  return count === 0 ? 0 : [...new Int32Array(kernel.memory.buffer, failures, count)];
}

/** Takes a row out of the chunk: all its limbs become 0. */
export function clearRow(kernel: GramKernel, { right, weight }: GramLayout, row: number): void {
  clearArrays(kernel, right.base, right.tiles * TILE, row);
  if (weight) clearArrays(kernel, weight.base, weight.limbs, row);
}

/** The column of ones (0 in the rows taken out), the powers of the features, and the weighted left side. */
export function deriveColumns(
  kernel: GramKernel,
  { left, right, weight }: GramLayout,
  { featureCount, degree }: Expansion,
  rows: number,
  cleared: Iterable<number>,
): void {
  const ones = new Float64Array(kernel.memory.buffer, right.base, CHUNK_ROWS + 1);
  ones.fill(1, 0, rows);
  ones[rows] = 0;
  for (const row of cleared) ones[row] = 0;
  const at = (side: Side, slot: number) => side.base + side.slots[slot]!.first * STRIDE;
  for (let f = 0; f < featureCount; f++) {
    const x = 1 + f * degree;
    const base = right.slots[x]!.limbs;
    for (let k = x + 1; k < x + degree; k++) {
      const [power, product] = [right.slots[k - 1]!, right.slots[k]!];
      kernel.multiply(at(right, k - 1), power.limbs, at(right, x), base, at(right, k), product.limbs, rows);
    }
  }
  if (!weight) return;
  right.slots.forEach((slot, i) => {
    const product = left.slots[i]!.limbs;
    kernel.multiply(weight.base, weight.limbs, at(right, i), slot.limbs, at(left, i), product, rows);
  });
}

// --- internal ---

/** The test of the kernel's takeNarrow, row by row. */
function findMisfits(values: Float64Array, power: number): number[] {
  const misfits: number[] = [];
  values.forEach((value, row) => {
    const count = Math.round(value * power);
    if (Math.abs(count) > 1e15 || count / power !== value) misfits.push(row);
  });
  return misfits;
}

function clearArrays(kernel: GramKernel, base: number, arrays: number, row: number): void {
  const values = new Float64Array(kernel.memory.buffer, base, (arrays * STRIDE) / 8);
  for (let i = 0; i < arrays; i++) values[(i * STRIDE) / 8 + row] = 0;
}
