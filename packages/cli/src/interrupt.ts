/**
 * Ctrl-C and SIGTERM as an AbortSignal: the first one stops the work in its orderly way (SIGTERM and a grace for the
 * program), the second one ends at once.
 */

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Stops listening. */
  close(): void;
}

/** @param onFirst called at the first signal, to say what is being waited for */
export function listenForInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130); // programs still running are killed by the library as we exit
    controller.abort();
    onFirst();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    close() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
