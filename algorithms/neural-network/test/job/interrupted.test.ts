/** Jobs that are stopped and resume from their checkpoint end with the same model, byte for byte. */
import {
  binaryTable,
  type ContainerContents,
  classTable,
  csvTable,
  regressionTable,
  stopWhen,
} from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { historyOf, predict, useJobs, valuesOf } from './jobs.js';

const { trainOn, stopAfter, stopAtLook, resume, resumeFrom } = useJobs();

const channels = { train: { 'a.csv': binaryTable(300) }, validation: { 'b.csv': binaryTable(200, 2) } };
const base = { objective: 'binary', epochs: '8', seed: '5', learning_rate: '0.01' };

/** The job once whole, and once stopped after `epochs` epochs and started again with its checkpoint. */
async function interrupt(contents: ContainerContents, epochs: number) {
  const whole = await trainOn(contents);
  const first = await stopAfter(epochs, contents);
  expect(first.checkpoint).toBeDefined();
  const second = await resume(contents, first.checkpoint!);
  return { whole, first, second, checkpoint: first.checkpoint! };
}

describe('a stopped job', () => {
  it('saves the current network', async () => {
    const stopped = await stopAfter(3, { hyperparameters: base, channels });
    const whole = await trainOn({ hyperparameters: { ...base, epochs: '3' }, channels });

    expect(stopped.exitCode).toBe(0);
    expect(historyOf(stopped)).toHaveLength(3);
    expect(stopped.lines.join('\n')).toContain('ended after 3 epochs: stopped');
    expect(stopped.model.get('weights.bin')).toEqual(whole.model.get('weights.bin'));
  });

  it('saves the best network so far if early stopping is on', async () => {
    // Steps this large get worse after the first epochs.
    const hyperparameters = { ...base, early_stopping_patience: '50', epochs: '60', learning_rate: '0.3' };
    const stopped = await stopAfter(20, { hyperparameters, channels });
    const losses = valuesOf(stopped, 'validation:loss');
    const best = 1 + losses.indexOf(Math.min(...losses));
    const until = await trainOn({ hyperparameters: { ...hyperparameters, epochs: String(best) }, channels });

    expect(best).toBeLessThan(20);
    expect(stopped.lines.join('\n')).toContain(`the model is from epoch ${best}, the best`);
    expect(stopped.model.get('weights.bin')).toEqual(until.model.get('weights.bin'));
  });

  it('fails with that reason before its rows are read', async () => {
    const stopped = await trainOn(
      { hyperparameters: base, channels },
      stopWhen(() => true),
    );

    expect(stopped.exitCode).toBe(1);
    expect(stopped.failure).toContain('The job was stopped after 0 rows of channel "train"');
  });
});

