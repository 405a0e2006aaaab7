import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointStore } from '../../src/checkpoint/store.js';
import { memoryLog } from '../../src/log.js';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';

const OWNER = { name: 'mean', version: '1.0.0' };
const JOB = { depth: '3', labels: 'a1' };

let root: ContainerRoot;
let directory: string;
let log: ReturnType<typeof memoryLog>;
beforeEach(() => {
  root = makeContainerRoot();
  directory = join(root.paths.base, 'checkpoints');
  log = memoryLog();
});
afterEach(() => root.remove());

const startJob = (owner = OWNER) => createCheckpointStore({ directory, owner, log });
const file = (name: string) => join(directory, name);

/** What a job finds, as text. */
function find(identity: Readonly<Record<string, string>> = JOB, owner = OWNER): string | undefined {
  return startJob(owner).read('state', identity)?.toString();
}

/** Two checkpoints of the job, the newer one changed by `change`. */
function writeTwo(change: (bytes: Buffer) => Uint8Array): void {
  const store = startJob();
  store.write('state', 'round 1', JOB);
  store.write('state', 'round 2', JOB);
  writeFileSync(file('state'), change(readFileSync(file('state'))));
}

describe('a checkpoint', () => {
  it('is found as it was written last, beside the one before it and no unfinished file', () => {
    const store = startJob();

    store.write('state', 'round 1', JOB);
    store.write('state', 'round 2', JOB);
    store.write('state', 'round 3', JOB);

    expect(find()).toBe('round 3');
    expect(readdirSync(directory).sort()).toEqual(['state', 'state.previous']);
    expect(readFileSync(file('state.previous')).toString()).toContain('round 2');
  });

  it('is not there on a first start, and nothing is said of it', () => {
    expect(find()).toBeUndefined();
    expect(log.lines).toEqual([]);
  });

  it('does nothing when the job has none', () => {
    const store = createCheckpointStore({ directory: undefined, owner: OWNER, log });

    store.write('state', '{}', JOB);

    expect(store.isEnabled).toBe(false);
    expect(store.read('state', JOB)).toBeUndefined();
  });
});

describe('a damaged checkpoint', () => {
  it('of any changed bit or any length is never used: the one before it is', () => {
    writeTwo((bytes) => bytes);
    const whole = readFileSync(file('state'));
    const damaged = [
      ...Array.from(whole, (_, at) => Buffer.from(whole.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte)))),
      ...Array.from(whole, (_, length) => whole.subarray(0, length)),
      Buffer.concat([whole, Buffer.of(0)]),
    ];

    for (const bytes of damaged) {
      writeFileSync(file('state'), bytes);
      expect(find()).toBe('round 1');
    }
  });

  it.each<[string, (bytes: Buffer) => Uint8Array, string]>([
    ['torn', (bytes) => bytes.subarray(0, bytes.length - 1), 'it was cut off or changed after it was written'],
    ['nearly empty', (bytes) => bytes.subarray(0, 14), 'it is cut off after 14 bytes'],
    ['empty', () => Buffer.alloc(0), 'it does not begin as a checkpoint does'],
    [
      'of an older version',
      () => Buffer.from('{"round":2}'),
      'it does not begin as a checkpoint does; an older version',
    ],
  ])('is told of with its reason: %s', (_, change, reason) => {
    writeTwo(change);

    expect(find()).toBe('round 1');
    expect(log.lines).toEqual([
      expect.stringContaining(`checkpoint ${file('state')} is not used: ${reason}`),
      `the checkpoint before it is used: ${file('state.previous')}`,
    ]);
  });

  it('without a whole one before it lets training start anew', () => {
    startJob().write('state', 'round 1', JOB);
    writeFileSync(file('state'), 'x');

    expect(find()).toBeUndefined();
    expect(log.lines.at(-1)).toBe('no usable checkpoint is left; training starts from the beginning');
  });

  it('never takes the place of the whole one before it', () => {
    writeTwo((bytes) => bytes.subarray(1));
    const store = startJob();
    store.read('state', JOB);

    store.write('state', 'round 3', JOB);

    expect(find()).toBe('round 3');
    writeFileSync(file('state'), '');
    expect(find()).toBe('round 1');
  });

  it('is not even there where a stop came between the two renames of a write: the one before it is used', () => {
    writeTwo((bytes) => bytes);
    renameSync(file('state'), file('state.previous'));

    expect(find()).toBe('round 2');
  });
});

describe('a directory in the place of a checkpoint', () => {
  it('is named when the checkpoint is read', () => {
    mkdirSync(file('state'), { recursive: true });

    expect(() => find()).toThrow(`The checkpoint ${file('state')} could not be read: EISDIR`);
  });

  it('is named when it is in the way of the next one', () => {
    mkdirSync(file('state.sagemaker-ignore'), { recursive: true });

    expect(() => startJob().write('state', 'round 1', JOB)).toThrow(
      `The checkpoint ${file('state')} could not be written: EISDIR`,
    );
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
  ])('is refused, naming what differs: %o of %o', (identity, owner, reason) => {
    startJob().write('state', 'round 1', JOB);

    expect(() => find(identity, owner)).toThrow(`the checkpoint must be of the same job; ${reason}. Use another`);
    expect(find()).toBe('round 1');
  });

  it('is passed over where the one before it is of this job', () => {
    startJob().write('state', 'round 1', JOB);
    startJob().write('state', 'other', { ...JOB, depth: '4' });
    writeFileSync(file('state.previous'), readFileSync(file('state')));
    startJob().write('state', 'round 1', JOB);
    const ours = readFileSync(file('state'));
    writeFileSync(file('state'), readFileSync(file('state.previous')));
    writeFileSync(file('state.previous'), ours);

    expect(find()).toBe('round 1');
    expect(log.lines[0]).toContain('is not used: "depth" was 4 and is 3');
  });
});
