/** An algorithm as CreateAlgorithm asks for it and DescribeAlgorithm answers it. */
import type { Tag } from '../../store/tags.js';
import type { TrainingJobMembers } from '../training-jobs/shapes.js';
import type { TransformJobMembers } from '../transform-jobs/shapes.js';

export interface HyperParameterSpecification {
  readonly Name: string;
  readonly Type: 'Integer' | 'Continuous' | 'Categorical' | 'FreeText';
  readonly Range?: {
    readonly IntegerParameterRangeSpecification?: Bounds;
    readonly ContinuousParameterRangeSpecification?: Bounds;
    readonly CategoricalParameterRangeSpecification?: { readonly Values: readonly string[] };
  };
  readonly IsTunable?: boolean;
  readonly IsRequired?: boolean;
  readonly DefaultValue?: string;
}

export interface Bounds {
  readonly MinValue: string;
  readonly MaxValue: string;
}

export interface ChannelSpecification {
  readonly Name: string;
  readonly IsRequired?: boolean;
  readonly SupportedContentTypes: readonly string[];
  readonly SupportedCompressionTypes?: readonly string[];
  readonly SupportedInputModes: readonly string[];
}

export interface TrainingSpecification {
  readonly TrainingImage: string;
  readonly SupportedTuningJobObjectiveMetrics?: readonly { readonly Type: string; readonly MetricName: string }[];
  readonly SupportedHyperParameters?: readonly HyperParameterSpecification[];
  readonly SupportedTrainingInstanceTypes: readonly string[];
  readonly SupportsDistributedTraining?: boolean;
  readonly MetricDefinitions?: readonly { readonly Name: string; readonly Regex: string }[];
  readonly TrainingChannels: readonly ChannelSpecification[];
}

export interface InferenceSpecification {
  readonly Containers: readonly {
    readonly Image?: string;
    readonly ContainerHostname?: string;
    readonly ModelDataUrl?: string;
    readonly Environment?: Readonly<Record<string, string>>;
    readonly [member: string]: unknown;
  }[];
  readonly [member: string]: unknown;
}

export interface AlgorithmValidationSpecification {
  readonly ValidationRole: string;
  readonly ValidationProfiles: readonly {
    readonly ProfileName: string;
    readonly TrainingJobDefinition: TrainingJobDefinition;
    readonly TransformJobDefinition?: TransformJobDefinition;
  }[];
}

type TrainingJobDefinition = Pick<
  TrainingJobMembers,
  'HyperParameters' | 'InputDataConfig' | 'OutputDataConfig' | 'ResourceConfig' | 'StoppingCondition'
> & { readonly TrainingInputMode: 'File' | 'FastFile' | 'Pipe' };

export type TransformJobDefinition = Omit<TransformJobMembers, 'TransformJobName' | 'ModelName'>;

export interface CreateAlgorithmRequest {
  readonly AlgorithmName: string;
  readonly AlgorithmDescription?: string;
  readonly TrainingSpecification: TrainingSpecification;
  readonly InferenceSpecification?: InferenceSpecification;
  readonly ValidationSpecification?: AlgorithmValidationSpecification;
  readonly CertifyForMarketplace?: boolean;
  readonly Tags?: readonly Tag[];
}

export type AlgorithmStatus = 'Pending' | 'InProgress' | 'Completed' | 'Failed' | 'Deleting';

export interface StatusItem {
  readonly Name: string;
  readonly Status: 'NotStarted' | 'InProgress' | 'Completed' | 'Failed';
  readonly FailureReason?: string;
}

/** What DescribeAlgorithm answers. */
export interface AlgorithmBody extends Omit<CreateAlgorithmRequest, 'Tags'> {
  readonly AlgorithmArn: string;
  readonly CreationTime: number;
  readonly AlgorithmStatus: AlgorithmStatus;
  readonly AlgorithmStatusDetails: {
    readonly ValidationStatuses?: readonly StatusItem[];
    readonly ImageScanStatuses?: readonly StatusItem[];
  };
}
