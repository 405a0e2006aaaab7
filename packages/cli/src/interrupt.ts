/**
 * Ctrl-C, SIGTERM and the end of the terminal (SIGHUP) as an AbortSignal: the first one stops the work gracefully
 * (SIGTERM and a grace period for the program), the second one ends immediately.
 */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    close() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
