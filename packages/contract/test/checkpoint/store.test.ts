/** What is written, read and removed. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JOB, useStores } from './stores.js';

const stores = useStores();
const { file, find, names, startJob, writeTwo } = stores;

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
    expect(stores.lines).toEqual([]);
  });

  it('is ignored if the job has no checkpoint path', () => {
    const store = startJob({ directory: undefined });

    store.write('state', '{}', JOB);

    expect(store.isEnabled).toBe(false);
    expect(store.read('state', JOB)).toBeUndefined();
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

  it('are not those of another name, of a temporary file, or of none of ours', () => {
    const store = startJob();
    store.write('state', 'ours', JOB);
    mkdirSync(file('state.more'));
    for (const name of ['state.01', 'state.2.sagemaker-ignore', 'state.x', 'states.9', 'state.3.5']) {
      writeFileSync(file(name), 'x');
    }

    expect(find()).toBe('ours');
    expect(stores.lines).toEqual([]);
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
