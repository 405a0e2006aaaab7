/**
 * The hosts that train one model, each on its own rows. Whatever decides about the model is agreed on first, so that all of
 * them grow the same trees; their rows count as those of one table, host after host.
 */
import { type Communicator, oneHost } from '@algo/contract';
import { Interrupted } from './interruption.js';

export interface Team {
  readonly hosts: Communicator;
  /** Whether this host was asked to stop. Several hosts give their work up at the same place, where they exchange something. */
  isStopping(): boolean;
}

/** This host alone. */
export const alone: Team = { hosts: oneHost(), isStopping: () => false };

/** A host's rows among those of all hosts. */
export interface SharedRows {
  /** Rows of all hosts. */
  readonly all: number;
  /** Rows of the hosts before this one. */
  readonly before: number;
}

/** @param rows of this host, ≥ 0 */
export function shareRows({ hosts }: Pick<Team, 'hosts'>, rows: number): SharedRows {
  const counts = hosts.gather(Float64Array.of(rows)).map(([count]) => count!);
  return {
    all: counts.reduce((sum, count) => sum + count, 0),
    before: counts.slice(0, hosts.rank).reduce((sum, count) => sum + count, 0),
  };
}

/** @throws Interrupted on all of several hosts when one of them was asked to stop */
export function meet({ hosts, isStopping }: Team): void {
  if (hosts.size > 1 && hosts.any(isStopping())) throw new Interrupted();
}

/** The largest of each over all hosts; Infinity where one is not finite on another host. */
export function largestOfHosts({ hosts }: Pick<Team, 'hosts'>, values: readonly number[]): readonly number[] {
  if (hosts.size === 1) return values;
  const largest = Float64Array.from(values, (value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value));
  hosts.max(largest);
  return [...largest];
}