describe('a job that resumes from its checkpoint ends with the same model as one that was never interrupted', () => {
  it.each<[string, Record<string, string>, ContainerContents['channels']?]>([
    ['adam and dropout', { dropout: '0.3' }],
    ['adamw, l1, l2 and clipping', { optimizer: 'adamw', l1: '0.001', l2: '0.01', clip_norm: '0.5' }],
    ['sgd with momentum', { optimizer: 'sgd' }],
    ['sgd without momentum', { optimizer: 'sgd', momentum: '0' }],
    ['batch normalization', { batch_normalization: 'true' }],
    ['a cosine with warm-up', { lr_schedule: 'cosine', warmup_epochs: '2' }],
    ['early stopping', { early_stopping_patience: '4', epochs: '40', learning_rate: '0.05' }],
    ['class weights', { class_weights: 'balanced' }],
    ['several classes', { objective: 'multiclass', num_classes: '3' }, { train: { 'a.csv': classTable(300) } }],
    [
      'convolutions',
      { input_shape: '2,2,1', convolution_filters: '4' },
      { train: { 'a.csv': binaryTable(100) }, validation: { 'b.csv': binaryTable(50, 2) } },
    ],
    [
      'embeddings',
      { objective: 'regression', categorical_features: '2', epochs: '8' },
      {
        train: {
          'a.csv': csvTable({ rows: 200, seed: 3, label: ([a]) => `${a! * 3}` }).replaceAll(/\.(\d)\d*/g, '.$1'),
        },
      },
    ],
  ])('with %s', async (_, more, given) => {
    const contents = { hyperparameters: { ...base, ...more }, channels: given ?? channels };

    const { whole, first, second } = await interrupt(contents, 3);

    expect(whole.failure).toBeUndefined();
    expect(first.model.get('weights.bin')).not.toEqual(whole.model.get('weights.bin'));
    expect(second.lines.join('\n')).toContain('resuming after epoch 3 of the checkpoint');
    expect([...second.model]).toEqual([...whole.model]);
    expect(historyOf(second)).toEqual(historyOf(whole));
  });

  it.each<[string, Record<string, string>]>([
    ['rows on the device', {}],
    [
      'dropout, batch normalization and early stopping',
      { dropout: '0.3', batch_normalization: 'true', early_stopping_patience: '3' },
    ],
    ['rows that are read in each epoch', { data_memory_mb: '1', input_shape: '20,20,1', convolution_filters: '2' }],
  ])('wherever it was stopped, with %s', async (name, more) => {
    const isLarge = name.startsWith('rows that');
    const wide = (seed: number) => csvTable({ rows: 800, columns: 400, seed, label: ([a]) => `${Number(a! > 0)}` });
    const contents = {
      hyperparameters: { ...base, epochs: '3', ...(isLarge ? { batch_size: '128' } : {}), ...more },
      channels: isLarge ? { train: { 'a.csv': wide(1) } } : channels,
    };
    const whole = await trainOn(contents);
    const places = new Set<string>();

    for (let look = 1; ; look += 5) {
      const first = await stopAtLook(look, contents);
      if (first.exitCode === 1) {
        expect(first.failure).toContain('before the first step');
        continue;
      }
      if (!first.lines.some((line) => line.includes('epochs: stopped'))) break;
      const second = await resume(contents, first.checkpoint!);
      places.add(second.lines.find((line) => line.startsWith('resuming'))!);
      expect([...second.model]).toEqual([...whole.model]);
      expect(historyOf(second)).toEqual(historyOf(whole));
    }
    expect([...places].filter((line) => line.includes('batch')).length).toBeGreaterThan(isLarge ? 2 : 5);
  });

  it('if the checkpoint is from the last epoch, or one after the best', async () => {
    const last = await interrupt({ hyperparameters: { ...base, epochs: '3' }, channels }, 3);
    const hyperparameters = { ...base, early_stopping_patience: '6', epochs: '60', learning_rate: '0.3' };
    const over = await interrupt({ hyperparameters, channels }, 6);

    expect([...last.second.model]).toEqual([...last.whole.model]);
    expect([...over.second.model]).toEqual([...over.whole.model]);
  });

  it('with more epochs than before, if the learning rate does not depend on them', async () => {
    const { checkpoint } = await interrupt({ hyperparameters: { ...base, epochs: '4' }, channels }, 2);
    const whole = await trainOn({ hyperparameters: base, channels });

    const longer = await resume({ hyperparameters: base, channels }, checkpoint);

    expect([...longer.model]).toEqual([...whole.model]);
  });
});

describe('a checkpoint beyond the last epoch', () => {
  it.each([
    [3, '2', 'must be at least 3, since the checkpoint is after epoch 3; received "2"'],
    [8, '7', 'must be at least 8, since the checkpoint is after epoch 8; received "7"'],
  ])('of epoch %i is refused for %s', async (done, epochs, message) => {
    const { checkpoint } = await stopAfter(done, { hyperparameters: base, channels });

    const shorter = await resume({ hyperparameters: { ...base, epochs }, channels }, checkpoint!);

    expect(shorter.exitCode).toBe(1);
    expect(shorter.failure).toContain(message);
  });
});

