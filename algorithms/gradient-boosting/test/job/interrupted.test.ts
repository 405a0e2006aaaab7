/** Jobs that are stopped and resume from their checkpoint end with the same model, byte for byte. */
import { readFileSync } from 'node:fs';
import { HISTORY_FILE } from '@algo/contract';
import {
  binaryTable,
  type ContainerContents,
  csvTable,
  outputOf,
  readCheckpoint,
  stopWhen,
  useJobs,
  watchEntries,
} from '@algo/contract/testing';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { CHECKPOINT_FILE } from '../../src/job/checkpoint.js';
import { readEnsemble } from '../../src/model/index.js';
import { ONE_THREAD } from '../support/one-thread.js';

await gradientBoosting.loadHyperparameters();
const MODEL = 'xgboost-model.ubj';
const { train: trainOn } = useJobs(gradientBoosting, { afterEach, hyperparameters: ONE_THREAD });

/** A job that is stopped when it has reported the metrics of this many rounds. */
function stopAfter(rounds: number, contents: ContainerContents) {
  let reported = 0;
  const train: typeof gradientBoosting.train = (job) =>
    gradientBoosting.train({ ...job, metrics: watchEntries(job.metrics, () => reported++) });
  const jobs = useJobs({ ...gradientBoosting, train }, { afterEach: onTestFinished, hyperparameters: ONE_THREAD });
  return jobs.train(
    contents,
    stopWhen(() => reported >= rounds),
  );
}

/** The job once whole, and once stopped after `rounds` rounds and started again with its checkpoint. */
async function interrupt(contents: ContainerContents, rounds: number) {
  const whole = await trainOn(contents);
  const first = await stopAfter(rounds, { ...contents, hasCheckpoints: true });
  const checkpoint = readCheckpoint(first.root, CHECKPOINT_FILE)!;
  const second = await resume(contents, checkpoint);
  return { whole, first, second, checkpoint };
}

/** The job on a fresh machine whose checkpoint folder was restored. */
function resume(contents: ContainerContents, checkpoint: Buffer, previous?: Buffer) {
  return trainOn({
    ...contents,
    checkpoints: { [`${CHECKPOINT_FILE}.2`]: checkpoint, ...(previous && { [`${CHECKPOINT_FILE}.1`]: previous }) },
  });
}

const channels = {
  train: { 'a.csv': binaryTable(500) },
  validation: { 'b.csv': binaryTable(300, 2) },
};
const base = {
  objective: 'binary:logistic',
  num_round: '12',
  subsample: '0.6',
  colsample_bynode: '0.5',
  seed: '5',
  max_depth: '4',
};

describe('a stopped job', () => {
  it('saves the finished rounds', async () => {
    const stopped = await stopAfter(4, { hyperparameters: base, channels });

    expect(stopped.exitCode).toBe(0);
    expect(readEnsemble(stopped.model.get(MODEL)!).trees).toHaveLength(4);
    expect(stopped.lines.filter((line) => line.startsWith('round='))).toHaveLength(4);
  });

  it('fails without a model if save_model_on_termination is false', async () => {
    const hyperparameters = { ...base, save_model_on_termination: 'false' };
    const stopped = await stopAfter(4, { hyperparameters, channels });

    expect(stopped.exitCode).toBe(1);
    expect(stopped.failure).toContain('stopped (SIGTERM) after round 3, and save_model_on_termination is false');
    expect(stopped.model.size).toBe(0);
  });
});

describe('a resumed job that is stopped before its next round', () => {
  /** The job, stopped when it logs that it resumes. */
  function stopAtResume(contents: ContainerContents) {
    let isResumed = false;
    const train: typeof gradientBoosting.train = (job) => {
      const info = (text: string) => {
        isResumed ||= text.startsWith('resuming after');
        job.log.info(text);
      };
      return gradientBoosting.train({ ...job, log: { ...job.log, info } });
    };
    const jobs = useJobs({ ...gradientBoosting, train }, { afterEach: onTestFinished, hyperparameters: ONE_THREAD });
    return jobs.train(
      contents,
      stopWhen(() => isResumed),
    );
  }

  it.each([
    ['saves the rounds of the checkpoint', {}, undefined],
    ['fails if save_model_on_termination is false', { save_model_on_termination: 'false' }, /after round 3, and save_/],
  ])('%s', async (_, more, failure) => {
    const contents = { hyperparameters: { ...base, ...more }, channels };
    const first = await stopAfter(4, { ...contents, hasCheckpoints: true });
    const checkpoint = readCheckpoint(first.root, CHECKPOINT_FILE)!;

    const second = await stopAtResume({ ...contents, checkpoints: { [`${CHECKPOINT_FILE}.1`]: checkpoint } });

    expect(second.lines.filter((line) => line.startsWith('round='))).toEqual([]);
    if (failure) expect(second.failure).toMatch(failure);
    else expect(second.model.get(MODEL)).toEqual(first.model.get(MODEL));
  });
});

