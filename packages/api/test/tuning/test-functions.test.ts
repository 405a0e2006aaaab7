/**
 * Bayesian search on two functions with known minima, compared with random search and with Optuna's medians of ten seeds.
 * `npm run bench -- tuning` runs Optuna again, and shows its values with those of all our strategies.
 */
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.js';
import { branin, hartmann6, objectiveOf, rangesOf, type TestFunction } from './support/test-functions.js';
import { tune } from './support/tune.js';

const JOBS = 40;
/** Three take a second of a core for each function; the long run and the bench have ten. */
const SEEDS = Array.from({ length: runs(3, 10) }, (_, seed) => seed);

/** Best value after 40 trials, median of seeds 0 to 9, of Optuna 5.0.0's GPSampler. */
const OPTUNA = { branin: 0.39798, hartmann6: -3.3133 };
/** Of what Optuna's median is better than that of random search, the share that may be missing. */
const MISSING = 0.1;

function medianOf(target: TestFunction, strategy: 'Bayesian' | 'Random', parallel = 1): number {
  const task = { ranges: rangesOf(target), objective: objectiveOf(target), strategy, jobs: JOBS, parallel };
  return SEEDS.map((seed) => tune({ ...task, seed })).toSorted((a, b) => a - b)[SEEDS.length >> 1]!;
}

describe('Bayesian search', () => {
  it.each([
    ["Branin's function", branin, OPTUNA.branin],
    ["Hartmann's function of six variables", hartmann6, OPTUNA.hartmann6],
  ])('comes closer to the minimum of %s than random search, and as close as Optuna', (_, target, optuna) => {
    const bayesian = medianOf(target, 'Bayesian');
    const random = medianOf(target, 'Random');

    expect(bayesian).toBeLessThan(random);
    expect(bayesian).toBeLessThan(optuna + MISSING * (random - optuna));
  });

  it('comes closer to the minimum than random search with four jobs in parallel', () => {
    expect(medianOf(branin, 'Bayesian', 4)).toBeLessThan(0.5);
    expect(medianOf(branin, 'Random', 4)).toBeGreaterThan(0.5);
  });

  it('is measured on functions that have their published minima', () => {
    expect(branin.at([Math.PI, 2.275])).toBeCloseTo(0.397887, 6);
    expect(branin.at([-Math.PI, 12.275])).toBeCloseTo(0.397887, 6);
    expect(hartmann6.at([0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573])).toBeCloseTo(-3.32237, 5);
  });
});
