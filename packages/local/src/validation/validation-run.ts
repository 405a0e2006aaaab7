/**
 * What steps of a validation have in common: the profile's training job, an endpoint of its model, and the end of it.
 */
import { join } from 'node:path';
import type { Program } from '../container/program.js';
import { type Endpoint, startEndpoint } from '../endpoint/endpoint.js';
import { JobError } from '../errors.js';
import { runTrainingJob, type TrainingJobResult } from '../training/training-job.js';
import type { ValidationWork } from './validation-request.js';

/**
 * Runs the profile's training job.
 * @param folder below the validation's
 * @throws JobError unless it is Completed and has left a model
 */
export async function runProfileJob(
  work: ValidationWork,
  program: Program,
  folder: string,
): Promise<TrainingJobResult> {
  if (!work.profile.trainingJob) throw new JobError('the profile has no trainingJob');
  const { channels, ...job } = work.profile.trainingJob;
  const outputDirectory = join(work.directory, folder);
  const located = Object.entries(channels).map(([name, channel]) => {
    return [name, { ...channel, path: join(work.inputs, channel.path) }] as const;
  });
  const result = await runTrainingJob({
    ...job,
    program,
    description: work.description,
    channels: Object.fromEntries(located),
    workDirectory: join(outputDirectory, 'container'),
    outputDirectory,
    stop: work.stop,
    onEvent: work.onEvent,
  });
  if (result.status !== 'Completed') {
    throw new JobError(result.failureReason ?? `the job ended ${result.secondaryStatus}`);
  }
  if (!result.modelArchive) throw new JobError('the job completed but left nothing in /opt/ml/model');
  return result;
}

/** That of its own, or the one that serves. */
export function trainingProgramOf({ program, trainingProgram = program }: ValidationWork): Program {
  return trainingProgram;
}

/** An endpoint of the validation's model. @param folder below the validation's */
export function startProfileEndpoint(work: ValidationWork, program: Program, folder: string): Promise<Endpoint> {
  return startEndpoint({
    program,
    model: work.modelArchive,
    workDirectory: join(work.directory, folder, 'container'),
    logFile: join(work.directory, folder, 'log.txt'),
    stop: work.stop,
    onEvent: work.onEvent,
  });
}

/** @throws JobError unless it ends by itself after SIGTERM, with exit code 0 */
export async function stopServer(endpoint: Endpoint | undefined): Promise<string> {
  if (!endpoint) throw new JobError('there is no endpoint');
  const began = performance.now();
  const { exitCode, wasKilled } = await endpoint.stop();
  if (wasKilled) throw new JobError('the server must exit within 30 s of SIGTERM; it was killed');
  if (exitCode !== 0) throw new JobError(`the server must exit with code 0 after SIGTERM; received ${exitCode}`);
  return `SIGTERM: exit code 0 after ${((performance.now() - began) / 1000).toFixed(2)} s`;
}

/** Whether the product is served as it is, without a training. */
export function isModelPackage({ description }: Pick<ValidationWork, 'description'>): boolean {
  return description.TrainingSpecification === undefined;
}
