/**
 * The kernel's running sums: set to zero for a layout, and moved into exact sums of any length.
 */

import { ClientError } from '@algo/contract';
import { PAGE_BYTES } from '@algo/numerics';
import { add } from '../exact/decimal.js';
import type { Look } from '../interruption.js';
import { columnCount, type MutableSums, triangleIndex } from './exact-sums.js';
import { type GramKernel, STRIDE, TILE, TILE_BYTES } from './gram-kernel.js';
import { firstRightTiles, type GramLayout, type Slot, tileBounds } from './gram-layout.js';

/**
 * Makes room for `layout`, with all limbs and sums 0. The raw columns stay where they are.
 * @throws ClientError E_DATA_SIZE when the sums do not fit the kernel's 4 GiB
 */
export function installLayout(kernel: GramKernel, layout: GramLayout): void {
  const { memory } = kernel;
  const missing = layout.end - memory.buffer.byteLength;
  if (missing > 0) growMemory(memory, missing, layout);
  new Uint8Array(memory.buffer, layout.failures, layout.end - layout.failures).fill(0);
  writeBounds(kernel, layout);
  const first = firstRightTiles(layout.left, layout.right);
  new Int32Array(memory.buffer, layout.firstRight, first.length).set(first);
  const rows = new Int32Array(memory.buffer, layout.sumRows, first.length);
  let at = layout.sums;
  first.forEach((from, i) => {
    rows[i] = at - from * TILE_BYTES;
    at += (layout.right.tiles - from) * TILE_BYTES;
  });
}

/** The largest limbs to expect, by tile: how long the kernel may add before it must split its sums. */
export function writeBounds(kernel: GramKernel, { left, right }: GramLayout): void {
  for (const side of [left, right]) {
    new Float64Array(kernel.memory.buffer, side.bounds, side.tiles).set(tileBounds(side));
  }
}

/** As many tiles take some hundredths of a second. */
const TILES_BETWEEN_LOOKS = 2 ** 16;

/** Adds the products of a chunk's columns to the kernel's sums, in slices of tiles. */
export function accumulateChunk(kernel: GramKernel, layout: GramLayout, rows: number, look: Look): void {
  const { left, right, firstRight, sumRows } = layout;
  const first = new Int32Array(kernel.memory.buffer, firstRight, left.tiles);
  for (let from = 0, to = 0; from < left.tiles; from = to) {
    let tiles = 0;
    for (; to < left.tiles && (to === from || tiles + right.tiles - first[to]! <= TILES_BETWEEN_LOOKS); to++) {
      tiles += right.tiles - first[to]!;
    }
    kernel.accumulate(
      left.base + from * TILE * STRIDE,
      to - from,
      left.bounds + from * Float64Array.BYTES_PER_ELEMENT,
      right.base,
      right.tiles,
      right.bounds,
      firstRight + from * Int32Array.BYTES_PER_ELEMENT,
      sumRows + from * Int32Array.BYTES_PER_ELEMENT,
      rows,
    );
    look(tiles * TILE * TILE * rows);
  }
}

/** Adds the kernel's sums to `total` and puts them to 0. */
export function drainSums(kernel: GramKernel, layout: GramLayout, total: MutableSums, look: Look): void {
  const { left, right, sums, sumsBytes } = layout;
  const columns = columnCount(total);
  const read = sumReader(kernel, layout);
  for (let i = 0; i < columns; i++) {
    look(columns - i);
    for (let j = i; j < columns; j++) {
      const [a, b] = [left.slots[i]!, right.slots[j]!];
      const digits = left === right && i === j ? squareOf(read, a) : productOf(read, a, b);
      const at = triangleIndex(columns, i, j);
      total.sums[at] = add(total.sums[at]!, { digits, places: a.places + b.places });
    }
  }
  new Uint8Array(kernel.memory.buffer, sums, sumsBytes).fill(0);
}

// --- internal ---

function growMemory(memory: GramKernel['memory'], bytes: number, { right }: GramLayout): void {
  try {
    memory.grow(Math.ceil(bytes / PAGE_BYTES));
  } catch (error) {
    throw new ClientError(
      'E_DATA_SIZE',
      `Training data: the sums of ${right.slots.length} columns with this many digits need more memory than is available. Use fewer features, a lower polynomial_degree, or fewer digits.`,
      { cause: error },
    );
  }
}

/** The sum over rows of left array l times right array r. */
type SumReader = (l: number, r: number) => bigint;

const LIMB_BITS = 25;

function sumReader(kernel: GramKernel, { left, sums, sumsBytes, sumRows }: GramLayout): SumReader {
  const values = new Float64Array(kernel.memory.buffer, sums, sumsBytes / 8);
  const rowStarts = new Int32Array(kernel.memory.buffer, sumRows, left.tiles);
  return (l, r) => {
    const tile = rowStarts[Math.floor(l / TILE)]! + Math.floor(r / TILE) * TILE_BYTES;
    const at = (tile - sums) / 8 + ((l % TILE) * TILE + (r % TILE)) * 2;
    const [high, low] = [values[at]!, values[at + 1]!];
    return high === 0 ? BigInt(low) : (BigInt(high) << 26n) + BigInt(low);
  };
}

function productOf(read: SumReader, a: Slot, b: Slot): bigint {
  let sum = 0n;
  for (let p = 0; p < a.limbs; p++) {
    for (let q = 0; q < b.limbs; q++) sum += read(a.first + p, b.first + q) << BigInt(LIMB_BITS * (p + q));
  }
  return sum;
}

/** Only the upper half of a column's own tile is sure to be there; the lower half is the same. */
function squareOf(read: SumReader, a: Slot): bigint {
  let sum = 0n;
  for (let p = 0; p < a.limbs; p++) {
    for (let q = p; q < a.limbs; q++) {
      sum += read(a.first + p, a.first + q) << BigInt(LIMB_BITS * (p + q) + (q > p ? 1 : 0));
    }
  }
  return sum;
}
