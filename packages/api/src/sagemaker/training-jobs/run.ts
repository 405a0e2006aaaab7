/**
 * Runs a training job that the scheduler has started, on its instances or, where spot instances are taken away, on one after
 * the other, each from the checkpoints of the last. Its archives become objects.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TrainingJobResult } from '@algo/local';
import { failureOf, SERVER_STOPPED } from '../../jobs/failure.js';
import type { JobKind } from '../../jobs/scheduler.js';
import type { SageMaker } from '../resources/context.js';
import { uploadArtifacts } from './artifacts.js';
import { runAttempt } from './attempt.js';
import { type HostLogs, openHostLogs } from './host-logs.js';
import { DEFAULT_MAX_RUNTIME_SECONDS, type TrainingJobBody } from './shapes.js';
import { beginAgain, type Changes, end, enter, findJob, TRAINING_JOB } from './state.js';

export function trainingJobKind(sageMaker: SageMaker): JobKind {
  return {
    async run(name, signal) {
      const job = findJob(sageMaker, name);
      if (!job) return () => undefined;
      const folder = join(sageMaker.workFolder, TRAINING_JOB, name);
      await sageMaker.clearFolder(folder);
      const logs = openHostLogs(sageMaker, name);
      try {
        return await runToEnd({ sageMaker, job: job.body, folder, logs, signal });
      } catch (error) {
        if (sageMaker.closing.aborted) return endOfServer(sageMaker, name);
        return () => end(sageMaker, name, 'Failed', 'Failed', { failureReason: failureOf(error) });
      } finally {
        logs.close();
        await sageMaker.clearFolder(folder);
      }
    },
    abandon: (name, cause) => abandonJob(sageMaker, name, cause),
    requeue: (name) => beginAgain(sageMaker, name),
  };
}

// --- internal ---

interface TrainingRun {
  readonly sageMaker: SageMaker;
  readonly job: TrainingJobBody;
  readonly folder: string;
  readonly logs: HostLogs;
  readonly signal: AbortSignal;
}

/** What is left to an attempt for which there is no time: it starts, and is stopped immediately. */
const NO_SECONDS = 0.001;

async function runToEnd(run: TrainingRun): Promise<() => void> {
  const { sageMaker, job, folder, signal } = run;
  const { TrainingJobName: name, EnableManagedSpotTraining, StoppingCondition } = job;
  const { MaxRuntimeInSeconds = DEFAULT_MAX_RUNTIME_SECONDS, MaxWaitTimeInSeconds } = StoppingCondition;
  const started = performance.now();
  const left = (limit: number | undefined, used: number) => limit && Math.max(NO_SECONDS, limit - used);
  const waitTimeLeft = () => left(MaxWaitTimeInSeconds, (performance.now() - started) / 1000);
  let trained = 0;
  let finalMetrics: TrainingJobResult['finalMetrics'] = {};
  for (;;) {
    const instance = EnableManagedSpotTraining ? sageMaker.spot.launch(name) : undefined;
    try {
      const result = await runAttempt({
        ...{ sageMaker, job, folder, logs: run.logs, stop: signal, interrupt: instance?.interrupted },
        ...{ runtimeSeconds: left(MaxRuntimeInSeconds, trained), waitTimeSeconds: waitTimeLeft() },
      });
      trained += result.seconds;
      finalMetrics = { ...finalMetrics, ...result.finalMetrics };
      const isOver = result.secondaryStatus !== 'Interrupted' || signal.aborted;
      if (isOver) return await recordResult(run, { ...result, finalMetrics });
    } finally {
      instance?.release();
    }
    await sageMaker.clearFolder(folder);
    enter(sageMaker, name, 'Interrupted');
    const hasCapacity = await waitForCapacity(instance?.waitMs ?? 0, waitTimeLeft(), signal);
    if (!hasCapacity) return endWithoutInstance(run);
    enter(sageMaker, name, 'Starting');
  }
}

/** @returns whether there is an instance for the job before its time is over or it is asked to end */
async function waitForCapacity(waitMs: number, leftSeconds = Number.POSITIVE_INFINITY, signal: AbortSignal) {
  const leftMs = leftSeconds * 1000;
  await delay(Math.min(waitMs, leftMs), undefined, { signal }).catch(() => undefined);
  return waitMs < leftMs && !signal.aborted;
}

function endWithoutInstance({ sageMaker, job: { TrainingJobName: name }, signal }: TrainingRun): () => void {
  if (sageMaker.closing.aborted) return endOfServer(sageMaker, name);
  if (signal.aborted) return () => end(sageMaker, name, 'Stopped', 'Stopped');
  enter(sageMaker, name, 'Stopping');
  return () => end(sageMaker, name, 'Stopped', 'MaxWaitTimeExceeded');
}

/** Where the server closes, the program may have lacked the time to save its model, whatever ended it first. */
async function recordResult({ sageMaker, job, folder }: TrainingRun, result: TrainingJobResult): Promise<() => void> {
  const name = job.TrainingJobName;
  if (sageMaker.closing.aborted) return endOfServer(sageMaker, name);
  await uploadArtifacts(sageMaker.objects, job, result, folder, sageMaker.closing);
  const time = Date.now() / 1000;
  const changes: Changes = {
    FinalMetricDataList: Object.entries(result.finalMetrics).map(([MetricName, Value]) => ({
      ...{ MetricName, Value },
      Timestamp: time,
    })),
  };
  const { status, secondaryStatus, failureReason } = result;
  // Its instance was taken away while it was being stopped.
  const ended = secondaryStatus === 'Interrupted' ? 'Stopped' : secondaryStatus;
  return () => end(sageMaker, name, status, ended, { ...changes, failureReason });
}

function endOfServer(sageMaker: SageMaker, name: string): () => void {
  return () => abandonJob(sageMaker, name, SERVER_STOPPED);
}

/** Stopped would say that what its program saved is an object. */
function abandonJob(sageMaker: SageMaker, name: string, cause: string): void {
  const { status, body } = findJob(sageMaker, name) ?? {};
  const hasRun = body?.TrainingStartTime !== undefined;
  if (status === 'Stopping' && !hasRun) end(sageMaker, name, 'Stopped', 'Stopped');
  else end(sageMaker, name, 'Failed', 'Failed', { failureReason: `InternalServerError: ${cause}` });
}
