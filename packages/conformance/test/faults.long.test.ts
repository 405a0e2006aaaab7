/**
 * Programs with one fault each: all are the reference program, which keeps every rule, with one place changed. Each breaks just the
 * rule that its fault is about, of all rules; of those of serving, where training does not know the fault. Several run at the
 * same time: those that do not end are waited for.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listRules } from '../src/index.js';
import { FAULTS } from './faults.js';
import { brokenOf, checkReference, REFERENCE } from './scene.js';

/** A busy machine takes long to answer. What depends on these is done in milliseconds, or never, by programs that break a rule about them. */
const LIMITS = {
  stopTrainingMs: 60_000,
  stopServerMs: 30_000,
  startServerMs: 60_000,
  pingMs: 20_000,
  trainingMs: 600_000,
  moreTrainingMs: 600_000,
};

/** Rules for which the program only trains: half of all its runs. */
const OF_TRAINING = [
  'training',
  'hyperparameters',
  'channels',
  'checkpoints',
  'failure',
  'stop.training',
  'stop.training-model',
];

/** All that the program loads where it trains. */
const TRAINS = readFileSync(join(REFERENCE, 'train.js'), 'utf8');

/** A training that does not read the fault is that of the program without one. */
const rulesWithout = (fault: string) => (TRAINS.includes(`has('${fault}')`) ? [] : OF_TRAINING);

describe.concurrent('a program with one fault', () => {
  it.for(FAULTS)('breaks just the rule that it is about: %s', async ([fault, rule = fault], { expect: expectHere }) => {
    const report = await checkReference(fault, { limits: LIMITS, skip: rulesWithout(fault) });

    expectHere(brokenOf(report)).toEqual({ [rule]: expect.any(String) });
  });
});

it('the reference program breaks no rule', async () => {
  const report = await checkReference(undefined, { limits: LIMITS });

  expect(brokenOf(report)).toEqual({});
});

describe('the faults', () => {
  it('are read in training by no other file than train.js', () => {
    const imported = [...TRAINS.matchAll(/\bfrom '(.*)'|\bimport\((.*)\)/g)].map(([, name]) => name);

    expect(imported.filter((name) => !name?.startsWith('node:'))).toEqual(['./fault.js']);
  });

  it('are of every rule but those of images', () => {
    const tried = new Set(FAULTS.map(([fault, rule = fault]) => rule));
    const untried = listRules().filter(({ id }) => !tried.has(id));

    expect(untried.map(({ id }) => id)).toEqual([
      'launch.exec-form',
      'launch.no-init',
      'launch.platform',
      'isolation.no-network',
      'isolation.read-only-root',
      'isolation.arbitrary-user',
      'isolation.bind-to-port',
    ]);
  });
});
