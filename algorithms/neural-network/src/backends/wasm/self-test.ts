/**
 * A dense layer, forward and backward, in small whole numbers, which are exact in any order of adding: a wrong digit
 * means that the kernels were compiled incorrectly.
 */
import type { Kernel } from './kernel-exports.js';
import type { WasmMemory } from './memory.js';

/** Whole tiles and what is left over in each direction. */
const [ROWS, INPUTS, UNITS] = [13, 37, 35];

/** Whether the layer's output and its gradients are right to the last bit. */
export function computesExactly(kernel: Kernel, memory: WasmMemory): boolean {
  const x = wholeNumbers(ROWS * INPUTS, 3);
  const w = wholeNumbers(INPUTS * UNITS, 5);
  const g = wholeNumbers(ROWS * UNITS, 7);
  const counts = [x.length, w.length, g.length, ROWS * UNITS, x.length, w.length, UNITS];
  const room = kernel.denseBackScratchBytes(ROWS, INPUTS, UNITS);
  const start = memory.scratch(counts.reduce((sum, count) => sum + padded(count), room));
  let end = start;
  const addresses = counts.map((count) => {
    const address = end;
    end += padded(count);
    return address;
  });
  const [xAt, wAt, gAt, yAt, dxAt, dwAt, dbAt] = addresses as [number, number, number, number, number, number, number];
  const floats = memory.floats();
  for (const [values, address] of [
    [x, xAt],
    [w, wAt],
    [g, gAt],
  ] as const) {
    floats.set(values, address >>> 2);
  }
  kernel.product(xAt, false, wAt, 0, ROWS, UNITS, INPUTS, 0, 0, 0, yAt);
  kernel.denseBack(xAt, wAt, yAt, 0, gAt, 0, ROWS, INPUTS, UNITS, dxAt, dwAt, dbAt, end);
  const isRight = (address: number, expected: Float32Array) =>
    expected.every((value, index) => floats[(address >>> 2) + index] === value);
  return (
    isRight(
      yAt,
      product(
        ROWS,
        UNITS,
        INPUTS,
        (row, k) => x[row * INPUTS + k]!,
        (k, unit) => w[k * UNITS + unit]!,
      ),
    ) &&
    isRight(
      dxAt,
      product(
        ROWS,
        INPUTS,
        UNITS,
        (row, k) => g[row * UNITS + k]!,
        (k, input) => w[input * UNITS + k]!,
      ),
    ) &&
    isRight(
      dwAt,
      product(
        INPUTS,
        UNITS,
        ROWS,
        (input, k) => x[k * INPUTS + input]!,
        (k, unit) => g[k * UNITS + unit]!,
      ),
    ) &&
    isRight(
      dbAt,
      product(
        1,
        UNITS,
        ROWS,
        () => 1,
        (k, unit) => g[k * UNITS + unit]!,
      ),
    )
  );
}

// --- internal ---

/** Bytes of `count` floats, rounded up to whole cache lines. */
function padded(count: number): number {
  return Math.ceil(count / 16) * 64;
}

/** Between −4 and 4, without a period that a tile could have. */
function wholeNumbers(count: number, step: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => ((index * index + step * index) % 9) - 4);
}

/** [rows × columns] */
function product(
  rows: number,
  columns: number,
  depth: number,
  left: (row: number, k: number) => number,
  right: (k: number, column: number) => number,
): Float32Array {
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let k = 0; k < depth; k++) values[row * columns + column]! += left(row, k) * right(k, column);
    }
  }
  return values;
}
