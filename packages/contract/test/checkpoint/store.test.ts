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
  it('is read as it was last written; the previous one is kept and no temporary file remains', () => {
    const store = startJob();

    store.write('state', 'round 1', JOB);
    store.write('state', 'round 2', JOB);
    store.write('state', 'round 3', JOB);

    expect(find()).toBe('round 3');
    expect(readdirSync(directory).sort()).toEqual(['state', 'state.previous']);
    expect(readFileSync(file('state.previous')).toString()).toContain('round 2');
  });

  it('is undefined on a first start, without a log line', () => {
    expect(find()).toBeUndefined();
    expect(log.lines).toEqual([]);
  });

  it('is ignored if the job has no checkpoint path', () => {
    const store = createCheckpointStore({ directory: undefined, owner: OWNER, log });

    store.write('state', '{}', JOB);

    expect(store.isEnabled).toBe(false);
    expect(store.read('state', JOB)).toBeUndefined();
  });
});

describe('a damaged checkpoint', () => {
  it('with any changed bit or any length is never used; the previous one is', () => {
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
    ['torn', (bytes) => bytes.subarray(0, bytes.length - 1), 'it was truncated or changed after it was written'],
    ['nearly empty', (bytes) => bytes.subarray(0, 14), 'it ends after 14 bytes'],
    ['empty', () => Buffer.alloc(0), 'it does not start like a checkpoint'],
    ['of an older version', () => Buffer.from('{"round":2}'), 'it does not start like a checkpoint; older versions'],
  ])('is reported in the log with the reason: %s', (_, change, reason) => {
    writeTwo(change);

    expect(find()).toBe('round 1');
    expect(log.lines).toEqual([
      expect.stringContaining(`checkpoint ${file('state')} is not used: ${reason}`),
      `the previous checkpoint is used: ${file('state.previous')}`,
    ]);
  });

  it('without an intact previous one makes training start from the beginning', () => {
    startJob().write('state', 'round 1', JOB);
    writeFileSync(file('state'), 'x');

    expect(find()).toBeUndefined();
    expect(log.lines.at(-1)).toBe('no usable checkpoint is left; training starts from the beginning');
  });

  it('never replaces the intact previous one', () => {
    writeTwo((bytes) => bytes.subarray(1));
    const store = startJob();
    store.read('state', JOB);

    store.write('state', 'round 3', JOB);

    expect(find()).toBe('round 3');
    writeFileSync(file('state'), '');
    expect(find()).toBe('round 1');
  });

  it('that is missing after a stop between the two renames of a write is replaced by the previous one', () => {
    writeTwo((bytes) => bytes);
    renameSync(file('state'), file('state.previous'));

    expect(find()).toBe('round 2');
  });
});

describe('a directory at the path of a checkpoint', () => {
  it('is named in the error when the checkpoint is read', () => {
    mkdirSync(file('state'), { recursive: true });

    expect(() => find()).toThrow(`The checkpoint ${file('state')} could not be read: EISDIR`);
  });

  it('is named in the error when the next checkpoint is written', () => {
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
  ])('is refused, naming the difference: %o, %o', (identity, owner, reason) => {
    startJob().write('state', 'round 1', JOB);

    expect(() => find(identity, owner)).toThrow(`the checkpoint must be of the same job; ${reason}. Use another`);
    expect(find()).toBe('round 1');
  });

  it('is skipped if the previous one belongs to this job', () => {
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
