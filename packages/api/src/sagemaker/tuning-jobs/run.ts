/**
 * Runs tuning jobs: whenever one of their training jobs has ended or written a metric, stops what the strategy stops and
 * launches what is next. A training job is made in the transaction that adds it to its tuning job's list, and every
 * decision follows from that list, so after a restart each tuning job resumes where it was.
 */
import { randomBytes } from 'node:crypto';
import { isEnd } from '../../jobs/job-status.js';
import { ServiceError } from '../../service-error.js';
import type { StoredRecord } from '../../store/record.js';
import type { Hyperparameters } from '../../tuning/search-space.js';
import { openSuggestions } from '../../tuning/suggestions.js';
import type { Trial } from '../../tuning/trial.js';
import { progressOf, trialsToStop } from '../../tuning/tuning-step.js';
import { now, type RunningSageMaker } from '../resources/context.js';
import { checkTrainingQuota } from '../training-jobs/instances.js';
import { insertTrainingJob } from '../training-jobs/new-job.js';
import { stopTrainingJob } from '../training-jobs/operations.js';
import type { TrainingJobMembers } from '../training-jobs/shapes.js';
import { TRAINING_JOB } from '../training-jobs/state.js';
import { withValues } from './rules.js';
import { TUNING_JOB, type TuningJobBody, type TuningJobStatus } from './shapes.js';
import { findTuningJob, saveTuningJob } from './state.js';
import { forgetTrials, type KnownTrials, knownTrials, outcomeOf, trialsOf } from './trials.js';

export interface TuningRun {
  /** Call it after a transaction that made or stopped a tuning job. */
  advance(name: string): void;
  close(): void;
}

