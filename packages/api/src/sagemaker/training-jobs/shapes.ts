/** A training job as CreateTrainingJob asks for it and DescribeTrainingJob answers it. */
import type { Tag } from '../../store/tags.js';
import type { MetricDefinition } from '../definitions/metrics.js';
import type { TrainingJobDefinition } from '../definitions/training-job.js';

/** Of a job whose StoppingCondition has no MaxRuntimeInSeconds. */
export const DEFAULT_MAX_RUNTIME_SECONDS = 86_400;

export interface AlgorithmSpecification {
  readonly TrainingImage?: string;
  readonly AlgorithmName?: string;
  readonly TrainingInputMode: 'File' | 'FastFile' | 'Pipe';
  readonly MetricDefinitions?: readonly MetricDefinition[];
  readonly ContainerEntrypoint?: readonly string[];
  readonly ContainerArguments?: readonly string[];
}

/** What Create and Describe have in common. */
export interface TrainingJobMembers extends TrainingJobDefinition {
  readonly TrainingJobName: string;
  readonly AlgorithmSpecification: AlgorithmSpecification;
  readonly RoleArn: string;
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
  /** Session tags of the caller: no access is checked here, so they change nothing. */
  readonly SessionChainingConfig?: unknown;
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
