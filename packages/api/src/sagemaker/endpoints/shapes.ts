/** Endpoints and their configurations as the API has them. */
import type { ModelDefinition } from '../models/shapes.js';

export const ENDPOINT = 'endpoint';

/** SageMaker's ProductionVariantServerlessConfig, as far as it is read. */
export interface ServerlessConfig {
  readonly MemorySizeInMB: number;
}

export interface ProductionVariant {
  readonly VariantName: string;
  readonly ModelName?: string;
  readonly InitialInstanceCount?: number;
  readonly InstanceType?: string;
  readonly InitialVariantWeight?: number;
  readonly ContainerStartupHealthCheckTimeoutInSeconds?: number;
  readonly ServerlessConfig?: ServerlessConfig;
}

export interface AsyncInferenceConfig {
  readonly ClientConfig?: { readonly MaxConcurrentInvocationsPerInstance?: number };
  readonly OutputConfig: { readonly S3OutputPath?: string; readonly S3FailurePath?: string };
}

/** SageMaker's MetricsConfig, as far as it is read. */
export interface MetricsConfig {
  readonly EnableDetailedObservability?: boolean;
  readonly MetricPublishFrequencyInSeconds?: number;
}

export interface EndpointConfigMembers {
  readonly EndpointConfigName: string;
  readonly ProductionVariants: readonly ProductionVariant[];
  readonly AsyncInferenceConfig?: AsyncInferenceConfig;
  readonly MetricsConfig?: MetricsConfig;
  readonly DataCaptureConfig?: unknown;
  readonly ExplainerConfig?: unknown;
  readonly ShadowProductionVariants?: unknown;
}

/** What DescribeEndpointConfig answers. */
export interface EndpointConfigBody extends EndpointConfigMembers {
  readonly EndpointConfigArn: string;
  readonly CreationTime: number;
}

/** What an endpoint that is updated may keep of a variant. */
export type KeptVariant = Pick<VariantSummary, 'VariantName'> &
  Partial<Pick<VariantSummary, 'CurrentWeight' | 'CurrentInstanceCount'>>;

export interface VariantSummary {
  readonly VariantName: string;
  readonly DeployedImages: readonly {
    readonly SpecifiedImage: string;
    readonly ResolvedImage: string;
    readonly ResolutionTime: number;
  }[];
  readonly CurrentWeight: number;
  readonly DesiredWeight: number;
  /** Absent for a serverless variant. */
  readonly CurrentInstanceCount?: number;
  readonly DesiredInstanceCount?: number;
  readonly CurrentServerlessConfig?: unknown;
  readonly DesiredServerlessConfig?: unknown;
}

export type EndpointStatus = 'Creating' | 'Updating' | 'InService' | 'Deleting' | 'Failed';

/** All that an endpoint's servers are made of, as it was when asked for: what it names may be deleted while they serve. */
export interface Deployment {
  readonly Config: EndpointConfigBody;
  /** By the variant's name. Absent in records that older versions wrote: the models are then those that have the names. */
  readonly Models?: Readonly<Record<string, ModelDefinition>>;
}

/** A deployment that is to take the place of another. */
export interface Update extends Deployment {
  /** Weights and instance counts in the place of the configuration's. */
  readonly Kept: readonly KeptVariant[];
}

/** What is kept of an endpoint. DescribeEndpoint leaves out what a Deployment has, and Update. */
export interface EndpointBody extends Deployment {
  /** Until it is in service or has failed; a server that is started again carries on with it. */
  readonly Update?: Update | undefined;
  readonly EndpointName: string;
  readonly EndpointArn: string;
  /** The one that serves; of an update that one which served before, until the new one is in service. */
  readonly EndpointConfigName: string;
  readonly ProductionVariants?: readonly VariantSummary[];
  readonly EndpointStatus: EndpointStatus;
  readonly FailureReason?: string;
  readonly CreationTime: number;
  readonly LastModifiedTime: number;
  readonly AsyncInferenceConfig?: AsyncInferenceConfig | undefined;
  /** Recorded: servers are always replaced together, when the new ones are healthy. */
  readonly LastDeploymentConfig?: unknown;
}
