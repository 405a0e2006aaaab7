import { expect, it } from 'vitest';
import type { BackendName } from '../../../src/backends/backend.js';
import { createTrainer, type Trainer } from '../../../src/training/trainer.js';
import { describeOnEveryBackend } from '../../support/every-backend.js';
import { defineNetwork, dense, randomBatch, rule, startNetwork } from '../../support/networks.js';
import { disposeBatch } from '../../support/training.js';
import { nativeGrowth, usage } from '../../support/usage.js';

/** A software GPU does 100 steps in the time that a processor does 10,000. */
const STEPS: Readonly<Record<BackendName, number>> = { tensorflow: 10_000, webgpu: 1000, wasm: 10_000, cpu: 10_000 };

/** Share of steps before the first look, in which pools fill and Node compiles what is hot. */
const WARM_UP = 0.3;

/** A leaked kernel of 32 × 16 float32 a step would be 20 MB in 10,000 steps. Software Vulkan compiles shaders as it goes. */
const NATIVE_GROWTH_BYTES: Readonly<Record<BackendName, number>> = {
  ...{ tensorflow: 12 * 2 ** 20, webgpu: 64 * 2 ** 20, wasm: 12 * 2 ** 20, cpu: 12 * 2 ** 20 },
};

/** A leaked object a step would be 1 MB. */
const HEAP_GROWTH_BYTES = 2 ** 20;

const definition = defineNetwork({
  columns: 32,
  layers: [
    dense('dense_1', 16, 'linear'),
    { kind: 'batchNormalization', name: 'normalization_1', momentum: 0.9, epsilon: 1e-3 },
    { kind: 'activation', name: 'activation_1', activation: 'relu' },
    { kind: 'dropout', name: 'dropout_1', rate: 0.25 },
  ],
});

describeOnEveryBackend('memory', (name, backend) => {
  it(`does not grow over ${STEPS[name]} training steps, on the device, in TensorFlow.js, or in the process`, async () => {
    const batches = [1, 2, 3].map((seed) => randomBatch(definition, 16, seed));
    const trainer = createTrainer(backend().operations, startNetwork(definition), { rule: rule(), seed: 1 });
    const run = async (steps: number) => {
      for (let step = 1; step <= steps; step++) {
        trainer.step(batches[step % 3]!, 1e-3);
        if (step % 100 === 0) await look(trainer);
      }
    };
    const look = async ({ takeLoss, predictions }: Trainer) => {
      await takeLoss();
      predictions(batches[0]!.inputs).dispose();
    };
    await run(WARM_UP * STEPS[name]);
    const before = usage(backend());

    await run(STEPS[name]);

    const after = usage(backend());
    expect(after.tensors).toBe(before.tensors);
    expect(after.bytes).toBe(before.bytes);
    expect(after.device).toBe(before.device);
    expect(after.heap - before.heap).toBeLessThan(HEAP_GROWTH_BYTES);
    expect(nativeGrowth(before, after)).toBeLessThan(NATIVE_GROWTH_BYTES[name]);
    trainer.dispose();
    for (const batch of batches) disposeBatch(batch);
  }, 240_000);

  it('is given back by a trainer that is done', async () => {
    const batch = randomBatch(definition, 16, 1);
    const train = async () => {
      const trainer = createTrainer(backend().operations, startNetwork(definition), { rule: rule(), seed: 1 });
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
