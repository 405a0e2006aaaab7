/** Gradients against numeric derivatives of the losses as their documents state them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createObjective, type LabelledRows, type Objective } from '../../src/objectives/index.js';
import { erf, softplus } from '../../src/objectives/special-functions.js';

type Margins = readonly number[];
/** Total loss of all rows, in float64. */
type Loss = (margins: Margins) => number;

/** Step of the differences: errors of order step² and 1e-16 / step². */
const STEP = 1e-4;

function slope(loss: Loss, at: Margins, index: number): number {
  const moved = (by: number) => loss(at.map((value, i) => (i === index ? value + by : value)));
  return (moved(STEP) - moved(-STEP)) / (2 * STEP);
}

function curvature(loss: Loss, at: Margins, index: number): number {
  const moved = (by: number) => loss(at.map((value, i) => (i === index ? value + by : value)));
  return (moved(STEP) - 2 * loss(at) + moved(-STEP)) / (STEP * STEP);
}

function gradientsOf(objective: Objective, rows: LabelledRows, margins: Margins): Float32Array {
  const out = new Float32Array(margins.length * 2);
  objective.checkLabels(rows);
  objective.prepare(rows).computeGradients(Float32Array.from(margins), out, 0);
  return out;
}

/** @param factor hessian = factor × second derivative; undefined where the hessian is a surrogate */
function expectDerivatives(objective: Objective, rows: LabelledRows, margins: Margins, loss: Loss, factor?: number) {
  const float32 = [...Float32Array.from(margins)];
  const out = gradientsOf(objective, rows, margins);
  for (let index = 0; index < margins.length; index++) {
    const expected = slope(loss, float32, index);
    expect(Math.abs(out[2 * index]! - expected)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected)));
    if (factor === undefined) continue;
    const second = factor * curvature(loss, float32, index);
    expect(Math.abs(out[2 * index + 1]! - second)).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(second)));
  }
}

const runs = { seed: 20261121, numRuns: 200 };
const margin = fc.double({ min: -2.5, max: 2.5, noNaN: true });
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const positive = fc.double({ min: 0.05, max: 5, noNaN: true });

describe('elementwise losses', () => {
  const losses: readonly [string, Objective, fc.Arbitrary<number>, (f: number, y: number) => number, number?][] = [
    ['squared error', createObjective('reg:squarederror'), margin, (f, y) => 0.5 * (f - y) ** 2, 1],
    ['logistic loss', createObjective('binary:logistic'), unit, (f, y) => softplus(f) - y * f, 1],
    ['logistic regression', createObjective('reg:logistic'), unit, (f, y) => softplus(f) - y * f, 1],
    ['raw logistic loss', createObjective('binary:logitraw'), unit, (f, y) => softplus(f) - y * f, 1],
    ['gamma loss', createObjective('reg:gamma'), positive, (f, y) => y * Math.exp(-f) + f, 1],
    ['Poisson loss', createObjective('count:poisson'), positive, (f, y) => Math.exp(f) - y * f, Math.exp(0.7)],
    [
      'Tweedie loss',
      createObjective('reg:tweedie', { tweedieVariancePower: 1.3 }),
      positive,
      (f, y) => -y * (Math.exp(-0.3 * f) / -0.3) + Math.exp(0.7 * f) / 0.7,
      1,
    ],
    [
      'pseudo-Huber loss',
      createObjective('reg:pseudohubererror', { huberSlope: 0.8 }),
      margin,
      (f, y) => 0.64 * (Math.sqrt(1 + ((f - y) / 0.8) ** 2) - 1),
      1,
    ],
    ['hinge loss', createObjective('binary:hinge'), fc.constantFrom(0, 1), (f, y) => Math.max(0, 1 - f * (2 * y - 1))],
  ];

  it.each(losses)('have derivatives equal to the numeric ones: %s', (_, objective, label, loss, factor) => {
    fc.assert(
      fc.property(margin, label, positive, (f, given, w) => {
        const y = Math.fround(given);
        fc.pre(objective.name !== 'binary:hinge' || Math.abs(f * (2 * y - 1) - 1) > 1e-3); // the kink
        const weight = Math.fround(w);
        const rows = { labels: Float32Array.of(y), weights: Float32Array.of(weight) };
        expectDerivatives(objective, rows, [f], ([value]) => weight * loss(value!, y), factor);
      }),
      runs,
    );
  });

  it('have derivatives equal to the numeric ones: squared log error where it is convex', () => {
    const objective = createObjective('reg:squaredlogerror');
    fc.assert(
      fc.property(fc.double({ min: -0.7, max: 1, noNaN: true }), fc.double({ min: 1, max: 4, noNaN: true }), (f, y) => {
        const label = Math.fround(y);
        const loss: Loss = ([value]) => 0.5 * (Math.log1p(value!) - Math.log1p(label)) ** 2;
        expectDerivatives(objective, { labels: Float32Array.of(label) }, [f], loss, 1);
      }),
      runs,
    );
  });
});

