import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { tunable } from '../../src/hyperparameters/fields.js';
import { isWhole, numberList } from '../../src/hyperparameters/lists.js';
import { describeAlgorithm } from '../../src/specification/describe.js';
import { hyperparameterTable } from '../../src/specification/table.js';
import { fillHyperparameters } from '../../src/testing/readme.js';

const algorithm = defineAlgorithm({
  name: 'mean',
  version: '1.0.0',
  description: 'Predicts the mean.',
  hyperparameters: z.object({
    rounds: z.int().min(1).max(100).meta({ description: 'Rounds.', tunable: true }),
    rate: z.number().min(0).max(1).default(0.3).meta({ description: 'Rate.', tunable: true }),
    step: tunable(z.number().gt(0).max(9).optional(), 'Step.', { from: 0.000001, to: 0.1, scale: 'Logarithmic' }),
    depth: tunable(z.int().min(0).max(99).default(6), 'Depth.', { from: 1, to: 10 }),
    kind: z.enum(['a', 'b']).default('a').meta({ description: 'Kind.', tunable: true }),
    flag: z.boolean().optional().meta({ description: 'Flag.' }),
    seed: z.int().optional().meta({ description: 'Seed.' }),
    note: z.string().optional().meta({ description: 'Note.' }),
    layers: numberList({ rule: 'comma-separated widths in [1, 9], such as 4,2', holds: isWhole(1, 9) })
      .optional()
      .meta({ description: 'Layers.' }),
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
  const description = describeAlgorithm(algorithm);
  const { TrainingSpecification, InferenceSpecification } = description;
  if (!TrainingSpecification) throw new Error('expected a training specification');
  const hyperparameter = (name: string) =>
    TrainingSpecification.SupportedHyperParameters.find(({ Name }) => Name === name);

  it('has type, range, tunable and required from the schema, with ranges as text', () => {
    expect(hyperparameter('rounds')).toEqual({
      Name: 'rounds',
      Description: 'Rounds.',
      Type: 'Integer',
      Range: { IntegerParameterRangeSpecification: { MinValue: '1', MaxValue: '100' } },
      IsTunable: true,
      IsRequired: true,
    });
  });

  it('does not require a hyperparameter with a default', () => {
    expect(hyperparameter('rate')).toMatchObject({ Type: 'Continuous', IsRequired: false, DefaultValue: '0.3' });
  });

  it('lists the values of an enumeration and the spellings of a boolean', () => {
    expect(hyperparameter('kind')?.Range).toEqual({ CategoricalParameterRangeSpecification: { Values: ['a', 'b'] } });
    expect(hyperparameter('flag')?.Range?.CategoricalParameterRangeSpecification?.Values).toContain('True');
  });

  it('has no range for free text and unbounded numbers', () => {
    expect(hyperparameter('note')).toMatchObject({ Type: 'FreeText', IsRequired: false });
    expect(hyperparameter('seed')).not.toHaveProperty('Range');
  });

  it('says what a list must be, which is free text for the service', () => {
    expect(hyperparameter('layers')?.Type).toBe('FreeText');
    expect(description.Capabilities.Lists).toEqual({ layers: 'comma-separated widths in [1, 9], such as 4,2' });
  });

  it('says where a search is worth its jobs, in the terms of a tuning job and in the text', () => {
    expect(description.Capabilities.TuningRanges).toEqual({
      step: { MinValue: '0.000001', MaxValue: '0.1', ScalingType: 'Logarithmic' },
      depth: { MinValue: '1', MaxValue: '10', ScalingType: 'Auto' },
    });
    expect(hyperparameter('step')?.Description).toBe('Step. Tuning: 0.000001 to 0.1, logarithmic.');
    expect(hyperparameter('depth')?.Description).toBe('Depth. Tuning: 1 to 10.');
  });

  it('has the next number inside an open bound, since the API only has closed bounds', () => {
    const range = hyperparameter('share')?.Range?.ContinuousParameterRangeSpecification;

    expect(range).toEqual({ MinValue: '5e-324', MaxValue: '0.9999999999999999' });
    expect(hyperparameterTable(description)).toContain('| `share` | number in (0, 1) | `0.5` |');
  });

  it('lists an alias next to the name it stands in for', () => {
    expect(hyperparameter('learning_rate')).toMatchObject({
      Type: 'Continuous',
      Description: 'Alias of rate.',
      IsTunable: false,
    });
  });

  it('can be written as a Markdown table of the hyperparameters', () => {
    const lines = hyperparameterTable(description).split('\n');

    expect(lines.slice(0, 5)).toEqual([
      '| hyperparameter | values | default | tunable | what it does |',
      '| --- | --- | --- | --- | --- |',
      '| `rounds` | integer in [1, 100] | required | yes | Rounds. |',
      '| `rate` | number in [0, 1] | `0.3` | yes | Rate. |',
      '| `step` | number in (0, 9] | none | yes | Step. Tuning: 0.000001 to 0.1, logarithmic. |',
    ]);
    expect(lines).toContain('| `flag` | true, false | none | no | Flag. |');
    expect(lines).toContain('| `layers` | comma-separated widths in [1, 9], such as 4,2 | none | no | Layers. |');
  });

  it('can be written as a table of some hyperparameters, in the order of the definition', () => {
    const lines = hyperparameterTable(description, ['share', 'rounds']).split('\n');

    expect(lines.slice(2).map((line) => line.split('`')[1])).toEqual(['rounds', 'share']);
    expect(() => hyperparameterTable(description, ['rate', 'eta'])).toThrow(
      'The definition must have a hyperparameter "eta"; it has none.',
    );
  });

  it('fills the table of a document, with all hyperparameters or those that its mark names', () => {
    const document = (names: string) =>
      `# A\n\n<!-- hyperparameters${names} -->\nold\n<!-- /hyperparameters -->\nend\n`;
    const rows = (text: string) => [...text.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);

    expect(rows(fillHyperparameters(document(''), algorithm))).toHaveLength(11);
    const filled = fillHyperparameters(document(': rate, kind'), algorithm);
    expect(rows(filled)).toEqual(['rate', 'kind']);
    expect(filled).toMatch(
      /^# A\n\n<!-- hyperparameters: rate, kind -->\n\| hyperparameter [\s\S]*\|\n<!-- \/hyperparameters -->\nend\n$/,
    );
    expect(() => fillHyperparameters('# A\n', algorithm)).toThrow(/must have the lines <!-- hyperparameters --> and/);
  });

  it('declares File and Pipe, never FastFile, which CreateAlgorithm refuses', () => {
    expect(TrainingSpecification.TrainingChannels.map((channel) => channel.SupportedInputModes)).toEqual([
      ['File', 'Pipe'],
      ['File'],
    ]);
  });

  it('has what CreateAlgorithm takes of hyperparameters, channels and metrics', () => {
    const { SupportedHyperParameters, TrainingChannels, MetricDefinitions } = TrainingSpecification;
    const [rmse] = MetricDefinitions;

    expect(SupportedHyperParameters.map(({ Name }) => Name)).toContain('rounds');
    expect(TrainingChannels.map(({ Name, IsRequired }) => [Name, IsRequired])).toEqual([
      ['train', true],
      ['validation', false],
    ]);
    expect(TrainingChannels[0]).toMatchObject({ Description: 'Rows.', SupportedContentTypes: ['text/csv'] });
    expect(MetricDefinitions.map(({ Name }) => Name)).toEqual(['train:rmse', 'validation:r2']);
    expect(new RegExp(rmse!.Regex).exec('round=1 train:rmse=0.5 validation:r2=0.25')?.[1]).toBe('0.5');
  });

  it('offers validation metrics to tuning jobs, and only those', () => {
    expect(TrainingSpecification.SupportedTuningJobObjectiveMetrics).toEqual([
      { Type: 'Maximize', MetricName: 'validation:r2' },
    ]);
  });

  it('has the content types under the names of the API', () => {
    expect(InferenceSpecification).toEqual({
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['application/json'],
    });
  });
});

describe('the description of a model package', () => {
  it('has no training specification, and what CreateModelPackage takes', () => {
    const packaged = defineAlgorithm({
      name: 'packaged',
      version: '1.0.0',
      description: 'Predicts zeros.',
      contentTypes: { input: ['text/csv'], output: ['application/json'] },
      outputs: { score: { description: 'Zero.' } },
      load: () => 0,
      predict: (_, { rows }) => ({ score: new Float64Array(rows) }),
    });

    const description = describeAlgorithm(packaged);

    expect(description).not.toHaveProperty('TrainingSpecification');
    expect(description.InferenceSpecification).toEqual({
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['application/json'],
    });
  });
});

describe('a definition that CreateAlgorithm would refuse', () => {
  const channel = { description: 'Rows.', contentTypes: ['text/csv'] } as const;
  const described = <S extends z.ZodType>(field: S) => field.meta({ description: 'A.' });
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
    ...(
      [
        [1, 10, undefined],
        [-1, 5, undefined],
        [5, 5, undefined],
        [0, 5, 'Logarithmic'],
      ] as const
    ).map(([from, to, scale]): [string, Partial<Algorithm>, string] => [
      `a search from ${from} to ${to} of a value in [0, 9]`,
      { hyperparameters: z.object({ a: tunable(z.int().min(0).max(9), 'A.', { from, to, ...(scale && { scale }) }) }) },
      `"a" must be tuned within its bounds, from less to more, and above 0 on a logarithmic scale; received ${from} to ${to}.`,
    ]),
    ['an alias of nothing', { hyperparameterAliases: { x: 'y' } }, 'Alias "x" means "y", which is not declared'],
    [
      'an alias that is a hyperparameter',
      { hyperparameterAliases: { rate: 'rounds' } },
      'Alias "rate" is the name of another hyperparameter',
    ],
    [
      'a content type that is none',
      { contentTypes: { input: ['csv' as 'text/csv'], output: ['text/csv'] } },
      'contentTypes.input: "csv" is not a media type',
    ],
    [
      'a content type of requests that the SDK does not read',
      { contentTypes: { input: ['image/png' as 'text/csv'], output: ['text/csv'] } },
      'contentTypes.input: the SDK has application/json, application/jsonlines, text/csv',
    ],
    [
      'a content type of answers that the SDK does not write',
      { contentTypes: { input: ['text/csv'], output: ['text/libsvm' as 'text/csv'] } },
      'application/x-npy; received "text/libsvm"',
    ],
    [
      'a content type that is declared twice',
      { contentTypes: { input: ['text/csv', 'text/csv; label_size=1'], output: ['text/csv'] } },
      '"text/csv" must be declared once',
    ],
    [
      'a channel of rows in a format that the SDK does not read',
      { channels: { train: { ...channel, contentTypes: ['image/png' as 'text/csv'] } } },
      'application/x-npy; received "image/png"',
    ],
    ['no channel for its training', { channels: {} }, 'There must be 1 to 8 channels; there are 0'],
    ['an empty description', { description: '' }, 'it has 0'],
    [
      'a default beyond the bounds of its hyperparameter',
      { hyperparameters: z.object({ a: described(z.int().min(1).max(100).default(500)) }) },
      'Hyperparameter "a": the default must be an integer in [1, 100]; received 500.',
    ],
    [
      'a default that breaks a rule of the author',
      { hyperparameters: z.object({ a: described(z.int().refine((value) => value % 2 === 0)).default(3) }) },
      'Hyperparameter "a": the default must be an integer; received 3.',
    ],
    [
      'a default below the bounds within an optional hyperparameter',
      { hyperparameters: z.object({ a: described(z.number().gt(0).default(0).optional()) }) },
      'Hyperparameter "a": the default must be a number > 0; received 0.',
    ],
    [
      'an unknown key of a hyperparameter',
      { hyperparameters: z.object({ a: z.int().meta({ description: 'A.', tuneable: true }) }) },
      'Hyperparameter "a": unknown key "tuneable" in .meta(); did you mean "tunable"?',
    ],
    [
      'an unknown key of a hyperparameter before its default',
      { hyperparameters: z.object({ a: described(z.int().meta({ scale: 'log' }).default(1)) }) },
      'Hyperparameter "a": unknown key "scale" in .meta(); known are description, tunable',
    ],
    ...([0, 4.5, Number.NaN] as const).map((maxRows): [string, Partial<Algorithm>, string] => [
      `batches of ${maxRows} rows`,
      { batching: { maxRows } },
      `batching: maxRows must be an integer ≥ 1; received ${maxRows}.`,
    ]),
    ...([-5, 1e12] as const).map((maxDelayMs): [string, Partial<Algorithm>, string] => [
      `batches that wait ${maxDelayMs} ms`,
      { batching: { maxRows: 4, maxDelayMs } },
      `batching: maxDelayMs must be a number in [0, 10000]; received ${maxDelayMs}.`,
    ]),
    [
      'an unknown key of batching',
      { batching: { maxRows: 4, maxDelay: 5 } as object as { maxRows: number } },
      'batching: unknown key "maxDelay"; did you mean "maxDelayMs"?',
    ],
    [
      'a goal that is none',
      { metrics: { a: { goal: 'max' as 'maximize', description: 'A.' } } },
      'metrics["a"].goal must be "minimize" or "maximize"; received "max".',
    ],
    [
      'a value policy that is none',
      { values: { missingValues: 'refuse', infiniteValues: 'refuse', text: 'acept' as 'accept' } },
      'values.text must be "refuse" or "accept"; received "acept".',
    ],
    ['a precision that is none', { precision: 'float16' as 'float32' }, 'precision must be "float32" or "float64"'],
    [
      'an unknown key of a channel',
      { channels: { train: { ...channel, inputMode: ['File'] } as object as typeof channel } },
      'channels["train"]: unknown key "inputMode"; did you mean "inputModes"?',
    ],
    [
      'an input mode that is none',
      { channels: { train: { ...channel, inputModes: ['FastFile' as 'File'] } } },
      'channels["train"].inputModes must be "File" or "Pipe"; received "FastFile".',
    ],
    [
      'an unknown key of an output',
      { outputs: { score: { description: 'Score.', optinal: true } as object as { description: string } } },
      'outputs["score"]: unknown key "optinal"; did you mean "optional"?',
    ],
    ['a largest payload of no bytes', { maxPayloadBytes: 0 }, 'maxPayloadBytes must be an integer ≥ 1; received 0.'],
  ])('is refused for %s', (_, change, message) => {
    expect(() => describeAlgorithm({ ...algorithm, hyperparameterAliases: {}, ...change })).toThrow(message);
  });

  it('is refused for parts of a training that it does not have', () => {
    const { train: _, ...rest } = algorithm;

    expect(() => describeAlgorithm(rest)).toThrow(
      'Without train there must be no channels: nothing would use them. Without train there must be no metrics: nothing would use them. Without train there must be no hyperparameters',
    );
  });
});