/** Training jobs without any success after which the service fails a tuning job. */
const MAX_FAILURES = 5;
/** What cannot be recorded, as on a full disk, is tried again after this long. */
const RETRY_MS = 5000;
/** Node's timers count in 32 bits. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Resumes the tuning jobs that have not ended. */
export function startTuning(sageMaker: RunningSageMaker, onError: (error: unknown) => void): TuningRun {
  const timers = new Map<string, NodeJS.Timeout>();
  const known = knownTrials();
  const suggestions = openSuggestions();
  /** Tuning jobs for which hyperparameters are being searched: one search at a time for each. */
  const searching = new Set<string>();
  let isClosed = false;
  const later = (name: string, delayMs: number) => {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(() => advance(name), Math.min(delayMs, MAX_TIMER_MS)).unref());
  };
  const advance = (name: string) => {
    clearTimeout(timers.get(name));
    timers.delete(name);
    if (isClosed) return;
    try {
      const next = step(sageMaker, name, known);
      if (next?.search && !searching.has(name)) void search(next.search);
      if (next?.delayMs !== undefined) later(name, next.delayMs);
    } catch (error) {
      onError(error);
      later(name, RETRY_MS);
    }
  };
  const search = async (wanted: Search) => {
    const { name, body } = wanted.job;
    searching.add(name);
    try {
      const hyperparameters = await suggestions.next(body.plan, wanted.trials);
      if (isClosed) return;
      searching.delete(name);
      if (hyperparameters === undefined) endExhausted(sageMaker, name, known);
      else if (launch(sageMaker, wanted, hyperparameters)) advance(name);
    } catch (error) {
      searching.delete(name);
      if (isClosed) return;
      onError(error);
      later(name, RETRY_MS);
    }
  };
  const advanceAll = () => {
    if (isClosed) return;
    for (const status of ['InProgress', 'Stopping']) {
      for (const { name } of sageMaker.store.records.ofStatus(TUNING_JOB, status)) advance(name);
    }
  };
  // All of them: a training job that ends may free the instance that another tuning job waits for.
  sageMaker.watch.onChange(advanceAll);
  advanceAll();
  return {
    advance,
    close() {
      isClosed = true;
      suggestions.close();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

// --- internal ---

type TuningJob = StoredRecord<TuningJobBody>;

/** How a tuning job ends once none of its training jobs runs any more. */
interface Ending {
  readonly status: Exclude<TuningJobStatus, 'InProgress' | 'Stopping'>;
  readonly reason?: string | undefined;
}

/** What the next training job's hyperparameters follow from. */
interface Search {
  readonly job: TuningJob;
  readonly trials: readonly Trial[];
}

interface Next {
  /** Given where a training job may be launched. */
  readonly search?: Search;
  /** After how many milliseconds the next decision is due without news of training jobs. */
  readonly delayMs?: number | undefined;
}

/** One decision about a tuning job: what is stopped, whether it ends, and whether a training job may be launched. */
function step(sageMaker: RunningSageMaker, name: string, known: KnownTrials): Next | undefined {
  const job = findTuningJob(sageMaker, name);
  if (!job || isEnd(job.status)) return undefined;
  const trials = trialsOf(sageMaker, job.body, known);
  const running = runningOf(trials);
  const ending = endingOf(sageMaker, job, trials);
  if (ending !== undefined) {
    stopEach(sageMaker, job, running);
    if (running.length === 0) end(sageMaker, job, ending, known);
    return undefined;
  }
  stopEach(sageMaker, job, trialsToStop(job.body.plan, trials));
  const { MaxParallelTrainingJobs, MaxRuntimeInSeconds } = configOf(job).ResourceLimits;
  const delayMs = MaxRuntimeInSeconds === undefined ? undefined : Math.max(1, remainingMs(job, MaxRuntimeInSeconds));
  const isFull = running.length >= MaxParallelTrainingJobs || !isInstanceFree(sageMaker, job.body.template);
  return { delayMs, ...(!isFull && { search: { job, trials } }) };
}

function runningOf(trials: readonly Trial[]): number[] {
  return trials.flatMap(({ status }, index) => (status === 'InProgress' ? [index] : []));
}

function endingOf(sageMaker: RunningSageMaker, job: TuningJob, trials: readonly Trial[]): Ending | undefined {
  const { body, status } = job;
  if (status === 'Stopping') return { status: 'Stopped' };
  if (body.isComplete) return completed(trials);
  const { ended, measured } = outcomeOf(trials);
  if (ended >= MAX_FAILURES && measured === 0) return { status: 'Failed', reason: failureOf(trials) };
  const { MaxRuntimeInSeconds } = configOf(job).ResourceLimits;
  const isLate = MaxRuntimeInSeconds !== undefined && remainingMs(job, MaxRuntimeInSeconds) <= 0;
  const progress = progressOf(body.plan, trials);
  const isComplete = isLate || progress.completedBy !== undefined;
  const hasJustConverged = progress.hasConverged && body.convergedAt === undefined;
  if (isComplete || hasJustConverged) {
    const changes = { isComplete, ...(hasJustConverged && { convergedAt: now() }) };
    sageMaker.store.transaction(() => saveTuningJob(sageMaker, job, 'InProgress', changes));
  }
  return isComplete ? completed(trials) : undefined;
}

function configOf({ body }: TuningJob) {
  return body.described.HyperParameterTuningJobConfig;
}

function remainingMs({ created }: TuningJob, maxRuntimeInSeconds: number): number {
  return (created + maxRuntimeInSeconds - now()) * 1000;
}

function completed(trials: readonly Trial[]): Ending {
  const { ended, measured } = outcomeOf(trials);
  if (measured > 0 || ended === 0) return { status: 'Completed' };
  return { status: 'Failed', reason: failureOf(trials) };
}

/** The service's own words. */
function failureOf(trials: readonly Trial[]): string {
  const { ended, succeeded } = outcomeOf(trials);
  return succeeded === 0
    ? `No training job succeeded after ${ended} attempts. Please take a look at the training job failures to get more details.`
    : `No objective metrics found after running ${ended} training jobs. Please ensure that the custom algorithm is emitting the objective metric as defined by the regular expression provided.`;
}

/** Reads the record again: this step may have changed it. */
function end(
  sageMaker: RunningSageMaker,
  { name, body }: TuningJob,
  { status, reason }: Ending,
  known: KnownTrials,
): void {
  sageMaker.store.transaction(() => {
    const job = findTuningJob(sageMaker, name);
    if (job) saveTuningJob(sageMaker, job, status, {}, reason);
  });
  forgetTrials(known, body);
}

/** Ends a tuning job that has nothing more to launch, once none of its training jobs runs. */
function endExhausted(sageMaker: RunningSageMaker, name: string, known: KnownTrials): void {
  const job = findTuningJob(sageMaker, name);
  if (job?.status !== 'InProgress') return;
  const trials = trialsOf(sageMaker, job.body, known);
  if (runningOf(trials).length === 0) end(sageMaker, job, completed(trials), known);
}

function stopEach(sageMaker: RunningSageMaker, { body }: TuningJob, indexes: readonly number[]): void {
  for (const index of indexes) stopTrainingJob(sageMaker, body.launched[index]!.name);
}

/** False where it may not be launched any more: the tuning job, or what is free of its quota, changed during the search. */
function launch(
  sageMaker: RunningSageMaker,
  { job: searched, trials }: Search,
  hyperparameters: Hyperparameters,
): boolean {
  const job = findTuningJob(sageMaker, searched.name);
  const isSame = job?.created === searched.created && job.body.launched.length === trials.length;
  if (!isSame || job.status !== 'InProgress' || job.body.isComplete) return false;
  const { template, launched } = job.body;
  if (!isInstanceFree(sageMaker, template)) return false;
  const number = String(launched.length + 1).padStart(3, '0');
  const jobName = `${job.name}-${number}-${randomBytes(4).toString('hex')}`;
  sageMaker.store.transaction(() => {
    insertTrainingJob(sageMaker, withValues(template, jobName, hyperparameters), [], job.arn);
    sageMaker.store.work.add({ kind: TRAINING_JOB, name: jobName });
    saveTuningJob(sageMaker, job, 'InProgress', { launched: [...launched, { name: jobName, hyperparameters }] });
  });
  sageMaker.scheduler.wake();
  return true;
}

function isInstanceFree(sageMaker: RunningSageMaker, template: TrainingJobMembers): boolean {
  try {
    checkTrainingQuota(sageMaker, template.ResourceConfig);
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceLimitExceeded') return false;
    throw error;
  }
}
