/** One seed of what `npm run quality` measures over several: five rows of 360 worse at most. */
import { expect, it } from 'vitest';
import { heldOutAccuracy, NETWORKS } from './digits.js';

it('the convolutional network of the sample job reaches an accuracy of 0.97 on the digits', async () => {
  const job = NETWORKS['the convolution net of the sample job'];

  const accuracy = await heldOutAccuracy({ ...job, backend: 'wasm', seed: '1' });

  expect(accuracy).toBeGreaterThanOrEqual(0.97);
});
