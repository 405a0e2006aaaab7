import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { startProgram } from './program.js';

/** Prints, then waits for the first signal before it evaluates the program, as a slow bundle would. */
const SLOW_PROGRAM = fileURLToPath(new URL('../fixtures/slow-start.ts', import.meta.url));

let root: ContainerRoot;
afterEach(() => root.remove());

describe('a signal that comes before the program is evaluated', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops a job by a signal that came before the program was there: %s',
    async (name) => {
      root = makeContainerRoot({
        hyperparameters: { behaviour: 'wait-for-stop' },
        channels: { train: { a: '1,2\n' } },
      });
      const program = startProgram(root, ['train'], { program: SLOW_PROGRAM });
      await program.printed('evaluating');

      program.process.kill(name);

      expect(await program.ended()).toBe(1);
      expect(root.readFailure()).toContain(`The job was stopped (${name}) before a usable model existed.`);
    },
  );

  it('ends serving with exit code 0', async () => {
    root = makeContainerRoot();
    const program = startProgram(root, ['serve'], { program: SLOW_PROGRAM });
    await program.printed('evaluating');

    program.process.kill('SIGTERM');

    expect(await program.ended()).toBe(0);
    expect(program.output()).toContain('SIGTERM received');
  });
});
