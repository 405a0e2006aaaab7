/**
 * Ctrl-C, SIGTERM, the end of the terminal (SIGHUP) and that of npx as an AbortSignal: the first one stops the work gracefully
 * (SIGTERM and a grace period for the program), the second one ends immediately.
 */

import { watchNpx } from './npx.js';

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
  const stopWatching = watchNpx(() => controller.signal.aborted || onSignal());
  return {
    signal: controller.signal,
    close() {
      stopWatching();
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
