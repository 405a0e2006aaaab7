/**
 * SIGTERM as a value: SageMaker gives a training job 120 s between SIGTERM and SIGKILL. An algorithm looks for it at
 * its safe points; the SDK ends the program when the algorithm does not come back in time.
 */
import { setImmediate } from 'node:timers/promises';

export interface StopSignal {
  /** Whether a stop was asked for, as far as this thread has seen: signals arrive when the event loop turns. */
  readonly requested: boolean;
  /** Lets the event loop turn once, so that a signal that came meanwhile is seen; then `requested`. */
  check(): Promise<boolean>;
  /** Aborted at the same moment, for reads and waits. */
  readonly signal: AbortSignal;
}

/** A stop signal and the function that sets it. */
export function createStopSignal(): { readonly stop: StopSignal; request(): void } {
  const controller = new AbortController();
  const stop: StopSignal = {
    get requested() {
      return controller.signal.aborted;
    },
    async check() {
      await setImmediate();
      return controller.signal.aborted;
    },
    signal: controller.signal,
  };
  return { stop, request: () => controller.abort() };
}
