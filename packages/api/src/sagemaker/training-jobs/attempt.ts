/**
 * A training job on its instances: objects of S3 become its input, @algo/local runs it. Its log and metrics go to the store
 * while it runs. A job of managed spot training whose instance is taken away has another attempt.
 */
import { join } from 'node:path';
import { runTrainingJob, type TrainingJobResult } from '@algo/local';
import { platformError, platformText } from '../../jobs/platform-names.js';
import type { SageMaker } from '../resources/context.js';
import { stageChannels } from './channels.js';
import { openCheckpoints } from './checkpoints.js';
import type { HostLogs } from './host-logs.js';
import { trainingImageOf } from './image.js';
import { groupsOf } from './instances.js';
import type { TrainingJobBody } from './shapes.js';
import { enter, TRAINING_JOB } from './state.js';

export interface TrainingAttempt {
  readonly sageMaker: SageMaker;
  readonly job: TrainingJobBody;
  /** The caller removes it after each attempt. */
  readonly folder: string;
  readonly logs: HostLogs;
  /** Ends the job. */
  readonly stop: AbortSignal;
  /** Takes the instance away. */
  readonly interrupt?: AbortSignal | undefined;
  /** What is left of MaxRuntimeInSeconds, and of MaxWaitTimeInSeconds. */
  readonly runtimeSeconds: number | undefined;
  readonly waitTimeSeconds: number | undefined;
}

/** @throws InputError when input is gone, and what programs.open and runTrainingJob throw, all in the platform's names */
export async function runAttempt(attempt: TrainingAttempt): Promise<TrainingJobResult> {
  const { sageMaker } = attempt;
  try {
    const result = await run(attempt);
    const { failureReason } = result;
    return failureReason === undefined ? result : { ...result, failureReason: platformText(sageMaker, failureReason) };
  } catch (error) {
    throw platformError(sageMaker, error);
  }
}

// --- internal ---

async function run(attempt: TrainingAttempt): Promise<TrainingJobResult> {
  const { sageMaker, job, folder, logs } = attempt;
  const name = job.TrainingJobName;
  enter(sageMaker, name, 'Downloading');
  const channels = await stageChannels(sageMaker.objects, job, join(folder, 'objects'));
  const checkpoints = await openCheckpoints(sageMaker.objects, job, join(folder, 'checkpoints'));
  const image = job.ResolvedImage ?? trainingImageOf(sageMaker, job.AlgorithmSpecification);
  const { program, close } = await sageMaker.programs.open(image, {
    // As on AWS Marketplace, an algorithm never has a network.
    isIsolated: (job.EnableNetworkIsolation ?? false) || job.AlgorithmSpecification.AlgorithmName !== undefined,
    isServer: false,
  });
  const {
    MetricDefinitions = [],
    TrainingInputMode,
    ContainerEntrypoint,
    ContainerArguments,
  } = job.AlgorithmSpecification;
  try {
    return await runTrainingJob({
      program,
      description: { Name: 'algorithm', TrainingSpecification: { MetricDefinitions } },
      entrypoint: ContainerEntrypoint,
      arguments: ContainerArguments,
      jobName: name,
      region: sageMaker.account.region,
      instanceType: job.ResourceConfig.InstanceType,
      instanceCount: job.ResourceConfig.InstanceCount,
      instanceGroups: groupsOf(job.ResourceConfig)?.map((group) => ({
        ...{ name: group.InstanceGroupName, instanceType: group.InstanceType, instanceCount: group.InstanceCount },
      })),
      hyperparameters: job.HyperParameters ?? {},
      environment: job.Environment ?? {},
      channels,
      checkpoints: checkpoints?.request,
      inputMode: TrainingInputMode,
      maxRuntimeInSeconds: attempt.runtimeSeconds,
      maxWaitTimeInSeconds: attempt.waitTimeSeconds,
      startMark: sageMaker.marks.place({ kind: TRAINING_JOB, name }),
      workDirectory: join(folder, 'container'),
      outputDirectory: join(folder, 'output'),
      stopGraceMs: sageMaker.stopGraceMs,
      stop: attempt.stop,
      interrupt: attempt.interrupt,
      abandon: sageMaker.closing,
      onEvent: (event) => {
        if (event.type === 'log') logs.of(event.host).write(event.line);
        else if (event.type === 'metric') logs.first.metric(event.name, event.value);
        // A server that closes keeps nothing of what its programs do then.
        else if (event.type === 'training-status' && !sageMaker.closing.aborted) enter(sageMaker, name, event.status);
      },
    });
  } finally {
    try {
      await checkpoints?.close(); // first: were the folder removed while it is followed, so would be its objects
    } finally {
      await close();
    }
  }
}
