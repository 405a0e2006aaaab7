/** What `describe` says of an algorithm. */
import { describe, expect, it } from 'vitest';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { describeAlgorithm } from '../../src/specification/describe.js';
import { hyperparameterTable } from '../../src/specification/table.js';
import { fillHyperparameters } from '../../src/testing/readme.js';
import { algorithm } from './described-algorithm.js';

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
