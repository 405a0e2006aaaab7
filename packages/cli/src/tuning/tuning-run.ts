/**
 * The training jobs of a tuning job, several at a time: whenever one has ended or written the objective, the strategy
 * decides what is stopped and what is next.
 */

import type { Hyperparameters, TuningPlan } from '@algo/api/tuning';
import { findBestTrial, isMeasured, nextHyperparameters, progressOf, type Trial, trialsToStop } from '@algo/api/tuning';
import { JobError, type TrainingJobResult } from '@algo/local';

/** A training job that was launched. */
export interface TunedJob {
  /** From 1, in the order of the launch. */
  readonly number: number;
  readonly hyperparameters: Hyperparameters;
  readonly result: TrainingJobResult;
  /** The objective's final value. */
  readonly objective: number | undefined;
}

export interface TuningRunOptions {
  readonly plan: TuningPlan;
  readonly maxParallel: number;
  /** Aborting stops the training jobs, and no others follow. */
  readonly stop: AbortSignal;
  /** @param onObjective is called with each value of the objective metric */
  train(job: StartedJob, onObjective: (value: number) => void): Promise<TrainingJobResult>;
  /** @param isBest so far */
  onEnd(job: TunedJob, isBest: boolean): void;
}

export interface StartedJob {
  readonly number: number;
  readonly hyperparameters: Hyperparameters;
  readonly stop: AbortSignal;
}

export interface TuningResult {
  /** Those that ended, in the order of their launch. */
  readonly jobs: readonly TunedJob[];
  readonly best: TunedJob | undefined;
  /** The completion criterion that ended the tuning job before its last training job. */
  readonly completedBy: 'Target' | 'NotImproving' | 'Convergence' | undefined;
}

/** Training jobs without any success after which the service fails a tuning job. */
const MAX_FAILURES = 5;

/**
 * Runs the training jobs to their end. Jobs that fail count as the worst.
 * @throws JobError where the first 5 jobs gave no objective, and what `train` throws, once no job runs any more
 */
export async function runTuningJob({ plan, maxParallel, stop, train, onEnd }: TuningRunOptions): Promise<TuningResult> {
  const trials: Trial[] = [];
  const jobs: TunedJob[] = [];
  const running = new Map<number, { readonly stop: AbortController; ended?: Promise<void> }>();
  const stopAll = () => {
    for (const job of running.values()) job.stop.abort();
  };
  let problem: { readonly error: unknown } | undefined;
  let completedBy: TuningResult['completedBy'];

  const settle = (index: number, result: TrainingJobResult) => {
    const { hyperparameters } = trials[index]!;
    const objective = result.finalMetrics[plan.objective.metric];
    trials[index] = {
      ...trials[index]!,
      status: result.status,
      endedAt: jobs.length,
      ...(objective !== undefined && { objective }),
    };
    const job = { number: index + 1, hyperparameters, result, objective };
    jobs.push(job);
    onEnd(job, findBestTrial(plan.objective.type, trials) === index);
    completedBy ??= progressOf(plan, trials).completedBy;
    if (jobs.length >= MAX_FAILURES && !trials.some(isMeasured)) problem ??= { error: noObjective(plan, jobs) };
  };
  const launch = (hyperparameters: Hyperparameters) => {
    const index = trials.push({ hyperparameters, status: 'InProgress', measurements: [] }) - 1;
    const job: { readonly stop: AbortController; ended?: Promise<void> } = { stop: new AbortController() };
    running.set(index, job);
    const onObjective = (value: number) => {
      const trial = trials[index]!;
      trials[index] = { ...trial, measurements: [...(trial.measurements ?? []), value] };
      for (const late of trialsToStop(plan, trials)) running.get(late)?.stop.abort();
    };
    job.ended = train({ number: index + 1, hyperparameters, stop: job.stop.signal }, onObjective)
      .then((result) => settle(index, result))
      .catch((error) => {
        problem ??= { error };
      })
      .finally(() => running.delete(index));
  };

  stop.addEventListener('abort', stopAll);
  try {
    for (;;) {
      const isOver = stop.aborted || problem !== undefined || completedBy !== undefined;
      const next = isOver || running.size >= maxParallel ? undefined : nextHyperparameters(plan, trials);
      if (next) {
        launch(next);
        continue;
      }
      if (isOver) stopAll();
      if (running.size === 0) break;
      await Promise.race(Array.from(running.values(), ({ ended }) => ended));
    }
  } finally {
    stop.removeEventListener('abort', stopAll);
  }
  if (problem) throw problem.error;
  jobs.sort((a, b) => a.number - b.number);
  const best = findBestTrial(plan.objective.type, trials);
  return { jobs, best: best === undefined ? undefined : jobs.find(({ number }) => number === best + 1), completedBy };
}

/** Why none of the training jobs has an objective: the first failure, if there is one. */
export function noObjective({ objective }: TuningPlan, jobs: readonly TunedJob[]): JobError {
  const reason = jobs.find(({ result }) => result.failureReason)?.result.failureReason;
  const cause = reason ?? `No line of their logs has a value of ${objective.metric}.`;
  return new JobError(`None of ${jobs.length} training jobs has an objective. ${cause}`);
}
