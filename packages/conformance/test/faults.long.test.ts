/**
 * Programs with one fault each: all are the reference program, which keeps every rule, with one place changed. Each breaks just the
 * rule that its fault is about. Several run at the same time: those that do not end are waited for.
 */
import { describe, expect, it } from 'vitest';
import { listRules } from '../src/index.js';
import { FAULTS } from './faults.js';
import { brokenOf, checkReference } from './scene.js';

/** Only these depend on it: the programs that end at SIGTERM do so in milliseconds, the others never. */
const LIMITS = {
  stopTrainingMs: 60_000,
  stopServerMs: 30_000,
  startServerMs: 60_000,
  trainingMs: 600_000,
  moreTrainingMs: 600_000,
};

describe.concurrent('a program with one fault', () => {
  it.for(FAULTS)('breaks just the rule that it is about: %s', async ([fault, rule = fault], { expect: expectHere }) => {
    const report = await checkReference(fault, { limits: LIMITS });

    expectHere(Object.keys(brokenOf(report))).toEqual([rule]);
  });
});

describe('the faults', () => {
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
