import { describe, expect, it } from 'vitest';
import { float32Lines } from '../../src/formats/csv/float32-lines.js';
import { shortFloat32 } from '../../src/formats/float32-text.js';
import { runs } from '../runs.js';
import { encodePredictions } from './encode-predictions.js';
import { randomNumbers } from './mutations.js';

const RUNS = runs(10_000, 1_000_000);

const asText = (values: Float32Array) => Array.from(values, (value) => `${shortFloat32(value)}\n`).join('');

/** Numbers whose text is the longest, and others where the number of digits changes. */
const EDGES = [
  ...[0, -0, 1, -1, 999_999, 1e6, 2 ** 31, -(2 ** 31), 1e20, -1e20, 123_456.7, -999_999.9, 99_999.95],
  ...[300_000.125, -300_000.125],
  ...[0.1, 0.01, 1e-6, 9.9999e-7, 1e-7, -1.1754943508222875e-38, 1.4e-45, 3.4028234663852886e38, 0.3, 16.5],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];

describe('lines of float32', () => {
  it('are the text of each number, for any bits and for usual magnitudes', () => {
    const random = randomNumbers(11);
    const any = new Float32Array(Uint32Array.from({ length: RUNS }, () => random() * 2 ** 32).buffer);
    const usual = Float32Array.from({ length: RUNS }, () => (random() - 0.5) * 10 ** (random() * 14 - 7));
    const rounded = Float32Array.from({ length: RUNS }, () => Math.round((random() - 0.5) * 1e5) / 1e3);

    for (const values of [any, usual, rounded, Float32Array.from(EDGES)]) {
      const lines = float32Lines(values, true).toString();

      if (lines !== asText(values)) {
        const wrong = lines.split('\n').findIndex((line, i) => line !== String(shortFloat32(values[i]!)));
        expect.fail(`${values[wrong]}: ${lines.split('\n')[wrong]} for ${shortFloat32(values[wrong]!)}`);
      }
    }
  });

  it('end with a line feed only if asked for, and are nothing without numbers', () => {
    const values = Float32Array.of(0.5, 2);

    expect(float32Lines(values, true).toString()).toBe('0.5\n2\n');
    expect(float32Lines(values, false).toString()).toBe('0.5\n2');
    expect(float32Lines(new Float32Array(0), true)).toHaveLength(0);
  });

  it('are what CSV has for a single output', () => {
    const outputs = { score: { description: '' } };
    const write = (score: Float32Array | { values: Float32Array; width: number }, rows: number) =>
      encodePredictions({ score }, rows, outputs, 'text/csv', true).toString();

    expect(write(Float32Array.of(0.1, 1 / 3, Number.NaN), 3)).toBe('0.1\n0.33333334\nNaN\n');
    expect(write({ values: Float32Array.of(0.1, -2), width: 1 }, 2)).toBe('0.1\n-2\n');
    expect(write({ values: Float32Array.of(0.1, -2, 3, 4), width: 2 }, 2)).toBe('0.1,-2\n3,4\n');
  });
});
