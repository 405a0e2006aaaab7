/**
 * The batch transforms of a validation: the one that AWS's own validation runs too, and those of further content types.
 */
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { batchVariables } from '../endpoint/execution-parameters.js';
import { JobError, messageOf } from '../errors.js';
import { runTransformJob, type TransformJobResult } from '../transform/transform-job.js';
import { startServers, type TransformServers } from '../transform/transform-servers.js';
import type { ValidationProfile } from './profile-schema.js';
import { type OutputPair, settleOutputs } from './stored-outputs.js';
import type { ValidationWork } from './validation-request.js';

type Job = NonNullable<ValidationProfile['transformJob']>;

/** The profile's transform job. */
export async function transform(work: ValidationWork, job: Job): Promise<string> {
  const outcome = await runJob(work, job, 'transform-job');
  const { records, files, requests } = outcome.result;
  const sent = `${count(records || files.length, records ? 'record' : 'file')} in ${count(requests, 'request')}`;
  return `${sent}, as many out; ${settleOutputs(work, outcome.pairs, foldersOf([outcome]))}`;
}

/**
 * The profile's further transform jobs, one after the other by the same server.
 * @throws JobError of the first that fails
 */
export async function transformMore(work: ValidationWork, jobs: MoreJobs): Promise<string> {
  const folder = 'more-transform-jobs';
  const servers = await startServers(serverOf(work, folder), batchVariables({}));
  const outcomes: Outcome[] = [];
  try {
    for (const job of jobs) {
      const outcome = await runJob(work, job, join(folder, basename(job.input)), servers).catch((error) => {
        throw new JobError(`${job.input}: ${messageOf(error)}`, { cause: error });
      });
      outcomes.push(outcome);
    }
  } finally {
    await servers.stop();
  }
  const pairs = outcomes.flatMap((outcome) => outcome.pairs);
  const compared = settleOutputs(work, pairs, foldersOf(outcomes));
  return `${jobs.map(({ input }) => basename(input)).join(', ')}: ${compared}`;
}

// --- internal ---

type MoreJobs = ValidationProfile['moreTransformJobs'];

interface Outcome {
  readonly job: Job | MoreJobs[number];
  readonly result: TransformJobResult;
  readonly pairs: readonly OutputPair[];
  readonly isFolder: boolean;
}

/** @param folder below the validation's */
async function runJob(
  work: ValidationWork,
  job: Job | MoreJobs[number],
  folder: string,
  servers?: TransformServers,
): Promise<Outcome> {
  const { expectedOutput, ...settings } = job;
  const input = join(work.inputs, job.input);
  const result = await runTransformJob({
    ...settings,
    ...serverOf(work, folder),
    servers,
    input,
    outputDirectory: join(work.directory, folder, 'output'),
  });
  if (result.status !== 'Completed') throw new JobError(result.failureReason ?? `the job ended ${result.status}`);
  const isFolder = statSync(input).isDirectory();
  const pairs = result.files.map(({ input: name, output }): OutputPair => {
    const expected = isFolder ? join(expectedOutput, `${name}.out`) : singleOutput(work, expectedOutput, name);
    return { name: expected, received: output ?? '', contentType: job.accept };
  });
  return { job, result, pairs, isFolder };
}

function serverOf(work: ValidationWork, folder: string) {
  const directory = join(work.directory, folder);
  return {
    program: work.program,
    model: work.modelArchive,
    workDirectory: join(directory, 'container'),
    logFile: join(directory, 'log.txt'),
    stop: work.stop,
    onEvent: work.onEvent,
  };
}

/** For one input file: the file named, or `<input>.out` in the folder named. */
function singleOutput(work: ValidationWork, expectedOutput: string, input: string): string {
  const full = join(work.expected ?? work.sampleData, expectedOutput);
  return existsSync(full) && statSync(full).isDirectory() ? join(expectedOutput, `${input}.out`) : expectedOutput;
}

function foldersOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.filter(({ isFolder }) => isFolder).map(({ job }) => job.expectedOutput);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
