import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integers, normals } from '../../support/numbers.js';
import { tensorOf, useWasm } from '../../support/wasm.js';

const count = fc.integer({ min: 1, max: 60 });
/** Around 4, where a vector ends, and 64, where the way of copying changes. */
const width = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 60, max: 70 }));

describe('row operations on wasm', () => {
  const operations = useWasm();

  it('gather rows by index and sum their gradients back', () => {
    fc.assert(
      fc.property(count, width, count, fc.integer(), (entries, columns, rows, seed) => {
        const table = normals(entries * columns, seed);
        const indices = integers(rows, entries, seed + 1);
        const slopes = normals(rows * columns, seed + 2);

        const index = tensorOf(indices, [rows], 'int32');
        const output = operations().gather(tensorOf(table, [entries, columns]), index);
        const gradient = operations().embedBackward(tensorOf(slopes, [rows, columns]), index, entries);

        const expected = slopes.map((_, i) => table[indices[Math.floor(i / columns)]! * columns + (i % columns)]!);
        const sums = new Float32Array(entries * columns);
        slopes.forEach((slope, i) => {
          sums[indices[Math.floor(i / columns)]! * columns + (i % columns)]! += slope;
        });
        expect(output.shape).toEqual([rows, columns]);
        expect(output.dataSync()).toEqual(expected);
        expect(gradient.dataSync()).toEqual(sums);
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  it('gather and slice images and int32 columns, large ones in several tasks', () => {
    const values = normals(5000 * 24, 3);
    const images = tensorOf(values, [5000, 4, 3, 2]);
    const column = tensorOf([10, 11, 12, 13], [4], 'int32');
    const order = integers(5000, 5000, 4);

    const shuffled = operations().gather(images, tensorOf(order, [5000], 'int32'));
    const cut = operations().slice(images, 4000, 1000);
    const few = operations().gather(column, tensorOf([3, 0], [2], 'int32'));

    expect(shuffled.shape).toEqual([5000, 4, 3, 2]);
    expect(shuffled.dataSync()).toEqual(values.map((_, i) => values[order[Math.floor(i / 24)]! * 24 + (i % 24)]!));
    expect(cut.dataSync()).toEqual(values.subarray(4000 * 24));
    expect(few.dtype).toBe('int32');
    expect([...few.dataSync(), ...operations().slice(column, 1, 2).dataSync()]).toEqual([13, 10, 11, 12]);
  });

  it('give NaN for an index outside the table, and ignore its gradient', () => {
    const table = tensorOf([1, 2, 3, 4], [2, 2]);
    const indices = tensorOf([2, -1, 1], [3], 'int32');

    const output = operations().embed(table, indices).dataSync();
    const gradient = operations()
      .embedBackward(tensorOf([1, 2, 3, 4, 5, 6], [3, 2]), indices, 2)
      .dataSync();

    expect([...output]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, 3, 4]);
    expect([...gradient]).toEqual([0, 0, 5, 6]);
  });

  it('concatenate columns and split them again', () => {
    const rows = fc.oneof(count, fc.constant(3000));
    fc.assert(
      fc.property(rows, fc.array(width, { minLength: 1, maxLength: 4 }), (height, widths) => {
        const parts = widths.map((columns, i) => tensorOf(normals(height * columns, i), [height, columns]));

        const joined = operations().concatenate(parts);
        const cut = operations().concatenateBackward(joined, widths);

        const total = widths.reduce((sum, columns) => sum + columns, 0);
        const [all, last] = [joined.dataSync(), height - 1];
        const lastRows = parts.flatMap((part) => [...part.dataSync().subarray(last * part.shape[1]!)]);
        expect(joined.shape).toEqual([height, total]);
        expect([...all.subarray(last * total)]).toEqual(lastRows);
        for (const [i, part] of parts.entries()) expect(cut[i]!.dataSync()).toEqual(part.dataSync());
      }),
      { seed: 7, numRuns: 40 },
    );
  });
});
