import { expect, it } from 'vitest';
import { checkMetricBounds } from '../src/validation/metric-bounds.js';

const METRICS = { 'train:rmse': 3.123456789, 'train:r2': 0.5 };

it('says each bounded metric with its bound, and nothing without bounds', () => {
  const bounds = { 'train:rmse': { atMost: 3.2 }, 'train:r2': { atLeast: 0.5 } };

  expect(checkMetricBounds(METRICS, bounds)).toBe('train:rmse 3.12346 ≤ 3.2, train:r2 0.5 ≥ 0.5');
  expect(checkMetricBounds(METRICS, {})).toBe('');
});

it.each([
  ['above', { 'train:rmse': { atMost: 3 } }, 'metric train:rmse must be at most 3; received 3.123456789'],
  ['below', { 'train:r2': { atLeast: 0.6 } }, 'metric train:r2 must be at least 0.6; received 0.5'],
  ['missing', { 'train:mae': { atMost: 9 } }, 'metric train:mae must be in the log, but is missing'],
])('refuses a metric that is %s', (_, bounds, message) => {
  expect(() => checkMetricBounds(METRICS, bounds)).toThrow(message);
});

it('refuses a metric that is no number', () => {
  expect(() => checkMetricBounds({ loss: Number.NaN }, { loss: { atMost: 1 } })).toThrow('received NaN');
});
