/**
 * What ends a training job: its program, StopTrainingJob, MaxRuntimeInSeconds, MaxWaitTimeInSeconds, an interruption of its
 * instance, or input that cannot be read. A program that is to stop gets SIGTERM, and SIGKILL 120 s later (botocore
 * StopTrainingJob).
 */
import { callAfter } from '../call-after.js';
import type { ContainerExit } from '../container/container.js';
import { messageOf } from '../errors.js';
import type { HostGroup } from './host-group.js';
import type { PipeChannel } from './pipe-channel.js';
import { DEFAULT_MAX_RUNTIME_SECONDS, type TrainingJobRequest } from './training-request.js';

/** A secondary status of the platform. */
export type StopReason = 'Stopped' | 'MaxRuntimeExceeded' | 'MaxWaitTimeExceeded' | 'Interrupted';

/** How the program came to its end. */
export interface TrainingEnd {
  readonly exit: ContainerExit;
  readonly stopReason?: StopReason | undefined;
  /** Why a Pipe channel could not be fed to its end. */
  readonly inputProblem?: string | undefined;
}

export const STOP_GRACE_MS = 120_000;

/** Waits for the end of the program on all hosts, and stops it when it is time. @throws what the listener of events throws */
export async function watchTraining(
  container: Pick<HostGroup, 'exited' | 'stop'>,
  pipes: readonly PipeChannel[],
  request: TrainingJobRequest,
): Promise<TrainingEnd> {
  const { stop, interrupt, onEvent, stopGraceMs = STOP_GRACE_MS } = request;
  let stopReason: StopReason | undefined;
  let inputProblem: string | undefined;
  let hasEnded = false;
  let listenerError: { readonly error: unknown } | undefined;
  const end = () => {
    if (hasEnded) return;
    try {
      if (stopReason !== 'Interrupted') onEvent?.({ type: 'training-status', status: 'Stopping' });
    } catch (error) {
      listenerError ??= { error }; // thrown below: here it would end this process
    }
    void container.stop(stopGraceMs);
  };
  const stopFor = (reason: StopReason) => {
    stopReason ??= reason;
    end();
  };
  const { maxRuntimeInSeconds = DEFAULT_MAX_RUNTIME_SECONDS, maxWaitTimeInSeconds } = request;
  const cancels = [
    callAfter(maxRuntimeInSeconds * 1000, () => stopFor('MaxRuntimeExceeded')),
    onAbort(stop, () => stopFor('Stopped')),
    onAbort(interrupt, () => stopFor('Interrupted')),
  ];
  if (maxWaitTimeInSeconds !== undefined) {
    cancels.push(callAfter(maxWaitTimeInSeconds * 1000, () => stopFor('MaxWaitTimeExceeded')));
  }
  for (const pipe of pipes) {
    pipe.done.catch((error) => {
      inputProblem ??= messageOf(error);
      end();
    });
  }
  const exit = await container.exited;
  hasEnded = true;
  for (const cancel of cancels) cancel();
  // A channel that broke looks to the program like one that ended; it may be done before the channel says so.
  await Promise.all(pipes.map((pipe) => pipe.close()));
  if (listenerError) throw listenerError.error;
  return { exit, stopReason, inputProblem };
}

// --- internal ---

/** Also when it has aborted already. @returns what ends listening */
function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
  if (signal?.aborted) action();
  else signal?.addEventListener('abort', action, { once: true });
  return () => signal?.removeEventListener('abort', action);
}