describe('a checkpoint is refused, naming the difference or the damage', () => {
  it.each<[string, Record<string, string>, ContainerContents['channels'] | undefined, string]>([
    ['a hyperparameter', { learning_rate: '0.02' }, undefined, '"learning_rate" was 0.01 and is 0.02'],
    ['the number of rows', {}, { train: { 'a.csv': binaryTable(299) } }, '"rows" was 300 and is 299'],
    ['the rows', {}, { ...channels, train: { 'a.csv': binaryTable(300, 7) } }, '"data" was'],
  ])('of another job: %s', async (_, more, given, message) => {
    const { checkpoint } = await stopAfter(2, { hyperparameters: base, channels });

    const other = await resume({ hyperparameters: { ...base, ...more }, channels: given ?? channels }, checkpoint!);

    expect(other.exitCode).toBe(1);
    expect(other.failure).toContain(message);
    expect(other.failure).toContain('Use another checkpoint path for another job');
  });

  it('with another number of epochs, if a cosine schedule depends on it', async () => {
    const hyperparameters = { ...base, lr_schedule: 'cosine' };
    const { checkpoint } = await stopAfter(2, { hyperparameters, channels });

    const other = await resume({ hyperparameters: { ...hyperparameters, epochs: '9' }, channels }, checkpoint!);

    expect(other.failure).toContain('"epochs" was 8 and is 9');
  });

  it('content that is none, naming the file', async () => {
    const { failure } = await resumeFrom({ hyperparameters: base, channels }, Buffer.from('{}'));

    expect(failure).toContain('neural-network-checkpoint.bin is not a checkpoint');
  });
});

describe('early stopping', () => {
  const hyperparameters = { ...base, epochs: '60', learning_rate: '0.3', early_stopping_patience: '4' };

  it('ends training after enough epochs without improvement, and keeps the best epoch', async () => {
    const trained = await trainOn({ hyperparameters, channels });

    const losses = valuesOf(trained, 'validation:loss');
    const best = 1 + losses.indexOf(Math.min(...losses));
    const until = await trainOn({
      hyperparameters: { ...base, learning_rate: '0.3', epochs: String(best) },
      channels: { train: channels.train },
    });
    expect(losses).toHaveLength(best + 4);
    expect(trained.model.get('weights.bin')).toEqual(until.model.get('weights.bin'));
  });

  it('watches the configured metric, or the one of a tuning job', async () => {
    const bestBy = async (more: Record<string, string>) => {
      const trained = await trainOn({ hyperparameters: { ...hyperparameters, ...more }, channels });
      const kept = /is from epoch (\d+)/.exec(trained.lines.join('\n'))?.[1];
      return { kept: Number(kept), auc: valuesOf(trained, 'validation:auc') };
    };

    for (const more of [{ early_stopping_metric: 'validation:auc' }, { _tuning_objective_metric: 'validation:auc' }]) {
      const { kept, auc } = await bestBy(more);

      expect(kept).toBe(1 + auc.indexOf(Math.max(...auc)));
      expect(auc).toHaveLength(kept + 4);
    }
  });

  it('keeps the best network if the loss becomes NaN', async () => {
    const trained = await trainOn({
      hyperparameters: {
        objective: 'regression',
        optimizer: 'sgd',
        learning_rate: '10',
        warmup_epochs: '200', // the rate grows until it is too large
        epochs: '200',
        early_stopping_patience: '200',
        hidden_units: '64,64',
      },
      channels: { train: { 'a.csv': regressionTable(300) }, validation: { 'b.csv': regressionTable(100, 2) } },
    });

    expect(trained.failure).toBeUndefined();
    expect(trained.lines.join('\n')).toMatch(/the loss became (NaN|Infinity)/);
    const score = (await predict(trained, '0.5,0.5,0.5,0.5'))[0]![0];
    expect(score).toBeGreaterThan(-20);
    expect(score).toBeLessThan(30);
  });
});
