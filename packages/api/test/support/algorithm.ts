/** CreateAlgorithm for the algorithm `sum`. */
import { channel, IMAGE, ROLE } from './scene.js';

export function sumAlgorithm(name: string, changes: object = {}, training: object = {}) {
  return {
    AlgorithmName: name,
    TrainingSpecification: {
      TrainingImage: IMAGE,
      SupportedTrainingInstanceTypes: ['ml.m5.xlarge', 'ml.m5.large'],
      SupportsDistributedTraining: false,
      SupportedHyperParameters: [
        { Name: 'behave', Type: 'FreeText' },
        {
          Name: 'epochs',
          Type: 'Integer',
          Range: { IntegerParameterRangeSpecification: { MinValue: '1', MaxValue: '3' } },
        },
        {
          Name: 'rate',
          Type: 'Continuous',
          Range: { ContinuousParameterRangeSpecification: { MinValue: '0', MaxValue: '0.5' } },
        },
        {
          Name: 'mode',
          Type: 'Categorical',
          Range: { CategoricalParameterRangeSpecification: { Values: ['a', 'b'] } },
        },
      ],
      MetricDefinitions: [{ Name: 'train:sum', Regex: 'train:sum=([-+0-9.e]+)' }],
      TrainingChannels: [
        {
          Name: 'train',
          IsRequired: true,
          SupportedContentTypes: ['text/csv'],
          SupportedCompressionTypes: ['None'],
          SupportedInputModes: ['File', 'Pipe'],
        },
      ],
      ...training,
    },
    InferenceSpecification: inference(),
    ...changes,
  };
}

export function inference(container: object = {}) {
  return {
    Containers: [{ Image: IMAGE, ...container }],
    SupportedTransformInstanceTypes: ['ml.m5.xlarge'],
    SupportedRealtimeInferenceInstanceTypes: ['ml.m5.xlarge'],
    SupportedContentTypes: ['text/csv'],
    SupportedResponseMIMETypes: ['text/csv'],
  };
}

export const transformDefinition = {
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch/' } },
    ContentType: 'text/csv',
    SplitType: 'Line',
  },
  TransformOutput: { S3OutputPath: 's3://data/validated', Accept: 'text/csv', AssembleWith: 'Line' },
  TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
};

export function validation(hyperparameters: Readonly<Record<string, string>> = {}) {
  return {
    ValidationRole: ROLE,
    ValidationProfiles: [
      {
        ProfileName: 'profile',
        TrainingJobDefinition: {
          TrainingInputMode: 'File',
          HyperParameters: hyperparameters,
          InputDataConfig: [channel('s3://data/train/')],
          OutputDataConfig: { S3OutputPath: 's3://data/validated' },
          ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 5 },
          StoppingCondition: { MaxRuntimeInSeconds: 600 },
        },
        TransformJobDefinition: transformDefinition,
      },
    ],
  };
}
