import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LossName } from '../../../src/operations/operations.js';
import { integers, normals } from '../../support/numbers.js';
import { tensorOf, useWasm } from '../../support/wasm.js';

interface Expected {
  readonly loss: number;
  readonly gradient: Float64Array;
}

/** Losses in float64, by their definitions. */
function reference(
  name: LossName,
  outputs: Float32Array,
  labels: ArrayLike<number>,
  weights: Float32Array | undefined,
  columns: number,
  divisor: number,
): Expected {
  const gradient = new Float64Array(outputs.length);
  let loss = 0;
  for (let row = 0; row < outputs.length / columns; row++) {
    const weight = weights?.[row] ?? 1;
    const z = [...outputs.subarray(row * columns, (row + 1) * columns)];
    const largest = Math.max(...z);
    const sum = z.reduce((total, value) => total + Math.exp(value - largest), 0);
    for (const [column, value] of z.entries()) {
      const at = row * columns + column;
      let slope = 0;
      if (name === 'squaredError') {
        loss += (weight * (value - labels[at]!) ** 2) / columns;
        slope = (2 * (value - labels[at]!)) / columns;
      } else if (name === 'binaryCrossEntropy') {
        loss += weight * (Math.max(value, 0) - value * labels[row]! + Math.log1p(Math.exp(-Math.abs(value))));
        slope = 1 / (1 + Math.exp(-value)) - labels[row]!;
      } else {
        const isLabel = column === labels[row];
        if (isLabel) loss += weight * (Math.log(sum) + largest - value);
        slope = Math.exp(value - largest) / sum - Number(isLabel);
      }
      gradient[at] = (slope * weight) / divisor;
    }
  }
  return { loss, gradient };
}

const NAMES: LossName[] = ['squaredError', 'binaryCrossEntropy', 'softmaxCrossEntropy'];

describe('losses on wasm', () => {
  const operations = useWasm();

  function check(name: LossName, rows: number, width: number, isWeighted: boolean, seed: number, scale = 3): void {
    const columns = name === 'binaryCrossEntropy' ? 1 : width;
    const outputs = normals(rows * columns, seed, scale);
    const weights = isWeighted ? normals(rows, seed + 1).map(Math.abs) : undefined;
    const isClasses = name === 'softmaxCrossEntropy';
    const classes = integers(rows, name === 'binaryCrossEntropy' ? 2 : columns, seed + 2);
    const labels = name === 'squaredError' ? normals(rows * columns, seed + 3) : classes;
    const shape = isClasses ? [rows] : [rows, columns];

    const { loss, gradient } = operations().loss(name, {
      outputs: tensorOf(outputs, [rows, columns]),
      labels: tensorOf(labels, shape, isClasses ? 'int32' : 'float32'),
      weights: weights && tensorOf(weights, [rows]),
      divisor: rows,
    });

    const expected = reference(name, outputs, labels, weights, columns, rows);
    // The sum is float64 and rounded once; its terms are float32 functions of float32.
    expect(Math.abs(loss.dataSync()[0]! - expected.loss)).toBeLessThanOrEqual(
      5e-7 * Math.max(expected.loss, 1e-3 * rows),
    );
    const unit = (scale / rows) * (isWeighted ? 4 : 1);
    const values = gradient.dataSync();
    for (const [i, exact] of expected.gradient.entries()) {
      expect(Math.abs(values[i]! - exact)).toBeLessThan(1e-6 * unit);
    }
  }

  it.each(NAMES)('computes %s and its gradient for any number of rows and columns', (name) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 18 }),
        fc.boolean(),
        fc.integer({ max: 1000 }),
        (rows, columns, isWeighted, seed) => check(name, rows, columns, isWeighted, seed),
      ),
      { seed: 3, numRuns: 60 },
    );
  });

  it.each(NAMES)('computes %s for more rows than one task handles', (name) => {
    check(name, 20_011, 3, true, 5);
  });

  it.each(NAMES)('keeps %s finite for large outputs', (name) => {
    check(name, 40, 7, false, 6, 1000);
  });
});
