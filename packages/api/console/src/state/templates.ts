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
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: '' } },
    ContentType: 'text/csv',
    SplitType: 'Line',
  },
  TransformOutput: { S3OutputPath: '', AssembleWith: 'Line' },
  TransformResources: RESOURCES,
};

const TUNING: Members = {
  HyperParameterTuningJobConfig: {
    Strategy: 'Bayesian',
    ResourceLimits: { MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 2 },
    ParameterRanges: { ContinuousParameterRanges: [{ Name: '', MinValue: '', MaxValue: '', ScalingType: 'Auto' }] },
  },
  TrainingJobDefinition: TRAINING,
};

export function templateOf(kind: Kind): Members {
  if (kind === 'training-job') return TRAINING;
  return kind === 'transform-job' ? TRANSFORM : TUNING;
}

// --- internal ---

function channel(): Members {
  return { ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: '' } } };
}
