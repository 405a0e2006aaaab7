/** A transform job as CreateTransformJob asks for it and DescribeTransformJob answers it. */
import type { AssembleWith, BatchStrategy, ProcessedData, SplitType } from '@algo/local';
import type { S3DataType } from '../../jobs/input-data.js';
import type { ModelDefinition } from '../models/shapes.js';

export interface TransformJobMembers {
  readonly TransformJobName: string;
  readonly ModelName: string;
  readonly MaxConcurrentTransforms?: number;
  readonly ModelClientConfig?: {
    readonly InvocationsTimeoutInSeconds?: number;
    readonly InvocationsMaxRetries?: number;
  };
  readonly MaxPayloadInMB?: number;
  readonly BatchStrategy?: BatchStrategy;
  readonly Environment?: Readonly<Record<string, string>>;
  readonly TransformInput: {
    readonly DataSource: {
      readonly S3DataSource: { readonly S3DataType: S3DataType | 'Converse'; readonly S3Uri: string };
    };
    readonly ContentType?: string;
    readonly CompressionType?: 'None' | 'Gzip';
    readonly SplitType?: SplitType;
  };
  readonly TransformOutput: {
    readonly S3OutputPath: string;
    readonly Accept?: string;
    readonly AssembleWith?: AssembleWith;
  };
  readonly TransformResources: { readonly InstanceType: string; readonly InstanceCount: number };
  readonly DataCaptureConfig?: unknown;
  readonly DataProcessing?: {
    readonly InputFilter?: string;
    readonly OutputFilter?: string;
    readonly JoinSource?: 'Input' | 'None';
  };
}

/** What is kept of a job. */
export interface TransformJobBody extends TransformJobMembers {
  /** As it was when the job was made. DescribeTransformJob leaves it out; records that older versions wrote have none. */
  readonly Model?: ModelDefinition;
  readonly TransformJobArn: string;
  readonly TransformJobStatus: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  readonly FailureReason?: string;
  readonly CreationTime: number;
  readonly TransformStartTime?: number;
  readonly TransformEndTime?: number;
}

/** What filters and joins depend on, in @algo/local's terms. */
export function processedData({ TransformInput, TransformOutput, DataProcessing }: TransformJobMembers): ProcessedData {
  return {
    contentType: TransformInput.ContentType,
    accept: TransformOutput.Accept,
    splitType: TransformInput.SplitType,
    assembleWith: TransformOutput.AssembleWith,
    dataProcessing: {
      inputFilter: DataProcessing?.InputFilter,
      outputFilter: DataProcessing?.OutputFilter,
      joinSource: DataProcessing?.JoinSource,
    },
  };
}
