/** A small definition for tests of versions, with something of everything that is compared. */
import type { AlgorithmDescription } from '@algo/local';
import { parseDescription } from '@algo/local/description';
import type { ProductVersion } from '../../src/versions/aspect.js';

const numbers = (MinValue: string, MaxValue: string) => ({
  IntegerParameterRangeSpecification: { MinValue, MaxValue },
});

/** Members of the description, as the program prints them. */
export const DESCRIBED = {
  Name: 'sum',
  Version: '1.2.3',
  TrainingSpecification: {
    SupportedHyperParameters: [
      {
        Name: 'depth',
        Type: 'Integer',
        Range: numbers('1', '16'),
        IsTunable: true,
        IsRequired: false,
        DefaultValue: '6',
      },
      {
        ...{ Name: 'method', Type: 'Categorical', IsTunable: false, IsRequired: false, DefaultValue: 'a' },
        Range: { CategoricalParameterRangeSpecification: { Values: ['a', 'b'] } },
      },
      { Name: 'classes', Type: 'Integer', Range: numbers('2', '9'), IsTunable: false, IsRequired: true },
    ],
    TrainingChannels: [
      {
        ...{ Name: 'train', IsRequired: true, SupportedContentTypes: ['text/csv', 'application/json'] },
        ...{ SupportedCompressionTypes: ['None', 'Gzip'], SupportedInputModes: ['File', 'Pipe'] },
      },
      {
        ...{ Name: 'validation', IsRequired: false, SupportedContentTypes: ['text/csv'] },
        ...{ SupportedCompressionTypes: ['None'], SupportedInputModes: ['File'] },
      },
    ],
    MetricDefinitions: [{ Name: 'validation:rmse', Regex: 'validation:rmse=(\\S+)' }],
    SupportsDistributedTraining: true,
    SupportedTuningJobObjectiveMetrics: [{ Type: 'Minimize', MetricName: 'validation:rmse' }],
  },
  InferenceSpecification: {
    SupportedContentTypes: ['text/csv', 'application/json'],
    SupportedResponseMIMETypes: ['text/csv', 'application/json'],
  },
  Capabilities: {
    Outputs: [
      { Name: 'score', IsOptional: false },
      { Name: 'label', IsOptional: true },
    ],
    Inputs: [
      {
        ...{ ContentType: 'application/json', MaxDecodedBytes: 1000 },
        Fields: [
          { Path: 'text', Rule: 'text', IsRequired: true, Description: '' },
          { Path: 'language', Rule: 'text', IsRequired: false, Description: '' },
        ],
      },
    ],
    Answers: [
      {
        ContentType: 'application/json',
        Fields: [
          { Path: 'label', Rule: 'text', IsRequired: true, Description: '' },
          { Path: 'score', Rule: 'number', IsRequired: false, Description: '' },
        ],
      },
    ],
  },
};

export type Described = typeof DESCRIBED;

/** The version with one change of its description. */
export function versionWith(change: (described: Described) => unknown = () => undefined): ProductVersion {
  const described = structuredClone(DESCRIBED);
  change(described);
  return { definition: definitionOf(described), instances: { training: ['ml.m5.large'], realTime: ['ml.m5.large'] } };
}

export function definitionOf(described: Described): AlgorithmDescription {
  return parseDescription(described);
}
