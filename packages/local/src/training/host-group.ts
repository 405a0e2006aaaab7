/** The containers of a job's hosts as one: it has ended when all have, and one that fails ends the others. */
import { constants } from 'node:os';
import type { Container, ContainerExit } from '../container/container.js';

export interface FailedHost {
  /** Of its container. */
  readonly index: number;
  readonly exitCode: number;
  /** By a signal of the group's `stop`. */
  readonly wasEnded: boolean;
}

export interface HostGroup extends Pick<Container, 'exited' | 'stop'> {
  /** The first one first. */
  readonly failed: readonly FailedHost[];
}

/** The exit code of a program that a signal ended is this and the signal's number. */
export const SIGNAL_BASE = 128;

/** Whether a signal ended it that the group had not sent: its program crashed, or was killed. */
export function wasKilledByOthers({ exitCode, wasEnded }: FailedHost): boolean {
  return exitCode > SIGNAL_BASE && !wasEnded;
}

/**
 * A job's exit code is that of the first host that was killed, or else of the first that failed: hosts that lose another
 * fail within milliseconds, and an engine may report their end before that of the killed one.
 *
 * @param graceMs between SIGTERM and SIGKILL, for the hosts that are left when one has failed
 */
export function joinContainers(containers: readonly Container[], graceMs: number): HostGroup {
  const failed: FailedHost[] = [];
  let isStopping = false;
  const stop = (grace: number) => {
    isStopping = true;
    for (const container of containers) void container.stop(grace);
  };
  const exits = containers.map(({ exited }, index) =>
    exited.then((exit) => {
      if (exit.exitCode === 0) return exit;
      const { exitCode, wasKilled } = exit;
      const wasEnded = wasKilled || (isStopping && exitCode === SIGNAL_BASE + constants.signals.SIGTERM);
      failed.push({ index, exitCode, wasEnded });
      if (failed.length === 1) stop(graceMs);
      return exit;
    }),
  );
  const merge = (all: readonly ContainerExit[]): ContainerExit => ({
    exitCode: (failed.find(wasKilledByOthers) ?? failed[0] ?? all[0]!).exitCode,
    wasKilled: all.some(({ wasKilled }) => wasKilled),
    seconds: all.reduce((longest, { seconds }) => Math.max(longest, seconds), 0),
  });
  const exited = Promise.all(exits).then(merge);
  return {
    failed,
    exited,
    stop(grace) {
      stop(grace);
      return exited;
    },
  };
}
