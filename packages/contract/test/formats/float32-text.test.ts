import { describe, expect, it } from 'vitest';
import { shortFloat32 } from '../../src/formats/float32-text.js';
import { runs } from '../runs.js';
import { encodePredictions } from './encode-predictions.js';
import { randomNumbers } from './mutations.js';

const RUNS = runs(40_000, 1_000_000);
const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** The shortest text that `toPrecision` finds to read back as the same float32. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
}

describe('a float32 written as text', () => {
  it('reads back unchanged and is as short as possible, for any bits', () => {
    const random = randomNumbers(7);
    for (let run = 0; run < RUNS; run++) {
      bits[0] = Math.floor(random() * 2 ** 32);
      const value = float[0]!;
      const short = shortFloat32(value);

      if (!Object.is(Math.fround(short), value)) expect.fail(`${bits[0].toString(16)}: ${short}`);
      const isInteger = Math.abs(value) < 2 ** 31 && Number.isInteger(value);
      if (Number.isFinite(value) && !isInteger && String(short).length > shortest(value).length)
        expect.fail(`${bits[0].toString(16)}: ${short} for ${shortest(value)}`);
    }
  });

  it.each([
    [0.1, '0.1'],
    [-2.5, '-2.5'],
    [1 / 3, '0.33333334'],
    [16_777_216, '16777216'],
    [123_456_792, '123456792'],
    [-0, '0'],
    [3.4028234663852886e38, '3.4028235e+38'],
    [1.401298464324817e-45, '1e-45'],
    [1.1754943508222875e-38, '1.1754944e-38'],
    [1e-7, '1e-7'],
  ])('is, for %d, %s', (value, text) => {
    expect(String(shortFloat32(Math.fround(value)))).toBe(text);
  });

  it('is the same in JSON, JSON Lines and CSV, alone and in lists, while doubles keep their digits', () => {
    const outputs = { a: { description: '' }, b: { description: '' }, c: { description: '' } };
    const predictions = {
      a: Float32Array.of(0.1, Number.NaN),
      b: { values: Float32Array.of(0.2, 1, Number.POSITIVE_INFINITY, 0.7), width: 2 },
      c: Float64Array.of(0.1, Math.fround(0.1)),
    };
    const write = (format: 'text/csv' | 'application/json' | 'application/jsonlines') =>
      encodePredictions(predictions, 2, outputs, format, true).toString();

    expect(write('text/csv')).toBe('0.1,0.2,1,0.1\nNaN,Infinity,0.7,0.10000000149011612\n');
    expect(write('application/jsonlines')).toBe(
      '{"a":0.1,"b":[0.2,1],"c":0.1}\n{"a":null,"b":[null,0.7],"c":0.10000000149011612}\n',
    );
    expect(JSON.parse(write('application/json')).predictions[0]).toEqual({ a: 0.1, b: [0.2, 1], c: 0.1 });
  });
});
