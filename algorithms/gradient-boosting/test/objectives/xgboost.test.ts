import { describe, expect, it } from 'vitest';
import { createObjective, OBJECTIVE_NAMES } from '../../src/objectives/index.js';
import { fixture, float32, type LeafSums, parametersOf, rowsOf } from './fixture.js';

/** Gradients of group `group` summed over the rows of each leaf. */
function sumByLeaf(gradients: Float32Array, { leaf, gradient }: LeafSums, group: number, groupCount: number) {
  const sums = gradient.map(() => ({ gradient: 0, hessian: 0 }));
  for (const [row, index] of leaf.entries()) {
    sums[index]!.gradient += gradients[2 * (row * groupCount + group)]!;
    sums[index]!.hessian += gradients[2 * (row * groupCount + group) + 1]!;
  }
  return sums;
}

/** Within `tolerance` of `expected`, relative to `scale` or itself, whichever is larger. */
function expectClose(actual: number, expected: number, tolerance: number, scale: number, what: string) {
  const deviation = Math.abs(actual - expected) / Math.max(Math.abs(expected), scale);
  expect(deviation, `${what}: ${actual} instead of ${expected}`).toBeLessThanOrEqual(tolerance);
}

function expectSums(gradients: Float32Array, sums: readonly LeafSums[], tolerance: number) {
  for (const [group, expected] of sums.entries()) {
    const scale = Math.max(...expected.gradient.map(Math.abs)) * 1e-2;
    const curvatureScale = Math.max(...expected.hessian) * 1e-2;
    for (const [index, sum] of sumByLeaf(gradients, expected, group, sums.length).entries()) {
      expectClose(sum.gradient, expected.gradient[index]!, tolerance, scale, `gradient of leaf ${index}`);
      expectClose(sum.hessian, expected.hessian[index]!, tolerance, curvatureScale, `hessian of leaf ${index}`);
    }
  }
}

describe.each(fixture.cases.map((given) => [given.name, given] as const))('%s', (_, given) => {
  const objective = createObjective(given.objective, parametersOf(given));
  const rows = rowsOf(given);
  const margins = float32(given.margins);

  it("has XGBoost's gradients and hessians", () => {
    const out = new Float32Array(margins.length * 2);

    objective.checkLabels(rows);
    objective.prepare(rows, { pairSeed: () => given.pairSeed ?? 0 }).computeGradients(margins, out, 0);

    expect(given.sums.length).toBe(objective.groupCount);
    expectSums(out, given.sums, 4e-6); // a few float32 roundings in both, more in a leaf's quotient
  });

  it("estimates XGBoost's base_score and starts from its margin", () => {
    const score = objective.estimateBaseScore(rows);
    const start = objective.toMargins(Float32Array.from(given.baseScore));

    expect(score.length).toBe(given.baseScore.length);
    for (const [group, expected] of given.baseScore.entries()) {
      // float32 sums and differences of numbers near 1
      expectClose(score[group]!, expected, 2e-6, 0.1, 'base_score');
      expectClose(start[group]!, float32(given.baseMargins)[group]!, 2e-6, 0.1, 'margin');
    }
  });

  it("transforms margins into XGBoost's predictions", () => {
    const smallest = given.objective === 'reg:expectileerror' ? 0.25 : 1e-30;

    const predictions = objective.transform(margins);

    expect(predictions.length).toBe((margins.length / objective.groupCount) * objective.outputCount);
    for (const [index, expected] of float32(given.predictions).entries()) {
      // float32 exp, in both at most 1 unit in the last place from exact; expectiles are sums of such
      if (Number.isFinite(expected)) expectClose(predictions[index]!, expected, 5e-7, smallest, 'prediction');
      else expect(predictions[index]).toBe(expected);
    }
  });
});

it('every objective is compared with XGBoost', () => {
  const compared = new Set(fixture.cases.map((given) => given.objective));

  expect(OBJECTIVE_NAMES.filter((name) => !compared.has(name))).toEqual(['reg:linear']); // alias
});

it("unbiased ranking learns XGBoost's position biases and gradients over three rounds", () => {
  const { rounds, truncation } = fixture.unbiased;
  const objective = createObjective('rank:ndcg', {
    lambdarankUnbiased: true,
    lambdarankNumPairPerSample: truncation,
  });
  const source = objective.prepare(rowsOf(fixture.unbiased));

  for (const [number, round] of rounds.entries()) {
    const margins = float32(round.margins);
    const out = new Float32Array(margins.length * 2);
    source.computeGradients(margins, out, number);

    expectSums(out, [round.sums], 2e-5); // leaves were divided by eta, losses by float32 sigmoids
    for (const name of ['ti+', 'tj-'] as const) {
      for (const [position, expected] of round[name].entries()) {
        expectClose(source.vectors![name]![position]!, expected, 1e-5, 0.01, `${name} ${position}`);
      }
    }
  }
});