describe('losses with several margins per row', () => {
  it('have the numeric gradient and twice the numeric second derivative: softmax', () => {
    const objective = createObjective('multi:softprob', { classCount: 3 });
    fc.assert(
      fc.property(fc.array(margin, { minLength: 3, maxLength: 3 }), fc.nat(2), (margins, label) => {
        const loss: Loss = (f) => Math.log(f.reduce((sum, value) => sum + Math.exp(value), 0)) - f[label]!;
        expectDerivatives(objective, { labels: Float32Array.of(label) }, margins, loss, 2);
      }),
      runs,
    );
  });

  it('have the numeric gradient: expectiles', () => {
    const levels = [0.25, 0.5, 0.875]; // exact in float32
    const objective = createObjective('reg:expectileerror', { expectileAlpha: levels });
    fc.assert(
      fc.property(fc.array(margin, { minLength: 3, maxLength: 3 }), margin, (margins, y) => {
        const label = Math.fround(y);
        const loss: Loss = (f) => {
          let expectile = 0;
          return levels.reduce((sum, level, k) => {
            expectile += k === 0 ? f[0]! : 1e-6 + softplus(f[k]!);
            isSmooth &&= Math.abs(expectile - label) > 2 * STEP;
            return sum + 0.5 * (expectile >= label ? 1 - level : level) * (expectile - label) ** 2;
          }, 0);
        };
        let isSmooth = true; // away from where the weight jumps
        loss(margins);
        fc.pre(isSmooth);
        expectDerivatives(objective, { labels: Float32Array.of(label) }, margins, loss);
      }),
      runs,
    );
  });
});

