/** A model predicts the margins that training followed, to the bit: both start from one base score and add in one order. */
import { afterAll, expect, it } from 'vitest';
import { createPool } from '../../src/engine/threads/pool.js';
import { compilePredictor } from '../../src/predict/index.js';
import { fitCase, trainingCases } from '../parity/training-case.js';

const pool = createPool(2);
afterAll(() => pool.close());
const stored = trainingCases().find(({ name }) => name === 'squared-error')!;

const LOSSES: readonly Readonly<Record<string, unknown>>[] = [
  { objective: 'reg:squarederror' },
  { objective: 'reg:absoluteerror' },
  { objective: 'reg:pseudohubererror' },
  { objective: 'reg:quantileerror', quantile_alpha: [0.1, 0.5, 0.9] },
  { objective: 'reg:expectileerror', expectile_alpha: [0.1, 0.5, 0.9] },
];
const GROWTH: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { base_score: 0.5 },
  { booster: 'dart', rate_drop: 0.5 },
  { num_parallel_tree: 3, subsample: 0.5 },
];

it.each(LOSSES.flatMap((loss) => GROWTH.map((growth) => ({ ...loss, ...growth }))))(
  'predictions of a served model equal the margins of training: %o',
  async (changes) => {
    const { ensemble, margins } = await fitCase(pool, stored, { ...changes, num_round: 6 });

    expect(compilePredictor(ensemble).margins(stored.features)).toEqual(margins);
  },
);
