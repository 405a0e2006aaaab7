/** A model's containers as CreateModel asks for them, and as its servers need them. */

export interface ContainerDefinition {
  /** Of a container of several: its name in logs and errors, and for direct invocations. */
  readonly ContainerHostname?: string;
  readonly Image?: string;
  readonly Mode?: 'SingleModel' | 'MultiModel';
  /** Of Mode MultiModel the start of the keys of its models. */
  readonly ModelDataUrl?: string;
  readonly MultiModelConfig?: { readonly ModelCacheSetting?: 'Enabled' | 'Disabled' };
  readonly ModelDataSource?: {
    readonly S3DataSource?: {
      readonly S3Uri: string;
      readonly S3DataType: 'S3Prefix' | 'S3Object';
      readonly CompressionType: 'None' | 'Gzip';
    };
  };
  readonly Environment?: Readonly<Record<string, string>>;
  readonly ModelPackageName?: string;
  readonly ContainerMetricsConfig?: {
    readonly MetricsEndpoints?: readonly {
      readonly MetricsEndpointPath: string;
      readonly MetricPublishFrequencyInSeconds?: number;
    }[];
  };
  readonly [member: string]: unknown;
}

/** All that servers need of a model and of the package it names, so that both may be removed while they serve. */
export interface ModelDefinition {
  readonly containers: readonly (ContainerDefinition & {
    /** By digest, where this server's registry has the image. */
    readonly ResolvedImage?: string;
  })[];
  readonly isDirect: boolean;
  readonly isIsolated: boolean;
}
