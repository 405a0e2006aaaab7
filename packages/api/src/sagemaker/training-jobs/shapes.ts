/** A training job as CreateTrainingJob asks for it and DescribeTrainingJob answers it. */
import type { S3DataType } from '../../jobs/input-data.js';
import type { Tag } from '../../store/tags.js';

export interface Channel {
  readonly ChannelName: string;
  readonly DataSource: {
    readonly S3DataSource?: {
      readonly S3DataType: S3DataType | 'Converse';
      readonly S3Uri: string;
      readonly S3DataDistributionType?: 'FullyReplicated' | 'ShardedByS3Key';
      readonly AttributeNames?: readonly string[];
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

export interface AlgorithmSpecification {
  readonly TrainingImage?: string;
  readonly AlgorithmName?: string;
  readonly TrainingInputMode: 'File' | 'FastFile' | 'Pipe';
  readonly MetricDefinitions?: readonly { readonly Name: string; readonly Regex: string }[];
  readonly ContainerEntrypoint?: readonly string[];
  readonly ContainerArguments?: readonly string[];
}

export interface ResourceConfig {
  readonly InstanceType?: string;
  readonly InstanceCount?: number;
  readonly InstanceGroups?: unknown;
}

/** What Create and Describe have in common. */
export interface TrainingJobMembers {
  readonly TrainingJobName: string;
  readonly HyperParameters?: Readonly<Record<string, string>>;
  readonly AlgorithmSpecification: AlgorithmSpecification;
  readonly RoleArn: string;
  readonly InputDataConfig?: readonly Channel[];
  readonly OutputDataConfig: { readonly S3OutputPath: string; readonly CompressionType?: 'GZIP' | 'NONE' };
  readonly ResourceConfig: ResourceConfig;
  readonly StoppingCondition: { readonly MaxRuntimeInSeconds?: number; readonly MaxWaitTimeInSeconds?: number };
  readonly EnableManagedSpotTraining?: boolean;
  readonly EnableNetworkIsolation?: boolean;
  readonly EnableInterContainerTrafficEncryption?: boolean;
  readonly CheckpointConfig?: { readonly S3Uri: string; readonly LocalPath?: string };
  readonly RetryStrategy?: unknown;
  readonly ServerlessJobConfig?: unknown;
  readonly ModelPackageConfig?: unknown;
  readonly Environment?: Readonly<Record<string, string>>;
}

export interface CreateTrainingJobRequest extends Omit<TrainingJobMembers, 'AlgorithmSpecification'> {
  /** The model does not require these three, the service does. */
  readonly AlgorithmSpecification?: AlgorithmSpecification;
  readonly Tags?: readonly Tag[];
}

export type TrainingJobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';

export type SecondaryStatus =
  | 'Starting'
  | 'Downloading'
  | 'Training'
  | 'Interrupted'
  | 'Uploading'
  | 'Stopping'
  | 'Stopped'
  | 'MaxRuntimeExceeded'
  | 'MaxWaitTimeExceeded'
  | 'Completed'
  | 'Failed';

export interface Transition {
  readonly Status: SecondaryStatus;
  readonly StartTime: number;
  readonly EndTime?: number;
  readonly StatusMessage: string;
}

/** A job that has been checked, with what it is made of. */
export interface CheckedTrainingJob extends TrainingJobMembers {
  /** What trains, by its digest where this server's registry has it. Absent in records that older versions wrote. */
  readonly ResolvedImage?: string;
}

/** What is kept of a job; times in seconds since 1970. DescribeTrainingJob leaves out what its image was resolved to. */
export interface TrainingJobBody extends CheckedTrainingJob {
  readonly TrainingJobArn: string;
  /** Of the tuning job that launched it. */
  readonly TuningJobArn?: string;
  readonly ModelArtifacts: { readonly S3ModelArtifacts: string };
  readonly TrainingJobStatus: TrainingJobStatus;
  readonly SecondaryStatus: SecondaryStatus;
  readonly FailureReason?: string;
  readonly CreationTime: number;
  readonly TrainingStartTime?: number;
  readonly TrainingEndTime?: number;
  readonly LastModifiedTime: number;
  readonly SecondaryStatusTransitions: readonly Transition[];
  readonly FinalMetricDataList?: readonly {
    readonly MetricName: string;
    readonly Value: number;
    readonly Timestamp: number;
  }[];
  readonly TrainingTimeInSeconds?: number;
  readonly BillableTimeInSeconds?: number;
  readonly ProfilingStatus: 'Disabled';
}
