import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Algorithm, defineAlgorithm } from '../../src/algorithm.js';
import { describeAlgorithm } from '../../src/specification/describe.js';
import { hyperparameterTable } from '../../src/specification/table.js';

const algorithm = defineAlgorithm({
  name: 'mean',
  version: '1.0.0',
  description: 'Predicts the mean.',
  hyperparameters: z.object({
    rounds: z.int().min(1).max(100).meta({ description: 'Rounds.', tunable: true }),
    rate: z.number().min(0).max(1).default(0.3).meta({ description: 'Rate.', tunable: true }),
    kind: z.enum(['a', 'b']).default('a').meta({ description: 'Kind.', tunable: true }),
    flag: z.boolean().optional().meta({ description: 'Flag.' }),
    seed: z.int().optional().meta({ description: 'Seed.' }),
    note: z.string().optional().meta({ description: 'Note.' }),
    share: z.number().gt(0).lt(1).default(0.5).meta({ description: 'Share.' }),
  }),
  hyperparameterAliases: { learning_rate: 'rate' },
  channels: {
    train: { description: 'Rows.', required: true, contentTypes: ['text/csv'] },
    validation: { description: 'Rows.', contentTypes: ['text/csv'], inputModes: ['File'] },
  },
  metrics: {
    'train:rmse': { goal: 'minimize', description: 'Error.' },
    'validation:r2': { goal: 'maximize', description: 'Fit.' },
  },
  contentTypes: { input: ['text/csv'], output: ['application/json'] },
  outputs: { score: { description: 'Mean.' } },
  values: { missingValues: 'refuse', infiniteValues: 'refuse' },
  train: () => {},
  load: () => 0,
  predict: () => ({ score: new Float64Array() }),
});

describe('the description of an algorithm', () => {
  const { TrainingSpecification, InferenceSpecification } = describeAlgorithm(algorithm);
  const hyperparameter = (name: string) =>
    TrainingSpecification.SupportedHyperParameters.find(({ Name }) => Name === name);

  it('derives type, range, tunable and required from the schema, ranges as text', () => {
    expect(hyperparameter('rounds')).toEqual({
      Name: 'rounds',
      Description: 'Rounds.',
      Type: 'Integer',
      Range: { IntegerParameterRangeSpecification: { MinValue: '1', MaxValue: '100' } },
      IsTunable: true,
      IsRequired: true,
    });
  });

  it('makes a hyperparameter with a default not required', () => {
    expect(hyperparameter('rate')).toMatchObject({ Type: 'Continuous', IsRequired: false, DefaultValue: '0.3' });
  });

  it('lists the values of an enumeration and the spellings of a boolean', () => {
    expect(hyperparameter('kind')?.Range).toEqual({ CategoricalParameterRangeSpecification: { Values: ['a', 'b'] } });
    expect(hyperparameter('flag')?.Range?.CategoricalParameterRangeSpecification?.Values).toContain('True');
  });

  it('gives free text and unbounded numbers no range', () => {
    expect(hyperparameter('note')).toMatchObject({ Type: 'FreeText', IsRequired: false });
    expect(hyperparameter('seed')).not.toHaveProperty('Range');
  });

  it('publishes an open bound as the next number inside it, since the service knows closed ones only', () => {
    const range = hyperparameter('share')?.Range?.ContinuousParameterRangeSpecification;

    expect(range).toEqual({ MinValue: '5e-324', MaxValue: '0.9999999999999999' });
    expect(hyperparameterTable([hyperparameter('share')!])).toContain('| `share` | number in (0, 1) | `0.5` |');
  });

  it('lists an alias beside the name it means', () => {
    expect(hyperparameter('learning_rate')).toMatchObject({
      Type: 'Continuous',
      Description: 'Alias of rate.',
      IsTunable: false,
    });
  });

  it('becomes a Markdown table of the hyperparameters', () => {
    const lines = hyperparameterTable(TrainingSpecification.SupportedHyperParameters).split('\n');

    expect(lines.slice(0, 5)).toEqual([
      '| hyperparameter | values | default | tunable | what it does |',
      '| --- | --- | --- | --- | --- |',
      '| `rounds` | integer in [1, 100] | required | yes | Rounds. |',
      '| `rate` | number in [0, 1] | `0.3` | yes | Rate. |',
      '| `kind` | `a`, `b` | `a` | yes | Kind. |',
    ]);
    expect(lines).toContain('| `flag` | true, false | none | no | Flag. |');
  });

  it('declares File and Pipe, never FastFile, which CreateAlgorithm refuses', () => {
    expect(TrainingSpecification.TrainingChannels.map((channel) => channel.SupportedInputModes)).toEqual([
      ['File', 'Pipe'],
      ['File'],
    ]);
  });

  it('offers validation metrics to tuning jobs, and only those', () => {
    expect(TrainingSpecification.SupportedTuningJobObjectiveMetrics).toEqual([
      { Type: 'Maximize', MetricName: 'validation:r2' },
    ]);
  });

  it('prints the content types under the service’s names', () => {
    expect(InferenceSpecification).toEqual({
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['application/json'],
    });
  });
});

describe('a definition that the service would refuse', () => {
  const channel = { description: 'Rows.', contentTypes: ['text/csv'] } as const;
  it.each<[string, Partial<Algorithm>, string]>([
    ['an underscore in the name', { name: 'a_b' }, 'received "a_b"'],
    ['a version that is not semantic', { version: '1' }, 'received "1"'],
    ['too long a description', { description: 'x'.repeat(1025) }, 'it has 1025'],
    ['nine channels', { channels: Object.fromEntries([...'abcdefghi'].map((name) => [name, channel])) }, 'there are 9'],
    ['a blank in a metric name', { metrics: { 'a b': { goal: 'minimize', description: '' } } }, '"a b" must not'],
    [
      'a hyperparameter without description',
      { hyperparameters: z.object({ a: z.int() }) },
      '"a" must have a description',
    ],
    [
      'a tunable hyperparameter without bounds',
      { hyperparameters: z.object({ a: z.int().meta({ description: 'A.', tunable: true }) }) },
      '"a" is tunable, so it must have both bounds',
    ],
    ['an alias of nothing', { hyperparameterAliases: { x: 'y' } }, 'Alias "x" means "y", which is not declared'],
    [
      'a content type that is none',
      { contentTypes: { input: ['csv'], output: ['text/csv'] } },
      '"csv" is not a media type',
    ],
  ])('is refused for %s', (_, change, message) => {
    expect(() => describeAlgorithm({ ...algorithm, hyperparameterAliases: {}, ...change })).toThrow(message);
  });
});
