import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointStore } from '../../src/checkpoint/store.js';
import { oneHost } from '../../src/cluster/communicator.js';
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

const startJob = (owner = OWNER) => createCheckpointStore({ directory, owner, host: 'algo-1', log });
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
  writeFileSync(file('state.2'), change(readFileSync(file('state.2'))));
}

const names = () => readdirSync(directory).sort();

describe('a checkpoint', () => {
  it('is read as it was last written; the previous one is kept and no temporary file remains', () => {
    const store = startJob();

    store.write('state', 'round 1', JOB);
    store.write('state', 'round 2', JOB);
    store.write('state', 'round 3', JOB);

    expect(find()).toBe('round 3');
    expect(names()).toEqual(['state.2', 'state.3']);
    expect(readFileSync(file('state.2')).toString()).toContain('round 2');
  });

  it('is undefined on a first start, without a log line', () => {
    expect(find()).toBeUndefined();
    expect(log.lines).toEqual([]);
  });

  it('is ignored if the job has no checkpoint path', () => {
    const store = createCheckpointStore({ directory: undefined, owner: OWNER, host: 'algo-1', log });

    store.write('state', '{}', JOB);

    expect(store.isEnabled).toBe(false);
    expect(store.read('state', JOB)).toBeUndefined();
  });
});

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
    expect(log.lines).toEqual([
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
    expect(log.lines[0]).toBe(`checkpoint ${file('state.2')} is not used: it was removed`);
  });

  it('without an intact previous one makes training start from the beginning', () => {
    startJob().write('state', 'round 1', JOB);
    writeFileSync(file('state.1'), 'x');

    expect(find()).toBeUndefined();
    expect(log.lines.at(-1)).toBe('no usable checkpoint is left; training starts from the beginning');
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

describe('the files of a checkpoint', () => {
  it('are not removed while they are uploaded, but by a later write', () => {
    const store = startJob();
    for (const round of [1, 2]) store.write('state', `round ${round}`, JOB);
    writeFileSync(file('state.1.sagemaker-uploading'), '');

    store.write('state', 'round 3', JOB);
    const during = names();
    writeFileSync(file('state.1.sagemaker-uploaded'), '');
    store.write('state', 'round 4', JOB);

    expect(during).toEqual(['state.1', 'state.1.sagemaker-uploading', 'state.2', 'state.3']);
    expect(names().filter((name) => !name.includes('sagemaker'))).toEqual(['state.3', 'state.4']);
    expect(find()).toBe('round 4');
  });

  it('are numbered on by the job that resumes, in the order of numbers', () => {
    for (let round = 1; round <= 11; round++) startJob().write('state', `round ${round}`, JOB);

    expect(names()).toEqual(['state.10', 'state.11']);
    expect(find()).toBe('round 11');
  });

  it('have the name of the host in a job on several, so that none is another’s', () => {
    const onHost = (host: string) => createCheckpointStore({ directory, owner: OWNER, host, hostCount: 3, log });
    for (const round of [1, 2, 3]) {
      for (const host of ['algo-1', 'algo-10']) onHost(host).write('state', `round ${round} of ${host}`, JOB);
    }

    expect(names()).toEqual(['state.algo-1.2', 'state.algo-1.3', 'state.algo-10.2', 'state.algo-10.3']);
    expect(onHost('algo-1').read('state', JOB)?.toString()).toBe('round 3 of algo-1');
    expect(onHost('algo-10').read('state', JOB)?.toString()).toBe('round 3 of algo-10');
    expect(onHost('algo-2').read('state', JOB)).toBeUndefined();
  });

  describe('of a job on more or fewer hosts', () => {
    const onHosts = (hostCount: number) =>
      createCheckpointStore({ directory, owner: OWNER, host: 'algo-1', hostCount, hyperparameters: { depth: 3 }, log });
    const stateOf = (hostCount: number) => onHosts(hostCount).ofJob({ file: 'state', data: {}, free: [] });

    it.each([
      [2, 3],
      [2, 1],
      [1, 3],
    ])('are an E_CHECKPOINT error that says so: %i, then %i', (before, after) => {
      stateOf(before).write('round 1');

      expect(stateOf(before).read()?.toString()).toBe('round 1');
      expect(() => stateOf(after).read()).toThrow(
        `"number of hosts" was ${before === 1 ? 'none' : before} and is ${after === 1 ? 'none' : after} (it is of ${before} host${before === 1 ? '' : 's'}, and this job has ${after}). Use another checkpoint path`,
      );
    });

    it('are not used where they are bound to nothing, which the log says', () => {
      onHosts(2).write('state', 'round 1');
      expect(onHosts(1).read('state')).toBeUndefined();
      onHosts(1).write('more', 'round 1');
      expect(onHosts(2).read('more')).toBeUndefined();

      expect(log.lines).toEqual([
        `checkpoint ${file('state.algo-1.1')} is not used: it is of a job on several hosts; training starts from the beginning`,
        `checkpoint ${file('more.1')} is not used: it is of a job on one host; training starts from the beginning`,
      ]);
    });

    it('are used where all hosts have the same state, which the log says', () => {
      const sharedOf = (hostCount: number) =>
        onHosts(hostCount).ofJob({ file: 'state', data: {}, free: [], hosts: oneHost() });
      const moves = [2, 1, 3, 3].map((hostCount, round) => {
        const checkpoint = sharedOf(hostCount);
        const found = checkpoint.read()?.toString();
        checkpoint.write(`round ${round}`);
        return [found, checkpoint.hostCount];
      });

      expect(moves).toEqual([
        [undefined, undefined],
        ['round 0', 2],
        ['round 1', 1],
        ['round 2', 3],
      ]);
      expect(names()).toEqual(['state.3', 'state.4']);
      expect(log.lines).toEqual([
        `checkpoint ${file('state.1')} is of 2 hosts; this job has 1`,
        `checkpoint ${file('state.2')} is of 1 host; this job has 3`,
      ]);
    });
  });

  it('are not those of another name, of a temporary file, or of none of ours', () => {
    const store = startJob();
    store.write('state', 'ours', JOB);
    mkdirSync(file('state.more'));
    for (const name of ['state.01', 'state.2.sagemaker-ignore', 'state.x', 'states.9', 'state.3.5']) {
      writeFileSync(file(name), 'x');
    }

    expect(find()).toBe('ours');
    expect(log.lines).toEqual([]);
  });

  it('of older versions, without a number, are the oldest', () => {
    writeTwo((bytes) => bytes);
    renameSync(file('state.1'), file('state.previous'));
    renameSync(file('state.2'), file('state'));

    expect(find()).toBe('round 2');
    startJob().write('state', 'round 3', JOB);
    expect(names()).toEqual(['state', 'state.1']);
    expect(find()).toBe('round 3');
  });
});

describe('a directory at the path of a checkpoint', () => {
  it('is named in the error when the checkpoint is read', () => {
    mkdirSync(file('state.7'), { recursive: true });

    expect(() => find()).toThrow(`The checkpoint ${file('state.7')} could not be read: EISDIR`);
  });

  it('is named in the error when the next checkpoint is written', () => {
    mkdirSync(file('state.1.sagemaker-ignore'), { recursive: true });

    expect(() => startJob().write('state', 'round 1', JOB)).toThrow(
      `The checkpoint ${file('state.1')} could not be written: EISDIR`,
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
    expect(log.lines[0]).toContain('is not used: "depth" was 4 and is 3');
    startJob().write('state', 'round 2', JOB);
    startJob().write('state', 'round 3', JOB);
    expect(names()).toEqual(['state.2', 'state.3', 'state.4']);
    expect(find()).toBe('round 3');
    expect(find({ ...JOB, depth: '4' })).toBe('other');
  });
});
