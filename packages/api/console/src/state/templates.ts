/** Requests to begin with, where there is no earlier job. What is empty must be filled in. */
import type { Kind } from './kinds.js';
import type { Members } from './state.js';

const RESOURCES = { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 };
const ROLE = 'arn:aws:iam::000000000000:role/SageMaker';

const TRAINING: Members = {
  AlgorithmSpecification: { TrainingInputMode: 'File' },
  RoleArn: ROLE,
  InputDataConfig: [channel()],
  OutputDataConfig: { S3OutputPath: '' },
  ResourceConfig: { ...RESOURCES, VolumeSizeInGB: 10 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};

const TRANSFORM: Members = {
  ModelName: '',
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/prefix/' } },
    ContentType: 'text/csv',
    SplitType: 'Line',
  },
  TransformOutput: { S3OutputPath: 's3://bucket/prefix', AssembleWith: 'Line' },
  TransformResources: RESOURCES,
};

const TUNING: Members = {
  HyperParameterTuningJobConfig: {
    Strategy: 'Bayesian',
    HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:rmse' },
    ResourceLimits: { MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 2 },
    ParameterRanges: {
      ContinuousParameterRanges: [{ Name: 'eta', MinValue: '0.01', MaxValue: '0.5', ScalingType: 'Logarithmic' }],
    },
  },
  TrainingJobDefinition: {
    ...TRAINING,
    AlgorithmSpecification: {
      TrainingImage: '',
      TrainingInputMode: 'File',
      MetricDefinitions: [{ Name: 'validation:rmse', Regex: 'validation:rmse=([-+0-9.e]+)' }],
    },
    StaticHyperParameters: {},
  },
};

export function templateOf(kind: Kind): Members {
  if (kind === 'training-job') return TRAINING;
  return kind === 'transform-job' ? TRANSFORM : TUNING;
}

// --- internal ---

function channel(): Members {
  return { ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: '' } } };
}