describe('a job that resumes from its checkpoint ends with the same model as one that was never interrupted', () => {
  it.each<[string, Record<string, string>, ContainerContents['channels']]>([
    ['sampling rows and columns', {}, channels],
    ['several trees per round', { num_parallel_tree: '3' }, channels],
    ['gradient-based sampling', { sampling_method: 'gradient_based', subsample: '0.4' }, channels],
    [
      'dart, sampling trees by weight',
      { booster: 'dart', rate_drop: '0.5', one_drop: '1', sample_type: 'weighted', normalize_type: 'forest' },
      channels,
    ],
    ['early stopping', { early_stopping_rounds: '4', num_round: '60', eta: '0.2' }, channels],
    [
      'several classes',
      { objective: 'multi:softprob', num_class: '3' },
      { train: { 'a.csv': csvTable({ rows: 300, seed: 4, label: ([a, b]) => `${Math.floor(1.5 * (a! + b!))}` }) } },
    ],
    ['a loss of its own', { objective: 'reg:pseudohubererror' }, channels],
  ])('with %s', async (_, more, given) => {
    const contents = { hyperparameters: { ...base, ...more }, ...(given && { channels: given }) };

    const { whole, first, second } = await interrupt(contents, 5);

    expect(first.model.get(MODEL)).not.toEqual(whole.model.get(MODEL));
    expect(second.lines.join('\n')).toContain('resuming after round 4 of the checkpoint');
    expect(second.model.get(MODEL)).toEqual(whole.model.get(MODEL));
    expect(second.model.get('.manifest.json')).toEqual(whole.model.get('.manifest.json'));
    const history = (result: typeof whole) => outputOf(result, HISTORY_FILE);
    expect(history(second)).toEqual(history(whole));
  });

  it('with position biases of unbiased ranking', async () => {
    const label = ([a, b]: readonly number[]) => `${Number(a! > 0.5)},${Math.floor(9 * b!)}`;
    const rows = csvTable({ rows: 200, seed: 6, label }).trimEnd().split('\n');
    rows.sort((a, b) => Number(a.split(',')[1]) - Number(b.split(',')[1]));
    const contents = {
      hyperparameters: { objective: 'rank:ndcg', num_round: '9', lambdarank_unbiased: 'true', max_depth: '3' },
      channels: { train: { 'a.csv': `${rows.join('\n')}\n` } },
      inputDataConfig: { train: { ContentType: 'text/csv;label_size=2' } },
    };

    const { whole, second } = await interrupt(contents, 4);

    expect(second.model.get(MODEL)).toEqual(whole.model.get(MODEL));
  });

  it('if the checkpoint is from the last round', async () => {
    const contents = { hyperparameters: { ...base, num_round: '5' }, channels };
    const { whole, second } = await interrupt(contents, 5);

    expect(second.model.get(MODEL)).toEqual(whole.model.get(MODEL));
  });

  it('with a larger num_round than before', async () => {
    const { checkpoint } = await interrupt({ hyperparameters: { ...base, num_round: '6' }, channels }, 5);
    const whole = await trainOn({ hyperparameters: base, channels });

    const longer = await resume({ hyperparameters: base, channels }, checkpoint);

    expect(longer.model.get(MODEL)).toEqual(whole.model.get(MODEL));
  });
});

describe('a checkpoint of another job is refused, naming the difference', () => {
  const [first = '', ...others] = channels.train['a.csv'].split('\n');
  const flipped = `${first.startsWith('1') ? '0' : '1'}${first.slice(1)}`;
  const moved = first.replace(/[^,]*$/, '0.123');
  it.each<[string, Record<string, string>, ContainerContents['channels'], string]>([
    ['a hyperparameter', { eta: '0.1' }, channels, '"eta" was 0.3 and is 0.1. Use another checkpoint path'],
    ['a label', {}, { ...channels, train: { 'a.csv': [flipped, ...others].join('\n') } }, '"data" was "'],
    ['a feature', {}, { ...channels, train: { 'a.csv': [moved, ...others].join('\n') } }, '"data" was "'],
    ['a validation row', {}, { ...channels, validation: { 'b.csv': binaryTable(300, 3) } }, '"validationData" was "'],
    [
      'fewer rounds',
      { num_round: '2' },
      channels,
      '"num_round" must be at least 3, since the checkpoint is after 3 rounds',
    ],
  ])('in %s', async (_, more, given, reason) => {
    const { checkpoint } = await interrupt({ hyperparameters: base, channels }, 3);

    const other = await resume(
      { hyperparameters: { ...base, ...more }, ...(given && { channels: given }) },
      checkpoint,
    );

    expect(other.exitCode).toBe(1);
    expect(other.failure).toContain(reason);
  });
});

it('a checkpoint of version 1.0.0 without a digest is reported, and training starts from the beginning', async () => {
  const old = readFileSync(new URL('../fixtures/checkpoint-without-digest.ubj', import.meta.url));
  const whole = await trainOn({ hyperparameters: base, channels });

  const second = await resume({ hyperparameters: base, channels }, old);

  expect(second.exitCode).toBe(0);
  expect(second.lines.join('\n')).toContain('older versions wrote checkpoints without a digest');
  expect(second.lines.join('\n')).toContain('training starts from the beginning');
  expect(second.model.get(MODEL)).toEqual(whole.model.get(MODEL));
});

it('a damaged checkpoint is replaced by the previous one, which leads to the same model', async () => {
  const contents = { hyperparameters: base, channels };
  const { whole, checkpoint } = await interrupt(contents, 5);
  const damaged = Buffer.from(checkpoint);
  damaged[damaged.length >> 1]! ^= 1;

  const second = await resume(contents, damaged, checkpoint);

  expect(second.lines.join('\n')).toContain('it was truncated or changed after it was written (its digest differs)');
  expect(second.lines.join('\n')).toContain('resuming after round 4 of the checkpoint');
  expect(second.model.get(MODEL)).toEqual(whole.model.get(MODEL));
});
