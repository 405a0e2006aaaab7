/** What a training job is made of, whoever asks for it: a client, or an algorithm for its validation. */
import type { S3DataType } from '../../jobs/input-data.js';

/** AWS's TrainingJobDefinition, but for the input mode. */
export interface TrainingJobDefinition {
  readonly HyperParameters?: Readonly<Record<string, string>>;
  readonly InputDataConfig?: readonly Channel[];
  readonly OutputDataConfig: {
    readonly S3OutputPath: string;
    readonly KmsKeyId?: string;
    readonly CompressionType?: 'GZIP' | 'NONE';
  };
  readonly ResourceConfig: ResourceConfig;
  readonly StoppingCondition: { readonly MaxRuntimeInSeconds?: number; readonly MaxWaitTimeInSeconds?: number };
}

export interface Channel {
  readonly ChannelName: string;
  readonly DataSource: {
    readonly S3DataSource?: {
      readonly S3DataType: S3DataType | 'Converse';
      readonly S3Uri: string;
      readonly S3DataDistributionType?: 'FullyReplicated' | 'ShardedByS3Key';
      readonly AttributeNames?: readonly string[];
      /** The groups whose instances get the channel. */
      readonly InstanceGroupNames?: readonly string[];
    };
    readonly FileSystemDataSource?: unknown;
    readonly DatasetSource?: unknown;
  };
  readonly ContentType?: string;
  readonly CompressionType?: 'None' | 'Gzip';
  readonly RecordWrapperType?: 'None' | 'RecordIO';
  readonly InputMode?: 'File' | 'FastFile' | 'Pipe';
  readonly ShuffleConfig?: { readonly Seed: number };
}

export interface ResourceConfig {
  readonly InstanceType?: string;
  readonly InstanceCount?: number;
  /** In place of the two. */
  readonly InstanceGroups?: readonly InstanceGroup[];
  readonly KeepAlivePeriodInSeconds?: number;
}

export interface InstanceGroup {
  readonly InstanceGroupName: string;
  readonly InstanceType: string;
  readonly InstanceCount: number;
}
