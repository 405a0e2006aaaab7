/** Means over five seeds on rows that no training saw, on the backend that is best here (ALGO_BACKEND names another). */
import { expect, it } from 'vitest';
import { heldOutAccuracy, NETWORKS } from './digits.js';

const SEEDS = [1, 2, 3, 4, 5];
const BACKEND = process.env.ALGO_BACKEND ?? 'auto';

it.each<[keyof typeof NETWORKS, number]>([
  ['the convolution net of the sample job', 0.985],
  ['a dense net', 0.975],
])('%s reaches an accuracy of %d on the digits', async (name, least) => {
  const accuracies: number[] = [];
  for (const seed of SEEDS) {
    accuracies.push(await heldOutAccuracy({ ...NETWORKS[name], backend: BACKEND, seed: String(seed) }));
  }

  const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length;
  console.log(`${name}: ${mean.toFixed(4)} (${accuracies.map((accuracy) => accuracy.toFixed(4)).join(', ')})`);
  expect(mean).toBeGreaterThanOrEqual(least);
});
