import { createTuningPlan } from '@algo/api/tuning';
import type { TrainingJobResult } from '@algo/local';
import { expect, it } from 'vitest';
import { runTuningJob, type StartedJob, type TunedJob } from '../src/tuning/tuning-run.js';

const plan = (more: object = {}) =>
  createTuningPlan({
    config: {
      Strategy: 'Random',
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'loss' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 2 },
      ParameterRanges: { ContinuousParameterRanges: [{ Name: 'x', MinValue: '0', MaxValue: '1' }] },
      ...more,
    },
    ...{ staticHyperparameters: {}, seed: 3 },
  });

function result(status: TrainingJobResult['status'], loss?: number): TrainingJobResult {
  const finalMetrics: Record<string, number> = loss === undefined ? {} : { loss };
  return {
    ...{ jobName: 'job', status, secondaryStatus: status, exitCode: 0, wasKilled: false, seconds: 1, metrics: [] },
    ...{ finalMetrics, logFile: 'log.txt' },
  };
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
const ended = (jobs: readonly TunedJob[]) => jobs.map(({ number, result: { status } }) => `${number} ${status}`);
const never = new AbortController().signal;

it('runs as many training jobs at a time as it may, and finds the best', async () => {
  let running = 0;
  let most = 0;
  const best: number[] = [];

  const { jobs, best: found } = await runTuningJob({
    ...{ plan: plan(), maxParallel: 2, stop: never },
    async train({ number }) {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      return result('Completed', [0, 5, 3, 8, 2, 4][number]);
    },
    onEnd: ({ number }, isBest) => isBest && best.push(number),
  });

  expect(most).toBe(2);
  expect(ended(jobs)).toEqual(['1 Completed', '2 Completed', '3 Completed', '4 Completed', '5 Completed']);
  expect(best).toEqual([1, 2, 4]);
  expect(found?.number).toBe(4);
});

it('stops a training job whose objective is worse than the median of those before, with early stopping', async () => {
  const { jobs } = await runTuningJob({
    ...{ plan: plan({ TrainingJobEarlyStoppingType: 'Auto' }), maxParallel: 1, stop: never },
    async train({ number, stop }, onObjective) {
      for (const step of [3, 2, 1]) onObjective(number < 5 ? step * number : 100);
      if (number < 5) return result('Completed', number);
      await aborted(stop);
      return result('Stopped', 100);
    },
    onEnd: () => undefined,
  });

  expect(ended(jobs).at(-1)).toBe('5 Stopped');
});

it('stops all when it is stopped, and launches no others', async () => {
  const controller = new AbortController();
  const started: StartedJob[] = [];

  const { jobs } = await runTuningJob({
    ...{ plan: plan(), maxParallel: 2, stop: controller.signal },
    async train(job) {
      started.push(job);
      if (started.length === 2) controller.abort();
      if (!job.stop.aborted) await aborted(job.stop);
      return result('Stopped');
    },
    onEnd: () => undefined,
  });

  expect(ended(jobs)).toEqual(['1 Stopped', '2 Stopped']);
});

it('throws what a training job throws, once the others have ended', async () => {
  const ends: string[] = [];

  const tuning = runTuningJob({
    ...{ plan: plan(), maxParallel: 2, stop: never },
    async train({ number, stop }) {
      if (number === 2) throw new Error('no program');
      if (!stop.aborted) await aborted(stop);
      return result('Stopped');
    },
    onEnd: (job) => ends.push(...ended([job])),
  });

  await expect(tuning).rejects.toThrow('no program');
  expect(ends).toEqual(['1 Stopped']);
});
