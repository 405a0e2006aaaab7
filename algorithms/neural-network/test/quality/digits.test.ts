/** One seed of what `npm run quality` measures over several: five rows of 360 worse at most. */
import { expect, it } from 'vitest';
import { heldOutAccuracy, NETWORKS } from './digits.js';

it('a dense network reaches an accuracy of 0.96 on the digits', async () => {
  const accuracy = await heldOutAccuracy({ ...NETWORKS['a dense net'], backend: 'wasm', seed: '1' });

  expect(accuracy).toBeGreaterThanOrEqual(0.96);
});
