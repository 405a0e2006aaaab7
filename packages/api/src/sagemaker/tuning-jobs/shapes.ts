/** A hyperparameter tuning job as its Create asks for it, as it is kept, and as its Describe answers it. */
import type { Tag } from '../../store/tags.js';
import type { ParameterRanges } from '../../tuning/parameter-ranges.js';
import type { Hyperparameters } from '../../tuning/search-space.js';
import type { TuningJobConfig, TuningPlan } from '../../tuning/tuning-plan.js';
import type { WarmStart } from '../../tuning/warm-start.js';
import type { ResourceConfig } from '../definitions/training-job.js';
import type { CheckedTrainingJob, TrainingJobMembers, TrainingJobStatus } from '../training-jobs/shapes.js';

export const TUNING_JOB = 'hyper-parameter-tuning-job';

type Objective = TuningJobConfig['HyperParameterTuningJobObjective'];

/** SageMaker's HyperParameterTuningJobConfig; with several definitions, objective and ranges are with each definition. */
export interface JobConfig extends Omit<TuningJobConfig, 'HyperParameterTuningJobObjective' | 'ParameterRanges'> {
  readonly HyperParameterTuningJobObjective?: Objective;
  readonly ParameterRanges?: ParameterRanges;
  readonly ResourceLimits: TuningJobConfig['ResourceLimits'] & { readonly MaxRuntimeInSeconds?: number };
  readonly RandomSeed?: number;
}

/** SageMaker's HyperParameterTrainingJobDefinition: a training job without name and searched hyperparameters. */
export interface Definition
  extends Omit<
    TrainingJobMembers,
    'TrainingJobName' | 'HyperParameters' | 'ResourceConfig' | 'ServerlessJobConfig' | 'ModelPackageConfig'
  > {
  readonly DefinitionName?: string;
  readonly TuningObjective?: Objective;
  readonly HyperParameterRanges?: JobConfig['ParameterRanges'];
  readonly StaticHyperParameters?: Hyperparameters;
  readonly ResourceConfig?: ResourceConfig;
  readonly HyperParameterTuningResourceConfig?: ResourceConfig & { readonly InstanceConfigs?: unknown };
}

export interface CreateTuningJobRequest {
  readonly HyperParameterTuningJobName: string;
  readonly HyperParameterTuningJobConfig: JobConfig;
  readonly TrainingJobDefinition?: Definition;
  readonly TrainingJobDefinitions?: readonly Definition[];
  readonly WarmStartConfig?: {
    readonly ParentHyperParameterTuningJobs: readonly { readonly HyperParameterTuningJobName?: string }[];
    readonly WarmStartType: WarmStart['type'];
  };
  readonly Autotune?: unknown;
  readonly Tags?: readonly Tag[];
}

export type TuningJobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';

/** A training job that was launched. */
export interface Launched {
  readonly name: string;
  readonly hyperparameters: Hyperparameters;
}

/** What is kept of a tuning job: members of Describe, and what its decisions follow from. */
export interface TuningJobBody {
  readonly described: Omit<CreateTuningJobRequest, 'Autotune' | 'Tags'> & {
    readonly HyperParameterTuningJobArn: string;
    readonly HyperParameterTuningJobStatus: TuningJobStatus;
    readonly CreationTime: number;
    readonly LastModifiedTime: number;
    readonly HyperParameterTuningEndTime?: number;
    readonly FailureReason?: string;
  };
  readonly definitionName?: string;
  readonly plan: TuningPlan;
  /** The training jobs, apart from their names and searched hyperparameters. */
  readonly template: CheckedTrainingJob;
  /** In the order of their launch. */
  readonly launched: readonly Launched[];
  /** Set when no further job is to be launched: a completion criterion is met or time is up. */
  readonly isComplete: boolean;
  readonly convergedAt?: number;
}

/** SageMaker's HyperParameterTrainingJobSummary; times in seconds since 1970. */
export interface TrainingJobSummary {
  readonly TrainingJobDefinitionName?: string;
  readonly TrainingJobName: string;
  readonly TrainingJobArn: string;
  readonly TuningJobName?: string;
  readonly CreationTime: number;
  readonly TrainingStartTime?: number;
  readonly TrainingEndTime?: number;
  readonly TrainingJobStatus: TrainingJobStatus;
  readonly TunedHyperParameters: Hyperparameters;
  readonly FailureReason?: string;
  readonly FinalHyperParameterTuningJobObjectiveMetric?: {
    /** With a named definition only. */
    readonly Type?: Objective['Type'];
    readonly MetricName: string;
    readonly Value: number;
  };
  readonly ObjectiveStatus: 'Succeeded' | 'Pending' | 'Failed';
}
