/** The training job and the transform jobs of a trial, and the model between them: as a buyer's, without a network. */

import { basename, join } from 'node:path';
import { JobError } from '@algo/local';
import type { CreateTrainingJobCommandInput, CreateTransformJobCommandInput } from '@aws-sdk/client-sagemaker';
import { modelUri } from '../../documents/create-model-package.js';
import type { Document } from '../../documents/source.js';
import { trainingJobDefinition, transformJobDefinition } from '../../documents/validation-jobs.js';
import type { PublishContext } from '../context.js';
import { tagsOf } from '../mark.js';
import { whenRoleIsKnown } from '../role-wait.js';
import { compareTransform, type TransformJob } from '../transform-outputs.js';
import type { TrialNames } from './names.js';

export interface Trained {
  readonly artifacts: string;
  /** Of the container, from its start to its end. */
  readonly seconds: number;
  /** The last value of each. */
  readonly metrics: Readonly<Record<string, number>>;
}

export async function train(context: PublishContext, { name, storage }: TrialNames): Promise<Trained> {
  const { source, clients, mark } = context;
  const { TrainingInputMode, ...job } = trainingJobDefinition(source);
  const request = {
    ...(job as Omit<Document, 'OutputDataConfig'>),
    TrainingJobName: name,
    AlgorithmSpecification: {
      TrainingImage: source.seller.trainingImage ?? source.seller.image,
      TrainingInputMode,
      MetricDefinitions: source.definition.TrainingSpecification?.MetricDefinitions,
    },
    RoleArn: source.seller.validationRole,
    OutputDataConfig: { S3OutputPath: `${storage}/training` },
    EnableNetworkIsolation: true,
    Tags: tagsOf(mark),
  } as unknown as CreateTrainingJobCommandInput;
  await whenRoleIsKnown(context, () => clients.sagemaker.createTrainingJob(request));
  for (;;) {
    const found = await clients.sagemaker.describeTrainingJob({ TrainingJobName: name });
    context.progress(`training job: ${found.SecondaryStatus}`);
    if (found.TrainingJobStatus === 'Completed') {
      const metrics = (found.FinalMetricDataList ?? []).map(({ MetricName = '', Value = 0 }) => [MetricName, Value]);
      return {
        artifacts: found.ModelArtifacts?.S3ModelArtifacts ?? '',
        seconds: found.TrainingTimeInSeconds ?? 0,
        metrics: Object.fromEntries(metrics),
      };
    }
    if (found.TrainingJobStatus !== 'InProgress')
      throw ended('training job', found.TrainingJobStatus, found.FailureReason);
    await context.pause();
  }
}

/** @param artifacts of the training job; undefined: those of the package, or none where they are in the image */
export async function makeModel(
  context: PublishContext,
  { name }: TrialNames,
  artifacts: string | undefined,
): Promise<void> {
  const { source, clients, mark } = context;
  const ModelDataUrl = artifacts ?? (source.profile.model === undefined ? undefined : modelUri(source));
  const request = {
    ModelName: name,
    PrimaryContainer: { Image: source.seller.image, ...(ModelDataUrl !== undefined && { ModelDataUrl }) },
    ExecutionRoleArn: source.seller.validationRole,
    EnableNetworkIsolation: true,
    Tags: tagsOf(mark),
  };
  await whenRoleIsKnown(context, () => clients.sagemaker.createModel(request));
}

export interface Transformed {
  /** What was compared. */
  readonly text: string;
  /** From the start of the instance's work to its end. */
  readonly seconds: number;
}

/** @param number of the job in the profile: 0 for the one that AWS validates with */
export async function transform(
  context: PublishContext,
  { name, storage }: TrialNames,
  job: TransformJob,
  number: number,
): Promise<Transformed> {
  const { source, clients, mark, request } = context;
  const TransformJobName = number === 0 ? name : `${name}-more-${number}`;
  const uri = `${storage}/transform-${number}`;
  const { TransformOutput, ...definition } = transformJobDefinition(source, job);
  await clients.sagemaker.createTransformJob({
    ...definition,
    TransformJobName,
    ModelName: name,
    TransformOutput: { ...(TransformOutput as object), S3OutputPath: uri },
    Tags: tagsOf(mark),
  } as unknown as CreateTransformJobCommandInput);
  for (;;) {
    const found = await clients.sagemaker.describeTransformJob({ TransformJobName });
    context.progress(`batch transform ${basename(job.input)}: ${found.TransformJobStatus}`);
    if (found.TransformJobStatus === 'Completed') {
      const { TransformStartTime: start, TransformEndTime: end } = found;
      const directory = join(request.directory, 'trial', `transform-${number}`);
      const text = await compareTransform(context, { uri, since: new Date(0), directory, job });
      return { text, seconds: start && end ? (end.getTime() - start.getTime()) / 1000 : 0 };
    }
    if (found.TransformJobStatus !== 'InProgress')
      throw ended('transform job', found.TransformJobStatus, found.FailureReason);
    await context.pause();
  }
}

// --- internal ---

function ended(what: string, status: string | undefined, reason: string | undefined): JobError {
  return new JobError(`the ${what} ended ${status}: ${reason ?? 'no reason given'}`);
}
