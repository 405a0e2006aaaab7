/** The containers of a job's hosts as one: it has ended when all have, and one that fails ends the others. */
import type { Container, ContainerExit } from '../container/container.js';

export interface FailedHost {
  /** Of its container. */
  readonly index: number;
  readonly exitCode: number;
}

export interface HostGroup extends Pick<Container, 'exited' | 'stop'> {
  /** The first one first. */
  readonly failed: readonly FailedHost[];
}

/**
 * @param graceMs between SIGTERM and SIGKILL, for the hosts that are left when one has failed
 */
export function joinContainers(containers: readonly Container[], graceMs: number): HostGroup {
  const failed: FailedHost[] = [];
  const stop = (grace: number) => Promise.all(containers.map((container) => container.stop(grace)));
  const exits = containers.map(({ exited }, index) =>
    exited.then((exit) => {
      if (exit.exitCode === 0) return exit;
      failed.push({ index, exitCode: exit.exitCode });
      if (failed.length === 1) void stop(graceMs);
      return exit;
    }),
  );
  const merge = (all: readonly ContainerExit[]): ContainerExit => ({
    exitCode: all[failed[0]?.index ?? 0]!.exitCode,
    wasKilled: all.some(({ wasKilled }) => wasKilled),
    seconds: all.reduce((longest, { seconds }) => Math.max(longest, seconds), 0),
  });
  const exited = Promise.all(exits).then(merge);
  return {
    failed,
    exited,
    stop(grace) {
      void stop(grace);
      return exited;
    },
  };
}
