/** The request to end a serving container. */
import type { Log } from '../log.js';
import { createStopSignal, type StopSignal } from '../training/stop.js';

/** SIGTERM and SIGINT, or the signal handed in, as a promise. Process 1 of a container has no default handlers. */
export function watchStop(
  given: StopSignal | undefined,
  log: Log,
): { readonly stopped: Promise<void>; dispose(): void } {
  const { stop, request } = createStopSignal();
  const onSignal = (name: string) => {
    if (stop.requested) return;
    log.info(`${name} received; finishing the requests in flight`);
    request();
  };
  if (!given) process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  const { signal } = given ?? stop;
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return { stopped, dispose: () => void process.off('SIGTERM', onSignal).off('SIGINT', onSignal) };
}
