import { describe, expect, it } from 'vitest';
import { readObjectiveMetric } from '../../src/training/objective-metric.js';

const metric = { goal: 'minimize', description: 'A metric.' } as const;
const channel = { description: 'Rows.', contentTypes: ['text/csv'] } as const;
const algorithm = {
  name: 'mean',
  metrics: { 'train:rmse': metric, 'validation:rmse': metric, 'validation:ndcg': metric, rounds: metric },
  channels: { train: channel, validation: channel },
};

function read(name: string | undefined, channels: readonly string[], more = {}): string | undefined {
  return readObjectiveMetric({
    algorithm: { ...algorithm, ...more },
    received: name === undefined ? {} : { _tuning_objective_metric: name },
    hyperparameters: { folds: 5 },
    channels,
  });
}

describe('the metric of a tuning job', () => {
  it.each([
    ['validation:rmse', ['train', 'validation'], 'validation:rmse'],
    ['"validation:rmse"', ['train', 'validation'], 'validation:rmse'],
    ['validation:ndcg@5', ['train', 'validation'], 'validation:ndcg@5'],
    ['train:rmse', ['train'], 'train:rmse'],
    ['rounds', ['train'], 'rounds'],
    [undefined, ['train'], undefined],
  ])('is passed to the job: %s', (name, channels, expected) => {
    expect(read(name, channels)).toBe(expected);
  });

  it.each(['validation:rmse', 'validation:ndcg@5'])(
    'is an error when it needs a channel that the job does not have: %s',
    (name) => {
      expect(() => read(name, ['train'])).toThrow(
        `Channel "validation" is required to tune "${name}" (hyperparameter "_tuning_objective_metric"); the job has channels: train.`,
      );
    },
  );

  it('is an error with the nearest name if the algorithm does not have it', () => {
    expect(() => read('validation:rms', ['train', 'validation'])).toThrow(
      'Hyperparameter "_tuning_objective_metric" must be a metric that the job writes: train:rmse, validation:rmse, validation:ndcg, rounds; received "validation:rms". Did you mean "validation:rmse"?',
    );
  });

  it('must be one that a job with these hyperparameters reports', () => {
    const metricsOfJob = ({ folds }: Readonly<Record<string, unknown>>) => (folds ? ['validation:rmse'] : []);

    expect(read('validation:rmse', ['train'], { metricsOfJob })).toBe('validation:rmse');
    expect(() => read('train:rmse', ['train'], { metricsOfJob })).toThrow('writes: validation:rmse; received');
  });
});
