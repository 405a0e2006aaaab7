import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { createTrainer } from '../../../src/training/trainer.js';
import { describeOnEveryBackend } from '../../support/every-backend.js';
import { defineNetwork, dense, randomBatch, rule, startNetwork } from '../../support/networks.js';
import { disposeBatch } from '../../support/training.js';

const STEPS = { tensorflow: 3000, webgpu: 2, wasm: 3000, cpu: 300 };

const definition = defineNetwork({ columns: 28, layers: [dense('dense_1', 128), dense('dense_2', 64)] });

describeOnEveryBackend('signals', (name, backend) => {
  // oneDNN, which TensorFlow computes with, moves the stack pointer to where a signal handler must not write.
  it('do no harm while a network is trained', async () => {
    let handled = 0;
    const handle = () => handled++;
    process.on('SIGUSR2', handle);
    const sender = spawn('sh', ['-c', `while kill -USR2 ${process.pid}; do :; done`], { stdio: 'ignore' });
    const batch = randomBatch(definition, 256, 1);
    const trainer = createTrainer(backend().operations, startNetwork(definition), { rule: rule(), seed: 1 });

    let loss = 0;
    for (let step = 1; step <= STEPS[name]; step++) {
      trainer.step(batch, 1e-3);
      if (step % 100 === 0 || step === STEPS[name]) loss = await trainer.takeLoss();
      if (step % 100 === 0) await new Promise(setImmediate);
    }

    const ended = new Promise((end) => sender.on('exit', end));
    sender.kill('SIGKILL');
    await ended;
    process.off('SIGUSR2', handle);
    expect(handled).toBeGreaterThan(0);
    expect(loss).toBeGreaterThan(0);
    expect(Number.isFinite(loss)).toBe(true);
    trainer.dispose();
    disposeBatch(batch);
  });
});
