/**
 * SIGTERM as a value: SageMaker gives a training job 120 s between SIGTERM and SIGKILL. An algorithm looks at
 * `requested` at its safe points; the SDK ends the program when the algorithm does not come back in time.
 */
export interface StopSignal {
  readonly requested: boolean;
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
    signal: controller.signal,
  };
  return { stop, request: () => controller.abort() };
}
