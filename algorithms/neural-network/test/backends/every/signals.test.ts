import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createTrainer } from '../../../src/training/trainer.js';
import { describeOnEveryBackend } from '../../support/every-backend.js';
import { defineNetwork, dense, randomBatch, rule, startNetwork } from '../../support/networks.js';
import { startSignalSender } from '../../support/signal-sender.js';
import { disposeBatch } from '../../support/training.js';

/** The danger is in tensorflow's native code; the others show that nothing of theirs minds. */
const STEPS = { tensorflow: 3000, webgpu: 2, wasm: 200, cpu: 20 };

const definition = defineNetwork({ columns: 28, layers: [dense('dense_1', 128), dense('dense_2', 64)] });

describeOnEveryBackend('signals', (name, backend) => {
  // oneDNN, which TensorFlow computes with, moves the stack pointer to where a signal handler must not write.
  it('signals during training do not affect it', async () => {
    const handled = once(process, 'SIGUSR2');
    const ignore = () => undefined;
    process.on('SIGUSR2', ignore);
    const sender = startSignalSender('SIGUSR2');
    const batch = randomBatch(definition, 256, 1);
    const trainer = createTrainer(backend().operations, startNetwork(definition), { rule: rule(), seed: 1 });

    let loss = 0;
    for (let step = 1; step <= STEPS[name]; step++) {
      sender.during(() => trainer.step(batch, 1e-3));
      if (step % 100 === 0 || step === STEPS[name]) loss = await trainer.takeLoss();
      if (step % 100 === 0) await new Promise(setImmediate);
    }

    await sender.end();
    await handled;
    process.off('SIGUSR2', ignore);
    expect(loss).toBeGreaterThan(0);
    expect(Number.isFinite(loss)).toBe(true);
    trainer.dispose();
    disposeBatch(batch);
  });
});
