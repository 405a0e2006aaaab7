/**
 * What ends a training job: its program, StopTrainingJob, MaxRuntimeInSeconds, or input that cannot be read. A program
 * that is to stop gets SIGTERM, and SIGKILL 120 s later (botocore StopTrainingJob).
 */
import type { Container, ContainerExit } from '../container/container.js';
import { messageOf } from '../errors.js';
import type { PipeChannel } from './pipe-channel.js';
import { DEFAULT_MAX_RUNTIME_SECONDS, type TrainingJobRequest } from './training-request.js';

/** How the program came to its end. */
export interface TrainingEnd {
  readonly exit: ContainerExit;
  readonly stopReason?: 'Stopped' | 'MaxRuntimeExceeded' | undefined;
  /** Why a Pipe channel could not be fed to its end. */
  readonly inputProblem?: string | undefined;
}

const STOP_GRACE_MS = 120_000;

/** Waits for the end of the program, and stops it when it is time. */
export async function watchTraining(
  container: Container,
  pipes: readonly PipeChannel[],
  request: TrainingJobRequest,
): Promise<TrainingEnd> {
  const { stop, onEvent, stopGraceMs = STOP_GRACE_MS } = request;
  let stopReason: TrainingEnd['stopReason'];
  let inputProblem: string | undefined;
  let hasEnded = false;
  const end = () => {
    if (hasEnded) return;
    onEvent?.({ type: 'training-status', status: 'Stopping' });
    void container.stop(stopGraceMs);
  };
  const stopFor = (reason: TrainingEnd['stopReason']) => {
    stopReason ??= reason;
    end();
  };
  const onAbort = () => stopFor('Stopped');
  const maxRuntimeMs = (request.maxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS) * 1000;
  const cancelTimer = callAfter(maxRuntimeMs, () => stopFor('MaxRuntimeExceeded'));
  for (const pipe of pipes) {
    pipe.done.catch((error) => {
      inputProblem ??= messageOf(error);
      end();
    });
  }
  stop?.addEventListener('abort', onAbort, { once: true });
  if (stop?.aborted) onAbort();
  const exit = await container.exited;
  hasEnded = true;
  cancelTimer();
  // A channel that broke looks to the program like one that ended; it may be done before the channel says so.
  await Promise.all(pipes.map((pipe) => pipe.close()));
  stop?.removeEventListener('abort', onAbort);
  return { exit, stopReason, inputProblem };
}

// --- internal ---

/** Timers hold at most 2^31 - 1 ms, 24.8 days; a job may run for 28. */
function callAfter(ms: number, action: () => void): () => void {
  const step = Math.min(ms, 2 ** 31 - 1);
  let cancelNext = () => {};
  const timer = setTimeout(() => {
    if (ms > step) cancelNext = callAfter(ms - step, action);
    else action();
  }, step);
  return () => {
    clearTimeout(timer);
    cancelNext();
  };
}
