import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { startProgram } from './program.js';

const EPOCHS = 8;

let root: ContainerRoot;
beforeEach(() => {
  root = makeContainerRoot({
    hyperparameters: { rounds: String(EPOCHS) },
    inputDataConfig: { train: { TrainingInputMode: 'Pipe' } },
  });
  mkdirSync(root.paths.data, { recursive: true });
});
afterEach(() => root.remove());

it('reads the FIFOs of a Pipe channel one after another without a warning of Node', async () => {
  for (let epoch = 0; epoch < EPOCHS; epoch++) execFileSync('mkfifo', [join(root.paths.data, `train_${epoch}`)]);
  const program = startProgram(root, ['train'], { variables: { NODE_NO_WARNINGS: '0' } });
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const writer = createWriteStream(join(root.paths.data, `train_${epoch}`));
    writer.end('1,2\n3,4\n');
    await finished(writer);
  }

  expect(await program.ended()).toBe(0);
  expect(program.output()).not.toContain('Warning');
});
