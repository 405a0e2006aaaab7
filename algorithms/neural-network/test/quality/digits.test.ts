/** One seed of what `npm run quality` measures over several: five rows of 360 worse at most. */
import { expect, it } from 'vitest';
import { heldOutAccuracy, NETWORKS } from './digits.js';

it.each<[keyof typeof NETWORKS, number]>([
  ['the convolution net of the sample job', 0.97],
  ['a dense net', 0.96],
])('%s tells at least a share of %d of the digits', async (name, least) => {
  const accuracy = await heldOutAccuracy({ ...NETWORKS[name], backend: 'wasm', seed: '1' });

  expect(accuracy).toBeGreaterThanOrEqual(least);
});
