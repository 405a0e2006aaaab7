/**
 * Runs a training job that the scheduler has started: objects of S3 become its input, @algo/local runs it, its archives
 * become objects. Its log and metrics go to the store while it runs.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ChannelInput, removeTree, runTrainingJob, type TrainingJobResult } from '@algo/local';
import { InputError, type S3DataType, stageInput } from '../jobs/input-data.js';
import type { EndReason, JobKind } from '../jobs/scheduler.js';
import type { LogStream } from '../store/logs.js';
import { trainingImageOf } from './algorithm-lookup.js';
import type { SageMaker } from './context.js';
import { failureOf } from './job-failure.js';
import { uploadArtifacts } from './training-artifacts.js';
import { openCheckpoints } from './training-checkpoints.js';
import type { Channel, TrainingJobBody } from './training-job-shapes.js';
import { type Changes, end, enter, findJob, TRAINING_JOB } from './training-job-state.js';

export const TRAINING_LOG_GROUP = '/aws/sagemaker/TrainingJobs';

export function trainingJobKind(sageMaker: SageMaker): JobKind {
  return {
    async run(name, signal) {
      const job = findJob(sageMaker, name);
      if (!job) return () => undefined;
      const folder = join(sageMaker.workFolder, TRAINING_JOB, name);
      rmSync(folder, { recursive: true, force: true });
      const started = Math.floor(Date.now() / 1000);
      const log = sageMaker.store.logs.open(TRAINING_LOG_GROUP, `${name}/algo-1-${started}`, {
        namespace: TRAINING_LOG_GROUP,
        resource: name,
      });
      try {
        return await runInFolder(sageMaker, job.body, folder, log, signal);
      } catch (error) {
        return () => end(sageMaker, name, 'Failed', 'Failed', { failureReason: failureOf(error) });
      } finally {
        log.close();
        await removeTree(folder);
      }
    },
    abandon(name, cause) {
      const isStopping = findJob(sageMaker, name)?.status === 'Stopping';
      if (isStopping) end(sageMaker, name, 'Stopped', 'Stopped');
      else end(sageMaker, name, 'Failed', 'Failed', { failureReason: `InternalServerError: ${cause}` });
    },
  };
}

// --- internal ---

async function runInFolder(
  sageMaker: SageMaker,
  job: TrainingJobBody,
  folder: string,
  log: LogStream,
  signal: AbortSignal,
): Promise<() => void> {
  const name = job.TrainingJobName;
  enter(sageMaker, name, 'Downloading');
  const channels = await stageChannels(sageMaker, job, join(folder, 'objects'));
  const checkpoints = await openCheckpoints(sageMaker.objects, job, join(folder, 'checkpoints'));
  const { program, close } = await sageMaker.programs.open(trainingImageOf(sageMaker, job.AlgorithmSpecification));
  const { MetricDefinitions = [], TrainingInputMode } = job.AlgorithmSpecification;
  let result: TrainingJobResult;
  try {
    result = await runTrainingJob({
      program,
      description: { Name: 'algorithm', TrainingSpecification: { MetricDefinitions } },
      jobName: name,
      region: sageMaker.account.region,
      instanceType: job.ResourceConfig.InstanceType,
      hyperparameters: job.HyperParameters ?? {},
      environment: job.Environment ?? {},
      channels,
      checkpoints: checkpoints?.request,
      inputMode: TrainingInputMode,
      maxRuntimeInSeconds: job.StoppingCondition.MaxRuntimeInSeconds,
      workDirectory: join(folder, 'container'),
      outputDirectory: join(folder, 'output'),
      stopGraceMs: sageMaker.stopGraceMs,
      stop: signal,
      onEvent: (event) => {
        if (event.type === 'log') log.write(event.line);
        else if (event.type === 'metric') {
          log.metric(event.name, event.value);
          sageMaker.watch.changed(name);
        } else if (event.type === 'training-status') enter(sageMaker, name, event.status);
      },
    });
  } finally {
    try {
      await checkpoints?.close(); // first: were the folder removed while it is followed, so would be its objects
    } finally {
      await close();
    }
  }
  return recordResult(sageMaker, job, result, signal, folder);
}

async function recordResult(
  sageMaker: SageMaker,
  job: TrainingJobBody,
  result: TrainingJobResult,
  signal: AbortSignal,
  folder: string,
): Promise<() => void> {
  const name = job.TrainingJobName;
  if (signal.reason === ('close' satisfies EndReason)) {
    const failureReason = 'InternalServerError: The server was stopped while the job was running.';
    return () => end(sageMaker, name, 'Failed', 'Failed', { failureReason });
  }
  await uploadArtifacts(sageMaker.objects, job, result, folder);
  const time = Date.now() / 1000;
  const changes: Changes = {
    FinalMetricDataList: Object.entries(result.finalMetrics).map(([MetricName, Value]) => ({
      ...{ MetricName, Value },
      Timestamp: time,
    })),
  };
  const { status, secondaryStatus, failureReason } = result;
  return () => end(sageMaker, name, status, secondaryStatus, { ...changes, failureReason });
}

async function stageChannels(
  { objects }: SageMaker,
  { InputDataConfig = [] }: TrainingJobBody,
  folder: string,
): Promise<Record<string, ChannelInput>> {
  const channels: [name: string, input: ChannelInput][] = [];
  for (const channel of InputDataConfig) {
    const name = channel.ChannelName;
    channels.push([name, await stageChannel(objects, channel, join(folder, name))]);
  }
  return Object.fromEntries(channels);
}

async function stageChannel(objects: SageMaker['objects'], channel: Channel, folder: string): Promise<ChannelInput> {
  const { S3Uri, S3DataType, AttributeNames, S3DataDistributionType } = channel.DataSource.S3DataSource!;
  try {
    const path = await stageInput(objects, S3DataType as S3DataType, S3Uri, folder, AttributeNames);
    return {
      path,
      contentType: channel.ContentType,
      inputMode: channel.InputMode,
      compressionType: channel.CompressionType,
      recordWrapperType: channel.RecordWrapperType,
      attributeNames: AttributeNames,
      distributionType: S3DataDistributionType,
    };
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`channel ${channel.ChannelName}: ${error.message}`);
    throw error;
  }
}
