import { describe, expect, it } from 'vitest';
import { createInputEncoder } from '../../src/network/inputs.js';
import { defineNetwork } from '../support/networks.js';

describe('createInputEncoder', () => {
  const definition = defineNetwork({
    featureCount: 4,
    numericColumns: [0, 2],
    categoricalInputs: [
      { column: 1, values: [-1, 0.1, 7], dimensions: 2 },
      { column: 3, values: [0, 3], dimensions: 1 },
    ],
  });
  const scaling = { means: Float64Array.of(10, 1e9), deviations: Float64Array.of(2, 0.5) };
  const rows = [
    [14, 0.1, 1e9 + 1, 3],
    [10, 7, 1e9, -0],
    [9, 5, 1e9 - 2, Number.NaN],
  ];

  it('standardizes in float64 and looks categories up, with unknown ones as the last index', () => {
    const { encode, allocate } = createInputEncoder(definition, scaling);
    const out = allocate(3);

    encode(Float64Array.from(rows.flat()), 3, out);

    // 1e9 + 1 is no float32: only float64 gives 2 here.
    expect([...out.numeric]).toEqual([2, 2, 0, 0, -0.5, -4]);
    expect(out.categories.map((indices) => [...indices])).toEqual([
      [1, 2, 3],
      [1, 0, 2],
    ]);
  });

  it('finds category values among float32 features', () => {
    const { encode, allocate } = createInputEncoder(definition, scaling);
    const out = allocate(1);

    encode(Float32Array.from(rows[0]!), 1, out);

    expect(out.categories.map((indices) => indices[0])).toEqual([1, 1]);
  });

  it('writes only the requested rows', () => {
    const { encode, allocate } = createInputEncoder(definition, scaling);
    const out = allocate(4);

    encode(Float64Array.from(rows[0]!), 1, out, 2);

    expect([...out.numeric]).toEqual([0, 0, 0, 0, 2, 2, 0, 0]);
    expect([...out.categories[0]!]).toEqual([0, 0, 1, 0]);
  });

  it('scales images per channel', () => {
    const image = defineNetwork({ imageShape: [1, 2, 2] });
    const channels = { means: Float64Array.of(1, 2), deviations: Float64Array.of(1, 10) };
    const { encode, allocate } = createInputEncoder(image, channels);
    const out = allocate(1);

    encode(Float64Array.of(1, 2, 3, 12), 1, out);

    expect([...out.numeric]).toEqual([0, 0, 2, 1]);
  });

  it.each([
    ['a tiny deviation', 1e-30, 1e20],
    ['the end of doubles', 1, 1e308],
    ['the other end', 1, -1e39],
  ])('refuses a number that overflows float32 after standardization, from %s', (_, deviation, value) => {
    const image = defineNetwork({ imageShape: [1, 1, 2] });
    const channels = { means: Float64Array.of(0, 0), deviations: Float64Array.of(1, deviation) };
    const { encode, allocate } = createInputEncoder(image, channels);

    expect(() => encode(Float64Array.of(1, value), 1, allocate(1))).toThrow(
      expect.objectContaining({
        code: 'E_DATA_RANGE',
        message: expect.stringMatching(/^Feature column 1 .*received /),
      }),
    );
  });
});
