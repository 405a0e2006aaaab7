/**
 * The validation of one algorithm on this machine: what AWS Marketplace does with a product (training job, model, batch
 * transform of the sample data), and a real-time round beyond it (/ping, each sample to /invocations, SIGTERM). Every
 * output is compared with the stored one. Everything it read, wrote and found stays in one folder.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isImageProgram, type Program } from '../container/program.js';
import { ArgumentError, JobError, messageOf } from '../errors.js';
import { prepareOutput } from '../files/folder.js';
import { removeTree } from '../files/remove-tree.js';
import { PROFILE_FILE, readValidationProfile } from './profile.js';
import type { ValidationProfile } from './profile-schema.js';
import { originOf, type ValidationOrigin } from './validation-origin.js';
import { copyInputs, type ValidationRequest, type ValidationStep, type ValidationWork } from './validation-request.js';
import { createValidationSteps } from './validation-steps.js';

export interface StepResult {
  readonly step: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  /** What was checked; for a failed step the cause. */
  readonly text: string;
}

/** The content of validation.json. */
export interface Validation extends ValidationOrigin {
  readonly algorithm: string;
  readonly version: string;
  readonly result: 'passed' | 'failed';
  /** Of the first step that failed. */
  readonly cause?: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly steps: readonly StepResult[];
  /** The last value of each metric. */
  readonly metrics: Readonly<Record<string, number>>;
  /** `node` is the program's own; absent for a program that is no JavaScript. */
  readonly versions: { readonly node?: string; readonly local: string };
  /** SHA-256 of each input, by its path below the sample data, and of model.tar.gz. */
  readonly digests: { readonly inputs: Readonly<Record<string, string>>; readonly model?: string };
  /** The folder everything was written to. */
  readonly directory: string;
}

/**
 * Runs all steps; after one that fails, those that need it are skipped.
 * @throws ArgumentError when the sample data has no usable profile or lacks a file it names
 */
export async function validateAlgorithm(request: ValidationRequest): Promise<Validation> {
  const profile = await readValidationProfile(request.sampleData);
  checkKind(request, profile);
  const startedAt = new Date().toISOString();
  const started = performance.now();
  await removeTree(request.directory);
  prepareOutput(request.directory, 'Output folder');
  const work: ValidationWork = {
    ...request,
    profile,
    inputs: join(request.directory, 'inputs'),
    inputDigests: await copyInputs(request.sampleData, profile, join(request.directory, 'inputs')),
  };

  const origin = await originOf(request.program, request.trainingProgram); // of what runs, which may be built meanwhile
  const steps: StepResult[] = [];
  for (const step of createValidationSteps(work)) steps.push(await runStep(step, steps, request));

  const failed = steps.find((step) => step.result === 'failed');
  const model = work.modelDigest;
  const node = await nodeVersion(request.program);
  const validation: Validation = {
    algorithm: request.description.Name,
    version: request.description.Version,
    result: failed ? 'failed' : 'passed',
    ...(failed && { cause: `${failed.step}: ${failed.text}` }),
    startedAt,
    seconds: secondsSince(started),
    steps,
    metrics: work.training?.finalMetrics ?? {},
    versions: { ...(node && { node }), local: localVersion() },
    digests: { inputs: work.inputDigests, ...(model && { model }) },
    ...origin,
    directory: request.directory,
  };
  const write = (name: string, value: object) =>
    writeFileSync(join(request.directory, name), `${JSON.stringify(value, null, 2)}\n`);
  write(PROFILE_FILE, profile);
  write('description.json', request.description);
  write('validation.json', validation);
  return validation;
}

// --- internal ---

/** @throws ArgumentError when the profile is that of another kind of product */
function checkKind({ description, sampleData }: ValidationRequest, { trainingJob, model }: ValidationProfile): void {
  const file = join(sampleData, PROFILE_FILE);
  if (description.TrainingSpecification) {
    if (!trainingJob) throw new ArgumentError(`${file} must have trainingJob: ${description.Name} is trained.`);
    if (model !== undefined) {
      throw new ArgumentError(`${file} must not have model: ${description.Name} is trained, which makes its model.`);
    }
  } else if (trainingJob) {
    throw new ArgumentError(
      `${file} must not have trainingJob: ${description.Name} is a model package. Name its model in "model".`,
    );
  }
}

async function runStep(step: ValidationStep, before: readonly StepResult[], request: ValidationRequest) {
  const { onEvent, description, stop } = request;
  const about = { algorithm: description.Name, step: step.name };
  const finish = (result: StepResult['result'], seconds: number, text: string): StepResult => {
    onEvent?.({ type: 'step-finished', ...about, result, seconds, text });
    return { step: step.name, result, seconds, text };
  };
  const blocker = before.find((other) => other.result !== 'passed' && step.needs.includes(other.step));
  if (blocker) return finish('skipped', 0, `needs: ${blocker.step}`);
  onEvent?.({ type: 'step-started', ...about });
  const started = performance.now();
  try {
    if (stop?.aborted && !step.isCleanUp) throw new JobError('stopped');
    const text = await step.run();
    return finish('passed', secondsSince(started), text);
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    return finish('failed', secondsSince(started), messageOf(error));
  }
}

function secondsSince(started: number): number {
  return Number(((performance.now() - started) / 1000).toFixed(3));
}

async function nodeVersion(program: Program): Promise<string | undefined> {
  if (isImageProgram(program)) return program.sandbox?.nodeVersion;
  const { command, args } = program;
  if (args.length === 0) return undefined;
  if (command === process.execPath) return process.versions.node;
  const { stdout } = await promisify(execFile)(command, ['--version']);
  return stdout.trim().replace(/^v/, '');
}

function localVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const value: unknown = JSON.parse(text);
  const hasVersion = typeof value === 'object' && value !== null && 'version' in value;
  return hasVersion ? String(value.version) : 'unknown';
}
