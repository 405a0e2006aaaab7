/** A small network in training, and what is held before and after many of its steps. */
import type { Backend } from '../../src/backends/backend.js';
import { createTrainer, type Trainer } from '../../src/training/trainer.js';
import { defineNetwork, dense, randomBatch, rule, startNetwork } from './networks.js';
import { disposeBatch } from './training.js';
import { type Usage, usage } from './usage.js';

/** Share of steps before the first look, in which pools fill and Node compiles what is hot. */
const WARM_UP = 0.3;
/** Two looks: the first one leaves buffers in the pools of a GPU, of which the second takes some more. */
const WARM_UP_STEPS = 200;

const definition = defineNetwork({
  columns: 32,
  layers: [
    dense('dense_1', 16, 'linear'),
    { kind: 'batchNormalization', name: 'normalization_1', momentum: 0.9, epsilon: 1e-3 },
    { kind: 'activation', name: 'activation_1', activation: 'relu' },
    { kind: 'dropout', name: 'dropout_1', rate: 0.25 },
  ],
});

export const startSmallTrainer = (backend: Backend): Trainer =>
  createTrainer(backend.operations, startNetwork(definition), { rule: rule(), seed: 1 });

export const smallBatch = (seed: number) => randomBatch(definition, 16, seed);

/** What is held after the steps of the warm-up, and after `steps` more. */
export async function measureSteps(backend: Backend, steps: number): Promise<readonly [before: Usage, after: Usage]> {
  const batches = [1, 2, 3].map(smallBatch);
  const trainer = startSmallTrainer(backend);
  const run = async (count: number) => {
    for (let step = 1; step <= count; step++) {
      trainer.step(batches[step % 3]!, 1e-3);
      if (step % 100 === 0) await look();
    }
  };
  const look = async () => {
    await trainer.takeLoss();
    trainer.predictions(batches[0]!.inputs).dispose();
  };
  await run(Math.max(WARM_UP_STEPS, WARM_UP * steps));
  const before = usage(backend);
  await run(steps);
  const after = usage(backend);
  trainer.dispose();
  for (const batch of batches) disposeBatch(batch);
  return [before, after];
}
