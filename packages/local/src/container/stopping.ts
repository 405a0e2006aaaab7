/** How a container is stopped: SIGTERM, and after the grace SIGKILL. */
import type { ContainerExit } from './container.js';

/** `stop` of a container: calling it again changes nothing. @param kill is called when SIGTERM was not enough */
export function createStop(
  exited: Promise<ContainerExit>,
  terminate: () => void,
  kill: () => void,
): (graceMs: number) => Promise<ContainerExit> {
  let stopping: Promise<ContainerExit> | undefined;
  return (graceMs) => {
    stopping ??= (async () => {
      terminate();
      const timer = setTimeout(kill, graceMs);
      return exited.finally(() => clearTimeout(timer));
    })();
    return stopping;
  };
}
