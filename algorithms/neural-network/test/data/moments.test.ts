import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMoments, joinMoments } from '../../src/data/moments.js';

const name = (column: number) => `column ${column}`;

/** Mean and deviation in two passes. */
function reference(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
  return { mean, deviation: Math.sqrt(square) };
}

describe('column moments', () => {
  it('equal those of two passes, bit for bit however the rows are divided', () => {
    const cases = fc.record({
      rows: fc.array(
        fc.tuple(
          fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 1000),
          fc.integer({ min: -9, max: 9 }),
        ),
        {
          minLength: 2,
          maxLength: 60,
        },
      ),
      cut: fc.nat(59),
    });

    fc.assert(
      fc.property(cases, ({ rows, cut }) => {
        const values = Float64Array.from(rows.flat());
        const at = Math.min(cut, rows.length);
        const whole = createMoments();
        whole.add(values, rows.length, 2);
        const parts = createMoments();
        parts.add(values.subarray(0, 2 * at), at, 2);
        parts.add(values.subarray(2 * at), rows.length - at, 2);

        const { means, deviations } = whole.scaling(name);

        expect(parts.scaling(name)).toEqual({ means, deviations });
        for (const column of [0, 1] as const) {
          const { mean, deviation } = reference(rows.map((row) => row[column]));
          expect(Math.abs(means[column]! - mean)).toBeLessThanOrEqual(1e-9);
          const isConstant = rows.every((row) => row[column] === rows[0]![column]);
          if (!isConstant) expect(deviations[column]).toBeCloseTo(deviation, 6); // values up to 1e6
        }
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });

  it('of several hosts equal those of all rows, whichever host has them', () => {
    const cases = fc.record({
      rows: fc.array(fc.tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.constant(0.1)), { minLength: 1, maxLength: 60 }),
      cuts: fc.tuple(fc.nat(60), fc.nat(60)),
    });

    fc.assert(
      fc.property(cases, ({ rows, cuts }) => {
        const [from, to] = cuts.toSorted((a, b) => a - b) as [number, number];
        const parts = [rows.slice(0, from), rows.slice(from, to), rows.slice(to)].map((part) => {
          const moments = createMoments();
          moments.add(Float64Array.from(part.flat()), part.length, 2);
          return moments.sums();
        });

        const { means, deviations } = joinMoments(parts).scaling(name);

        const { mean, deviation } = reference(rows.map(([value]) => value));
        expect(Math.abs(means[0]! - mean)).toBeLessThanOrEqual(1e-8); // values up to 1e6
        expect(Math.abs(deviations[0]! - (deviation || 1))).toBeLessThanOrEqual(1e-8);
        expect(deviations[1]).toBe(1); // constant on all hosts
      }),
      { seed: 20261130, numRuns: 200 },
    );
  });

  it('of a host that saw fewer columns count those as 0', () => {
    const [narrow, wide, whole] = [createMoments(), createMoments(), createMoments()];
    narrow.add(Float64Array.of(1, 2), 2, 1);
    wide.add(Float64Array.of(3, 5, 4, 7), 2, 2);
    whole.add(Float64Array.of(1, 0, 2, 0, 3, 5, 4, 7), 4, 2);

    const joined = joinMoments([narrow.sums(), createMoments().sums(), wide.sums()]).scaling(name);

    expect([...joined.means]).toEqual([2.5, 3]);
    const { deviations } = whole.scaling(name);
    for (const column of [0, 1]) expect(joined.deviations[column]).toBeCloseTo(deviations[column]!, 14);
  });

  it('keep a small deviation far from 0', () => {
    const moments = createMoments();
    moments.add(Float64Array.of(1e9, 1e9 + 1, 1e9 + 2), 3, 1);

    const { means, deviations } = moments.scaling(name);

    expect(means[0]).toBe(1e9 + 1);
    expect(deviations[0]).toBeCloseTo(Math.sqrt(2 / 3), 6); // sums of squares would have no digit left
  });

  it('have deviation 1 for a constant column, whatever rounding leaves', () => {
    const moments = createMoments();
    moments.add(new Float64Array(1000).fill(0.1), 1000, 1);

    const { means, deviations } = moments.scaling(name);

    expect(deviations[0]).toBe(1);
    expect(means[0]).toBeCloseTo(0.1, 15);
  });

  it('treat columns that appear late as 0 before', () => {
    const late = createMoments();
    late.add(Float64Array.of(1, 2), 2, 1);
    late.add(Float64Array.of(3, 4), 1, 2);
    const dense = createMoments();
    dense.add(Float64Array.of(1, 0, 2, 0, 3, 4), 3, 2);

    expect(late.scaling(name)).toEqual(dense.scaling(name));
  });

  it('combine the pixels of a channel', () => {
    const moments = createMoments();
    // Two pixels of two channels: columns are p0c0, p0c1, p1c0, p1c1.
    moments.add(Float64Array.of(1, 5, 3, 5, 7, 5, 1, 5), 2, 4);

    const { means, deviations } = moments.channelScaling(2, name);

    const { mean, deviation } = reference([1, 3, 7, 1]);
    expect([...means]).toEqual([mean, 5]);
    expect(deviations[0]).toBeCloseTo(deviation, 14);
    expect(deviations[1]).toBe(1);
  });

  it('refuse a column whose squares overflow a double, naming it', () => {
    const moments = createMoments();
    moments.add(Float64Array.of(1e200, -1e200), 2, 1);

    expect(() => moments.scaling(name)).toThrow('column 0 must have values whose squares fit in a double');
  });
});
