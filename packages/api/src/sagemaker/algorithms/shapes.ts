/** An algorithm as CreateAlgorithm asks for it and DescribeAlgorithm answers it. */
import type { Tag } from '../../store/tags.js';
import type { InferenceSpecification } from '../definitions/inference.js';
import type { MetricDefinition } from '../definitions/metrics.js';
import type { TrainingJobDefinition } from '../definitions/training-job.js';
import type { TransformJobDefinition } from '../definitions/transform-job.js';
import type { StatusItem } from '../marketplace/status-details.js';

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
  readonly MetricDefinitions?: readonly MetricDefinition[];
  readonly TrainingChannels: readonly ChannelSpecification[];
}

export interface AlgorithmValidationSpecification {
  readonly ValidationRole: string;
  readonly ValidationProfiles: readonly {
    readonly ProfileName: string;
    readonly TrainingJobDefinition: TrainingJobDefinition & {
      readonly TrainingInputMode: 'File' | 'FastFile' | 'Pipe';
    };
    readonly TransformJobDefinition?: TransformJobDefinition;
  }[];
}

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
