/** The service's own shapes for what an algorithm is (botocore sagemaker/2017-07-24), as `describe` prints them. */

import type { PayloadDescription } from '../payloads/describe.js';

export interface HyperParameterSpecification {
  readonly Name: string;
  readonly Description: string;
  readonly Type: 'Integer' | 'Continuous' | 'Categorical' | 'FreeText';
  readonly Range?: {
    readonly IntegerParameterRangeSpecification?: { readonly MinValue: string; readonly MaxValue: string };
    readonly ContinuousParameterRangeSpecification?: { readonly MinValue: string; readonly MaxValue: string };
    readonly CategoricalParameterRangeSpecification?: { readonly Values: readonly string[] };
  };
  readonly IsTunable: boolean;
  readonly IsRequired: boolean;
  readonly DefaultValue?: string;
}

/** As in ParameterRanges of a tuning job. */
export interface TuningRangeSpecification {
  readonly MinValue: string;
  readonly MaxValue: string;
  readonly ScalingType: 'Auto' | 'Logarithmic';
}

export interface ChannelSpecification {
  readonly Name: string;
  readonly Description: string;
  readonly IsRequired: boolean;
  readonly SupportedContentTypes: readonly string[];
  readonly SupportedCompressionTypes: readonly ('None' | 'Gzip')[];
  readonly SupportedInputModes: readonly ('File' | 'Pipe')[];
}

/** What `describe` prints. */
export interface Description {
  readonly Name: string;
  readonly Version: string;
  readonly Description: string;
  /** What CreateAlgorithm takes; a model package has no training. */
  readonly TrainingSpecification?: {
    readonly SupportedHyperParameters: readonly HyperParameterSpecification[];
    readonly SupportsDistributedTraining: boolean;
    readonly MetricDefinitions: readonly { readonly Name: string; readonly Regex: string }[];
    readonly TrainingChannels: readonly ChannelSpecification[];
    readonly SupportedTuningJobObjectiveMetrics: readonly {
      readonly Type: 'Minimize' | 'Maximize';
      readonly MetricName: string;
    }[];
  };
  readonly InferenceSpecification: {
    readonly SupportedContentTypes: readonly string[];
    readonly SupportedResponseMIMETypes: readonly string[];
  };
  /** Not the service's: what else the product documents need to say. */
  readonly Capabilities: {
    readonly SupportsGpu: boolean;
    readonly Metrics: Readonly<Record<string, string>>;
    /** What each hyperparameter that is a list must be, by name: the service has no lists, and calls them FreeText. */
    readonly Lists: Readonly<Record<string, string>>;
    /**
     * Where a search of a hyperparameter is worth its jobs, by name, as the ranges of a tuning job: the service's Range has
     * all valid values.
     */
    readonly TuningRanges: Readonly<Record<string, TuningRangeSpecification>>;
    readonly Outputs: readonly { readonly Name: string; readonly Description: string; readonly IsOptional: boolean }[];
    /** Requests and answers of the algorithm's own, by media type. */
    readonly Inputs: readonly PayloadDescription[];
    readonly Answers: readonly PayloadDescription[];
    /** Of an algorithm that holds conversations over a bidirectional stream. */
    readonly Conversation?: { readonly Description: string; readonly MaxMessageBytes: number };
  };
}
