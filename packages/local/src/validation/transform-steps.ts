/**
 * The batch transforms of a validation: the one that AWS's own validation runs too, and those of further content types.
 */
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { JobError } from '../errors.js';
import { runTransformJob, type TransformJobResult } from '../transform/transform-job.js';
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
 * The profile's further transform jobs, two at a time: each mostly waits for its server to start.
 * @throws JobError of the first that failed, once none runs any more
 */
export async function transformMore(work: ValidationWork, jobs: readonly Job[]): Promise<string> {
  const outcomes: Outcome[] = [];
  const failures = new Map<number, unknown>();
  const numbered = jobs.entries();
  const takeJobs = async () => {
    for (const [number, job] of numbered) {
      if (failures.size > 0) return;
      const folder = join('more-transform-jobs', basename(job.input));
      try {
        outcomes[number] = await runJob(work, job, folder);
      } catch (error) {
        failures.set(number, error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeJobs));
  const [first] = [...failures].sort(([a], [b]) => a - b);
  if (first) {
    const [number, cause] = first;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new JobError(`${jobs[number]!.input}: ${message}`, { cause });
  }
  const pairs = outcomes.flatMap((outcome) => outcome.pairs);
  const compared = settleOutputs(work, pairs, foldersOf(outcomes));
  return `${jobs.map(({ input }) => basename(input)).join(', ')}: ${compared}`;
}

// --- internal ---

const AT_ONCE = 2;

interface Outcome {
  readonly job: Job;
  readonly result: TransformJobResult;
  readonly pairs: readonly OutputPair[];
  readonly isFolder: boolean;
}

/** @param folder below the validation's */
async function runJob(work: ValidationWork, job: Job, folder: string): Promise<Outcome> {
  const { expectedOutput, ...settings } = job;
  const input = join(work.inputs, job.input);
  const directory = join(work.directory, folder);
  const result = await runTransformJob({
    ...settings,
    input,
    program: work.program,
    model: work.modelArchive,
    workDirectory: join(directory, 'container'),
    outputDirectory: join(directory, 'output'),
    logFile: join(directory, 'log.txt'),
    stop: work.stop,
    onEvent: work.onEvent,
  });
  if (result.status !== 'Completed') throw new JobError(result.failureReason ?? `the job ended ${result.status}`);
  const isFolder = statSync(input).isDirectory();
  const pairs = result.files.map(({ input: name, output }): OutputPair => {
    const expected = isFolder ? join(expectedOutput, `${name}.out`) : singleOutput(work, expectedOutput, name);
    return { name: expected, received: output ?? '', contentType: job.accept };
  });
  return { job, result, pairs, isFolder };
}

/** For one input file: the file named, or `<input>.out` in the folder named. */
function singleOutput(work: ValidationWork, expectedOutput: string, input: string): string {
  const full = join(work.sampleData, expectedOutput);
  return existsSync(full) && statSync(full).isDirectory() ? join(expectedOutput, `${input}.out`) : expectedOutput;
}

function foldersOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.filter(({ isFolder }) => isFolder).map(({ job }) => job.expectedOutput);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
