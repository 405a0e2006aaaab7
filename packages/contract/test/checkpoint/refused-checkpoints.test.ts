/** Checkpoints that are damaged, or of another job. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JOB, OWNER, useStores } from './stores.js';

const stores = useStores();
const { file, find, names, startJob, writeTwo } = stores;

describe('a damaged checkpoint', () => {
  it('with any changed bit or any length is never used; the previous one is', () => {
    writeTwo((bytes) => bytes);
    const whole = readFileSync(file('state.2'));
    const damaged = [
      ...Array.from(whole, (_, at) => Buffer.from(whole.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte)))),
      ...Array.from(whole, (_, length) => whole.subarray(0, length)),
      Buffer.concat([whole, Buffer.of(0)]),
    ];

    for (const bytes of damaged) {
      writeFileSync(file('state.2'), bytes);
      expect(find()).toBe('round 1');
    }
  });

  it.each<[string, (bytes: Buffer) => Uint8Array, string]>([
    ['torn', (bytes) => bytes.subarray(0, bytes.length - 1), 'it was truncated or changed after it was written'],
    ['nearly empty', (bytes) => bytes.subarray(0, 14), 'it ends after 14 bytes'],
    ['empty', () => Buffer.alloc(0), 'it does not start like a checkpoint'],
    ['of an older version', () => Buffer.from('{"round":2}'), 'it does not start like a checkpoint; older versions'],
  ])('is reported in the log with the reason: %s', (_, change, reason) => {
    writeTwo(change);

    expect(find()).toBe('round 1');
    expect(stores.lines).toEqual([
      expect.stringContaining(`checkpoint ${file('state.2')} is not used: ${reason}`),
      `the previous checkpoint is used: ${file('state.1')}`,
    ]);
  });

  it('is one that is removed while it is looked for', () => {
    startJob().write('state', 'round 1', JOB);
    symlinkSync(file('gone'), file('state.2'));

    expect(find()).toBe('round 1');
    startJob().write('state', 'round 3', JOB);
    expect(find()).toBe('round 3');
    expect(stores.lines[0]).toBe(`checkpoint ${file('state.2')} is not used: it was removed`);
  });

  it('without an intact previous one makes training start from the beginning', () => {
    startJob().write('state', 'round 1', JOB);
    writeFileSync(file('state.1'), 'x');

    expect(find()).toBeUndefined();
    expect(stores.lines.at(-1)).toBe('no usable checkpoint is left; training starts from the beginning');
  });

  it('never replaces the intact previous one', () => {
    writeTwo((bytes) => bytes.subarray(1));
    const store = startJob();
    store.read('state', JOB);

    store.write('state', 'round 3', JOB);

    expect(find()).toBe('round 3');
    expect(names()).toEqual(['state.1', 'state.3']);
    writeFileSync(file('state.3'), '');
    expect(find()).toBe('round 1');
  });
});

describe('the checkpoint of another job', () => {
  it.each([
    [{ ...JOB, depth: '4' }, OWNER, '"depth" was 3 and is 4'],
    [{ ...JOB, labels: 'b2' }, OWNER, '"labels" was a1 and is b2'],
    [{ ...JOB, more: '1' }, OWNER, '"more" was none and is 1'],
    [{ depth: '3' }, OWNER, '"labels" was a1 and is none'],
    [JOB, { ...OWNER, name: 'median' }, '"algorithm" was mean and is median'],
    [JOB, { ...OWNER, version: '2.0.0' }, '"version" was 1.0.0 and is 2.0.0'],
  ])('is refused, naming the difference: %o, %o', (identity, owner, reason) => {
    startJob().write('state', 'round 1', JOB);

    expect(() => find(identity, owner)).toThrow(`the checkpoint must be of the same job; ${reason}. Use another`);
    expect(find()).toBe('round 1');
  });

  it('is refused if a hyperparameter has the name of what the algorithm is known by, or of a member of objects', () => {
    const names = { algorithm: 'lloyd', version: '3', constructor: 'x' };
    startJob().write('state', 'round 1', names);

    expect(find(names)).toBe('round 1');
    expect(() => find(names, { ...OWNER, name: 'median' })).toThrow('"algorithm" was mean and is median');
    expect(() => find(names, { ...OWNER, version: '2.0.0' })).toThrow('"version" was 1.0.0 and is 2.0.0');
    expect(() => find({ ...names, version: '4' })).toThrow('"version" was 3 and is 4');
    expect(() => find({ algorithm: 'lloyd', version: '3' })).toThrow('"constructor" was x and is none');
  });

  it('is skipped if the previous one belongs to this job, and is not removed', () => {
    startJob().write('state', 'round 1', JOB);
    startJob().write('state', 'other', { ...JOB, depth: '4' });

    expect(find()).toBe('round 1');
    expect(stores.lines[0]).toContain('is not used: "depth" was 4 and is 3');
    startJob().write('state', 'round 2', JOB);
    startJob().write('state', 'round 3', JOB);
    expect(names()).toEqual(['state.2', 'state.3', 'state.4']);
    expect(find()).toBe('round 3');
    expect(find({ ...JOB, depth: '4' })).toBe('other');
  });
});
