import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { startProgram } from './program.js';

let root: ContainerRoot;
beforeEach(() => {
  root = makeContainerRoot({ inputDataConfig: { train: { TrainingInputMode: 'Pipe' } } });
  mkdirSync(root.paths.data, { recursive: true });
});
afterEach(() => root.remove());

describe('SIGTERM while a Pipe channel waits', () => {
  it('ends the program if the writer never opened the FIFO', async () => {
    execFileSync('mkfifo', [join(root.paths.data, 'train_0')]);
    const program = startProgram(root);
    await program.printed('mean 1.0.0 train');

    program.process.kill('SIGTERM');

    expect(await program.ended()).toBe(1);
    expect(root.readFailure()).toMatch(
      /the job was stopped \(SIGTERM\) (before it read|while it waited for the first data of) the channel\./,
    );
  });

  it('ends the program if the FIFO does not exist yet', async () => {
    const program = startProgram(root);
    await program.printed('mean 1.0.0 train');

    program.process.kill('SIGTERM');

    expect(await program.ended()).toBe(1);
  });

  it('ends the program if the writer pauses in the middle of a row', async () => {
    execFileSync('mkfifo', [join(root.paths.data, 'train_0')]);
    const program = startProgram(root);
    const writer = createWriteStream(join(root.paths.data, 'train_0'));
    writer.on('error', () => {}); // the reader goes away while the writer still has it open
    await once(writer, 'open');
    writer.write('1,2\n3,');

    program.process.kill('SIGTERM');

    expect(await program.ended()).toBe(1);
    expect(root.readFailure()).toMatch(
      /the job was stopped \(SIGTERM\) while it (waited for the first data|read the channel, 6 bytes)/,
    );
    writer.destroy();
  });
});