describe('losses across rows', () => {
  it('have the numeric derivatives of the partial likelihood for distinct times: Cox regression', () => {
    const objective = createObjective('survival:cox');
    const row = fc.tuple(margin, fc.integer({ min: 1, max: 100 }), fc.boolean());
    fc.assert(
      fc.property(fc.uniqueArray(row, { minLength: 1, maxLength: 8, selector: ([, t]) => t }), (given) => {
        const times = given.map(([, t, isEvent]) => (isEvent ? t : -t));
        const loss: Loss = (f) =>
          times.reduce((sum, t, row) => {
            if (t < 0) return sum;
            const atRisk = f.reduce(
              (total, value, other) => total + (Math.abs(times[other]!) >= t ? Math.exp(value) : 0),
              0,
            );
            return sum + Math.log(atRisk) - f[row]!;
          }, 0);
        expectDerivatives(
          objective,
          { labels: Float32Array.from(times) },
          given.map(([f]) => f),
          loss,
          1,
        );
      }),
      runs,
    );
  });

  it('keep the precision of the last rows at risk next to hazards 10^12 times as large: Cox regression', () => {
    const objective = createObjective('survival:cox');
    const rows = { labels: Float32Array.of(1, 2, 3) };

    const out = gradientsOf(objective, rows, [30, 0, 0.5]);

    // The last event is alone at risk: its own term is certain, so only the earlier events act on it.
    expect(out[4]).toBeCloseTo(Math.exp(0.5) / (1 + Math.exp(0.5)), 6);
  });

  it('have the numeric derivatives of the logistic losses, with doubled hessian: pairwise ranking', () => {
    const objective = createObjective('rank:pairwise', {
      lambdarankNormalization: false,
      lambdarankScoreNormalization: false,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(margin, fc.nat(2)), { minLength: 2, maxLength: 8 }), (given) => {
        const labels = given.map(([, label]) => label);
        const loss: Loss = (f) =>
          labels.reduce(
            (sum, high, i) =>
              sum + labels.reduce((rest, low, j) => rest + (high > low ? softplus(f[j]! - f[i]!) : 0), 0),
            0,
          );
        expectDerivatives(
          objective,
          { labels: Float32Array.from(labels) },
          given.map(([f]) => f),
          loss,
          2,
        );
      }),
      runs,
    );
  });
});

describe('accelerated failure time', () => {
  const cumulative = {
    normal: (z: number) => 0.5 * (1 + erf(z / Math.SQRT2)),
    logistic: (z: number) => 1 / (1 + Math.exp(-z)),
    extreme: (z: number) => 1 - Math.exp(-Math.exp(z)),
  };
  const density = {
    normal: (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI),
    logistic: (z: number) => Math.exp(z) / (1 + Math.exp(z)) ** 2,
    extreme: (z: number) => Math.exp(z - Math.exp(z)),
  };

  it.each(['normal', 'logistic', 'extreme'] as const)('with %s noise has the numeric derivatives', (name) => {
    const sigma = 0.75;
    const objective = createObjective('survival:aft', { aftLossDistribution: name, aftLossDistributionScale: sigma });
    const interval = fc.tuple(
      fc.double({ min: 0.5, max: 3, noNaN: true }),
      fc.constantFrom('event', 'right', 'left', 'both'),
    );
    fc.assert(
      fc.property(fc.double({ min: -0.8, max: 1, noNaN: true }), interval, (f, [time, kind]) => {
        const t = Math.fround(time);
        const lower = kind === 'left' ? 0 : t;
        const upper = { event: t, right: Number.POSITIVE_INFINITY, left: t, both: Math.fround(t * 2) }[kind]!;
        const z = (bound: number, value: number) => (Math.log(bound) - value) / sigma;
        const loss: Loss = ([value]) => {
          if (kind === 'event') return -Math.log(density[name](z(t, value!)) / (sigma * t));
          const above = upper < Number.POSITIVE_INFINITY ? cumulative[name](z(upper, value!)) : 1;
          return -Math.log(above - (lower > 0 ? cumulative[name](z(lower, value!)) : 0));
        };
        // XGBoost holds derivatives within 15.
        fc.pre(Math.abs(slope(loss, [f], 0)) < 14 && curvature(loss, [f], 0) < 14);
        const rows = {
          labels: Float32Array.of(t),
          bounds: { lower: Float32Array.of(lower), upper: Float32Array.of(upper) },
        };
        expectDerivatives(objective, rows, [f], loss, 1);
      }),
      runs,
    );
  });

  it('reads events and right-censoring from the signs of the labels if there are no bounds', () => {
    const objective = createObjective('survival:aft');
    const bounds = { lower: Float32Array.of(2, 3), upper: Float32Array.of(2, Number.POSITIVE_INFINITY) };
    const labels = Float32Array.of(2, -3);

    expect(gradientsOf(objective, { labels }, [0.3, 0.4])).toEqual(
      gradientsOf(objective, { labels, bounds }, [0.3, 0.4]),
    );
  });
});
