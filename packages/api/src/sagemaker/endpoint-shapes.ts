/** Endpoints and their configurations as the API has them. */

export interface ProductionVariant {
  readonly VariantName: string;
  readonly ModelName?: string;
  readonly InitialInstanceCount?: number;
  readonly InstanceType?: string;
  readonly InitialVariantWeight?: number;
  readonly ContainerStartupHealthCheckTimeoutInSeconds?: number;
  readonly ServerlessConfig?: unknown;
}

export interface AsyncInferenceConfig {
  readonly ClientConfig?: { readonly MaxConcurrentInvocationsPerInstance?: number };
  readonly OutputConfig: { readonly S3OutputPath?: string; readonly S3FailurePath?: string };
}

export interface EndpointConfigMembers {
  readonly EndpointConfigName: string;
  readonly ProductionVariants: readonly ProductionVariant[];
  readonly AsyncInferenceConfig?: AsyncInferenceConfig;
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

/** What is kept of an endpoint. */
export interface EndpointBody {
  /** The configuration as it was: it may be deleted while the endpoint is in service. DescribeEndpoint leaves it out. */
  readonly Config: EndpointConfigBody;
  readonly EndpointName: string;
  readonly EndpointArn: string;
  /** The one that serves; of an update that one which served before, until the new one is in service. */
  readonly EndpointConfigName: string;
  readonly ProductionVariants?: readonly VariantSummary[];
  readonly EndpointStatus: EndpointStatus;
  readonly FailureReason?: string;
  readonly CreationTime: number;
  readonly LastModifiedTime: number;
  readonly AsyncInferenceConfig?: AsyncInferenceConfig;
  /** Recorded: servers are always replaced together, when the new ones are healthy. */
  readonly LastDeploymentConfig?: unknown;
}
