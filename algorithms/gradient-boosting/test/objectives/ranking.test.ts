import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/evaluation/index.js';
import { createObjective, DEFAULT_PARAMETERS } from '../../src/objectives/index.js';
import { groupedDescendingOrder } from '../../src/objectives/order.js';
import { mapChange, ndcgChange } from '../../src/objectives/ranking/metric-change.js';

const runs = { seed: 20261121, numRuns: 200 };
const score = fc.double({ min: -3, max: 3, noNaN: true });

/** Rows of 1 to 4 queries with scores that differ, so that ranks are unambiguous. */
function queries(label: fc.Arbitrary<number>) {
  const query = fc.array(fc.tuple(score, label), { minLength: 1, maxLength: 7 });
  return fc.array(query, { minLength: 1, maxLength: 4 }).map((list) => {
    const flat = list.flat();
    const queryStart = Uint32Array.from([0, ...list.map((_, i) => list.slice(0, i + 1).flat().length)]);
    return {
      queryStart,
      scores: Float32Array.from(flat, ([value], row) => value + row * 1e-3),
      labels: Float32Array.from(flat, ([, value]) => value),
    };
  });
}

describe.each([
  ['ndcg', fc.nat(4)],
  ['map', fc.nat(1)],
] as const)('the change of %s by swapping two documents', (name, label) => {
  it("equals the difference of the metric's values", () => {
    const objective = createObjective(name === 'ndcg' ? 'rank:ndcg' : 'rank:map');
    const [metric] = createMetrics([`${name}@100`], objective);
    fc.assert(
      fc.property(queries(label), ({ labels, scores, queryStart }) => {
        const rows = { labels, queryStart };
        const change = name === 'ndcg' ? ndcgChange(rows, DEFAULT_PARAMETERS) : mapChange(rows);
        const ranking = groupedDescendingOrder(scores, queryStart);
        change.setRanking(ranking);
        const before = metric!.prepare(rows)(scores);
        const queryCount = queryStart.length - 1;
        for (let query = 0; query < queryCount; query++) {
          for (let a = queryStart[query]!; a < queryStart[query + 1]!; a++) {
            for (let b = a + 1; b < queryStart[query + 1]!; b++) {
              const [rowA, rowB] = [ranking[a]!, ranking[b]!];
              if (labels[rowA] === labels[rowB]) continue;
              const swapped = scores.slice();
              [swapped[rowA], swapped[rowB]] = [scores[rowB]!, scores[rowA]!];
              const expected = Math.abs(metric!.prepare(rows)(swapped) - before) * queryCount;
              const [high, low] = labels[rowA]! > labels[rowB]! ? [a, b] : [b, a];
              expect(Math.abs(change.ofSwap(query, high, low))).toBeCloseTo(expected, 10);
            }
          }
        }
      }),
      runs,
    );
  });
});

describe.each(['rank:pairwise', 'rank:ndcg', 'rank:map'] as const)('%s', (name) => {
  const gradientsOf = (rows: Parameters<typeof objective.prepare>[0], scores: Float32Array) => {
    const out = new Float32Array(scores.length * 2);
    objective.prepare(rows).computeGradients(scores, out, 0);
    return out;
  };
  const objective = createObjective(name);

  it('has gradients that sum to 0 in each query, and hessians above 0 exactly where there are pairs', () => {
    fc.assert(
      fc.property(queries(fc.nat(1)), ({ labels, scores, queryStart }) => {
        const out = gradientsOf({ labels, queryStart }, scores);
        for (let query = 0; query + 1 < queryStart.length; query++) {
          const rows = Array.from(
            { length: queryStart[query + 1]! - queryStart[query]! },
            (_, i) => queryStart[query]! + i,
          );
          const hasPairs = rows.some((row) => labels[row] !== labels[rows[0]!]);
          expect(rows.reduce((sum, row) => sum + out[2 * row]!, 0)).toBeCloseTo(0, 5);
          for (const row of rows) expect(out[2 * row + 1]! > 0).toBe(hasPairs);
        }
      }),
      runs,
    );
  });

  it('moves the only relevant document up and the others down', () => {
    const out = gradientsOf({ labels: Float32Array.of(0, 1, 0) }, Float32Array.of(2, 0, 1));

    expect(out[2]).toBeLessThan(0);
    expect(out[0]).toBeGreaterThan(0);
    expect(out[4]).toBeGreaterThan(0);
  });

  it('draws the same random pairs for the same seed, and others for another', () => {
    const labels = Float32Array.from({ length: 40 }, (_, i) => i % 2);
    const scores = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i));
    const drawn = createObjective(name, { lambdarankPairMethod: 'mean' });
    const gradients = (seed: number) => {
      const out = new Float32Array(80);
      drawn.prepare({ labels }, { pairSeed: () => seed }).computeGradients(scores, out, 0);
      return out;
    };

    expect(gradients(7)).toEqual(gradients(7));
    expect(gradients(7)).not.toEqual(gradients(8));
  });
});

describe('unbiased ranking', () => {
  it('resumes from stored position biases as if never interrupted', () => {
    const objective = createObjective('rank:ndcg', { lambdarankUnbiased: true, lambdarankNumPairPerSample: 4 });
    const rows = { labels: Float32Array.of(1, 0, 0, 1, 1, 0), queryStart: Uint32Array.of(0, 3, 6) };
    const scores = Float32Array.of(0.3, 0.1, 0.5, -0.2, 0.4, 0);
    const run = (source: ReturnType<typeof objective.prepare>, rounds: readonly number[]) =>
      rounds.map((round) => {
        const out = new Float32Array(12);
        source.computeGradients(scores, out, round);
        return out;
      });
    const whole = objective.prepare(rows);
    const expected = run(whole, [0, 1, 2, 3]);

    const first = objective.prepare(rows);
    const firstHalf = run(first, [0, 1]);
    const second = objective.prepare(rows, { vectors: first.vectors! });
    const secondHalf = run(second, [2, 3]);

    expect([...firstHalf, ...secondHalf]).toEqual(expected);
    expect(second.vectors).toEqual(whole.vectors);
    expect(expected[3]).not.toEqual(expected[0]);
  });
});
