/** The requests of the bench, as a client of any server sends them: those that make its training jobs, and any others' headers. */
import type { TrainingJobMembers } from '../../src/sagemaker/training-jobs/shapes.js';

const ResourceConfig = { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 5 };

export function requestHeaders(operation: string): Readonly<Record<string, string>> {
  return {
    'X-Amz-Target': `SageMaker.${operation}`,
    'Content-Type': 'application/x-amz-json-1.1',
    Authorization:
      'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=0',
  };
}

/** Of the i-th job. */
export function trainingJobName(i: number): string {
  return `linear-regression-${String(i).padStart(5, '0')}`;
}

/** Of the i-th job. */
export function trainingJobRequest(i: number): TrainingJobMembers {
  return {
    TrainingJobName: trainingJobName(i),
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
