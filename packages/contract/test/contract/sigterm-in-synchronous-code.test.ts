import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { writeModel } from '../../src/model/save.js';
import type { Paths } from '../../src/paths.js';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { bundledProgram } from '../bundled-program.js';
import { fixture, type RunningProgram, startProgram } from './program.js';

/** The fixture algorithm, with no time at all for a stop to come back. */
const SHORT_GRACE_PROGRAM = bundledProgram(fixture('short-grace.ts'));

let root: ContainerRoot;
afterEach(() => root.remove());

function startJob(behaviour: string, program?: string, prepare?: (paths: Paths) => void): RunningProgram {
  root = makeContainerRoot({ hyperparameters: { behaviour }, channels: { train: { a: '1,2\n' } } });
  prepare?.(root.paths);
  const fifo = join(root.paths.base, 'fifo');
  execFileSync('mkfifo', [fifo]);
  return startProgram(root, ['train'], { ...(program && { program }), variables: { ALGO_FIFO: fifo } });
}

describe('a stop while the algorithm blocks its event loop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'is seen by a loop that checks for it, and logged with the signal name: %s',
    async (name) => {
      const program = startJob('loop-until-stop');
      await program.printed('looping');

      program.process.kill(name);

      expect(await program.ended()).toBe(1);
      expect(program.output()).toContain(`${name} received; stopping at the next safe point`);
      expect(root.readFailure()).toBe(
        `ClientError: The job was stopped (${name}) before a usable model existed. Give it more time, or less data.`,
      );
    },
  );

  it.each(['loop', 'open-fifo'])('ends the job with a failure file after the grace time: %s', async (behaviour) => {
    const program = startJob(behaviour, SHORT_GRACE_PROGRAM);
    await program.printed('looping');

    program.process.kill('SIGTERM');

    expect(await program.ended()).toBe(1);
    expect(root.readFailure()).toContain('ClientError: The job was stopped (SIGTERM) before a usable model existed.');
  });

  it.each(['save-then-loop', 'save-then-open-fifo', 'offer-then-loop', 'offer-then-save-for-long'])(
    'ends the job with the model it had when its time is over: %s',
    async (behaviour) => {
      const program = startJob(behaviour, SHORT_GRACE_PROGRAM);
      await program.printed('looping');

      program.process.kill('SIGTERM');

      expect(await program.ended()).toBe(0);
      expect(program.output()).toContain('SIGTERM: it did not return within 0 s; the best model so far is saved');
      expect(readdirSync(root.paths.model).sort()).toEqual(['.manifest.json', 'model.json']);
      expect(readFileSync(join(root.paths.model, 'model.json'), 'utf8')).toBe('{"mean":1}');
      expect(root.readFailure()).toBeUndefined();
    },
  );

  it('does not count the model of an earlier job as its own', async () => {
    const program = startJob('loop', SHORT_GRACE_PROGRAM, (paths) => {
      void writeModel(
        paths.model,
        { files: { 'model.json': '{}' }, featureCount: 1 },
        { name: 'mean', version: '1.0.0' },
      );
    });
    await program.printed('looping');

    program.process.kill('SIGTERM');

    expect(await program.ended()).toBe(1);
    expect(root.readFailure()).toContain('ClientError: The job was stopped (SIGTERM) before a usable model existed.');
  });

  it.each([
    ['loop-interruptible', 1, 'The job was stopped (SIGTERM) before a usable model existed.'],
    ['save-then-loop-interruptible', 0, undefined],
  ])('ends interruptible work immediately: %s', async (behaviour, code, failure) => {
    const program = startJob(behaviour);
    await program.printed('looping');

    program.process.kill('SIGTERM');

    expect(await program.ended()).toBe(code);
    if (failure === undefined) expect(root.readFailure()).toBeUndefined();
    else expect(root.readFailure()).toContain(failure);
  });
});
