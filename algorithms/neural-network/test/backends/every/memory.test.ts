import { expect, it } from 'vitest';
import { describeOnEveryBackend } from '../../support/every-backend.js';
import { measureSteps, smallBatch, startSmallTrainer } from '../../support/small-training.js';
import { disposeBatch } from '../../support/training.js';
import { usage } from '../../support/usage.js';

describeOnEveryBackend('memory', (_, backend) => {
  it('memory does not grow over 300 training steps, on the device and in TensorFlow.js', async () => {
    const [before, after] = await measureSteps(backend(), 300);

    expect(after.tensors).toBe(before.tensors);
    expect(after.bytes).toBe(before.bytes);
    expect(after.device).toBe(before.device);
  });

  it('memory of a trainer is released when it is disposed', async () => {
    const batch = smallBatch(1);
    const train = async () => {
      const trainer = startSmallTrainer(backend());
      trainer.step(batch, 1e-3);
      await trainer.state();
      await trainer.takeLoss();
      trainer.dispose();
    };
    for (let training = 0; training < 3; training++) await train();
    const before = usage(backend());

    for (let training = 0; training < 5; training++) await train();

    const after = usage(backend());
    expect(after.tensors).toBe(before.tensors);
    expect(after.bytes).toBe(before.bytes);
    expect(after.device).toBe(before.device);
    disposeBatch(batch);
  });
});
