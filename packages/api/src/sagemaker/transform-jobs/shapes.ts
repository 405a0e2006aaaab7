/** A transform job as CreateTransformJob asks for it and DescribeTransformJob answers it. */
import type { ProcessedData } from '@algo/local';
import type { TransformJobDefinition } from '../definitions/transform-job.js';
import type { ModelDefinition } from '../models/shapes.js';

export interface TransformJobMembers extends TransformJobDefinition {
  readonly TransformJobName: string;
  readonly ModelName: string;
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

/** What filters, joins and inference ids depend on, in @algo/local's terms. */
export function processedData({
  TransformInput,
  TransformOutput,
  DataProcessing,
  DataCaptureConfig,
}: TransformJobMembers): ProcessedData {
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
    hasInferenceIds: DataCaptureConfig?.GenerateInferenceId,
  };
}
