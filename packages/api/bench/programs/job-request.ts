/** The request of the bench's training jobs, as a client of any server sends it. */
import type { TrainingJobMembers } from '../../src/sagemaker/training-job-shapes.js';

const ResourceConfig = { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 5 };

/** Of the i-th job. */
export function trainingJobRequest(i: number): TrainingJobMembers {
  return {
    TrainingJobName: `linear-regression-${String(i).padStart(5, '0')}`,
    AlgorithmSpecification: {
      TrainingImage: '000000000000.dkr.ecr.us-east-1.amazonaws.com/linear-regression:1.0.0',
      TrainingInputMode: 'File',
      MetricDefinitions: [
        { Name: 'train:rmse', Regex: 'train:rmse=([-+0-9.e]+)' },
        { Name: 'validation:rmse', Regex: 'validation:rmse=([-+0-9.e]+)' },
      ],
    },
    HyperParameters: { l2: '0.1', seed: String(i) },
    RoleArn: 'arn:aws:iam::000000000000:role/any',
    InputDataConfig: ['train', 'validation'].map((ChannelName) => ({
      ChannelName,
      ContentType: 'text/csv',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://bench/${ChannelName}/` } },
    })),
    OutputDataConfig: { S3OutputPath: 's3://bench/output' },
    ResourceConfig,
    StoppingCondition: { MaxRuntimeInSeconds: 600 },
  };
}
