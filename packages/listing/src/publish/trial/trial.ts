/**
 * A trial in the seller's own account, before anything is certified: training job, model, batch transforms and a real-time
 * endpoint (AWS's validation tries batch only), each output compared with the stored samples, latency and throughput measured on
 * the recommended instance types. All that it made is removed, also after a failure or Ctrl-C.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkMetricBounds, JobError, messageOf, type StepResult } from '@algo/local';
import { isMissing } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import { recordTrial, removeEndedTrials } from './begun.js';
import { invokeSamples, type Latency, measure, startEndpoint } from './endpoint.js';
import { makeModel, type Trained, train, transform } from './jobs.js';
import { trialNames } from './names.js';
import { markTrial } from './objects.js';
import { removeTrials } from './resources.js';
import { trialDigest } from './trial-digest.js';

const TRIAL_FILE = 'validation.json';

/** The content of validation.json; what it has in common with that of `algo validate` has the same names. */
export interface Trial {
  readonly algorithm: string;
  readonly version: string;
  readonly result: 'passed' | 'failed';
  readonly cause?: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly steps: readonly StepResult[];
  readonly metrics: Readonly<Record<string, number>>;
  /** Digest of all that the trial depends on: definition, image, model, instance types, and the sample data. */
  readonly digest: string;
  readonly account: string;
  readonly region: string;
  /** Where it ran, if not on AWS: `on this machine`. Absent: on the instance types. */
  readonly elsewhere?: string;
  readonly measured: Measured;
}

/** On the recommended instance type of each use, unless the trial ran elsewhere. */
export interface Measured {
  readonly training?: { readonly instanceType: string; readonly seconds: number };
  readonly batch?: { readonly instanceType: string; readonly seconds: number };
  readonly realTime?: { readonly instanceType: string } & Latency;
}

/** The stored trial of this product as it is now, if it passed. */
export async function passedTrial(context: PublishContext): Promise<Trial | undefined> {
  const file = join(context.request.trialDirectory, TRIAL_FILE);
  if (!existsSync(file)) return undefined;
  const trial = JSON.parse(readFileSync(file, 'utf8')) as Trial;
  const isHere = trial.elsewhere === context.elsewhere; // a trial on this machine is none on AWS
  return trial.result === 'passed' && isHere && trial.digest === (await trialDigest(context)) ? trial : undefined;
}

export interface TrialOptions {
  readonly onStep?: ((result: StepResult) => void) | undefined;
  readonly now?: () => number;
}

/** @throws what AWS answers where what the trial made cannot be removed */
export async function runTrial(context: PublishContext, { onStep, now = Date.now }: TrialOptions = {}): Promise<Trial> {
  const { request, source } = context;
  const { definition, product, profile, seller } = source;
  rmSync(request.trialDirectory, { recursive: true, force: true });
  const names = trialNames(context, now());
  const startedAt = new Date(now()).toISOString();
  const started = performance.now();
  const steps: StepResult[] = [];
  const work: { trained?: Trained; measured: Measured } = { measured: {} };
  const run = async (step: string, work: () => Promise<string>) => {
    const began = performance.now();
    const finish = (result: StepResult['result'], text: string) => {
      const seconds = result === 'skipped' ? 0 : Number(((performance.now() - began) / 1000).toFixed(3));
      const found = { step, result, seconds, text };
      steps.push(found);
      onStep?.(found);
    };
    const failed = steps.find(({ result }) => result === 'failed');
    if (failed) return finish('skipped', `needs: ${failed.step}`);
    try {
      if (request.stop?.aborted) throw new JobError('stopped');
      finish('passed', await work());
    } catch (error) {
      finish('failed', failureText(error));
    }
  };
  const { recommended } = product;
  const digest = await trialDigest(context); // while the image is there
  try {
    await removeEndedTrials(context, now());
    recordTrial(context, names.name, now());
    await markTrial(context, names);
    if (definition.TrainingSpecification) {
      await run('training job', async () => {
        work.trained = await train(context, names);
        const instanceType = recommended.training ?? recommended.batch;
        work.measured = { ...work.measured, training: { instanceType, seconds: work.trained.seconds } };
        const bounds = checkMetricBounds(work.trained.metrics, profile.metricBounds);
        return `Completed${bounds ? `, ${bounds}` : ''}`;
      });
    }
    await run('model', async () => {
      await makeModel(context, names, work.trained?.artifacts);
      return `made of ${work.trained ? "the training job's artifacts" : 'the image'}`;
    });
    const jobs = [...(profile.transformJob ? [profile.transformJob] : []), ...profile.moreTransformJobs];
    for (const [i, job] of jobs.entries()) {
      await run(i === 0 ? 'batch transform' : `batch transform ${job.input}`, async () => {
        const { text, seconds } = await transform(context, names, job, i);
        if (i === 0) work.measured = { ...work.measured, batch: { instanceType: recommended.batch, seconds } };
        return text;
      });
    }
    await run('endpoint', async () => `InService after ${(await startEndpoint(context, names)).toFixed(1)} s`);
    if (profile.realTime.length > 0) {
      await run('invocations', () => invokeSamples(context, names));
      await run('latency', async () => {
        const latency = await measure(context, names);
        work.measured = { ...work.measured, realTime: { instanceType: recommended.realTime, ...latency } };
        return latencyText(recommended.realTime, latency, context.elsewhere);
      });
    }
  } finally {
    context.progress('trial: removing what it made');
    await removeTrials(context, (name) => name === names.name); // another may be under way elsewhere
  }
  const failed = steps.find(({ result }) => result === 'failed');
  const trial: Trial = {
    ...{ algorithm: definition.Name, version: definition.Version, result: failed ? 'failed' : 'passed' },
    ...(failed && { cause: `${failed.step}: ${failed.text}` }),
    ...{ startedAt, seconds: Number(((performance.now() - started) / 1000).toFixed(3)), steps },
    ...{ metrics: work.trained?.metrics ?? {}, digest },
    ...{ account: seller.account, region: seller.region, measured: work.measured },
    ...(context.elsewhere !== undefined && { elsewhere: context.elsewhere }),
  };
  mkdirSync(request.trialDirectory, { recursive: true });
  writeFileSync(join(request.trialDirectory, TRIAL_FILE), `${JSON.stringify(trial, null, 2)}\n`);
  return trial;
}

/** `12 ms median, 15 ms p99, 340 requests/s with 8 at a time, on ml.m5.large`; or `…, on this machine, not on ml.m5.large`. */
export function latencyText(type: string, latency: Latency, elsewhere: string | undefined): string {
  const { p50Ms, p99Ms, requestsPerSecond, concurrency } = latency;
  const place = elsewhere === undefined ? `on ${type}` : `${elsewhere}, not on ${type}`;
  return `${p50Ms} ms median, ${p99Ms} ms p99, ${requestsPerSecond} requests/s with ${concurrency} at a time, ${place}`;
}

// --- internal ---

function failureText(error: unknown): string {
  const isGone = isMissing(error) || (error instanceof JobError && isMissing(error.cause));
  return isGone ? `${messageOf(error)}; ${GONE}` : messageOf(error);
}

const GONE = 'another run or "algo unpublish" may have removed what this trial had made';
