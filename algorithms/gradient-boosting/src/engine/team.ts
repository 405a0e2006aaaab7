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

/** A host's rows among those of all hosts: row i has the number i + `before`, from row `turn` on i + `behind`. */
export interface SharedRows {
  /** Rows of all hosts. */
  readonly all: number;
  readonly before: number;
  readonly turn: number;
  readonly behind: number;
}

/**
 * @param rows of this host, ≥ 0
 * @param parts its rows of each of two tables that were joined: those of all hosts of the first one come first
 */
export function shareRows({ hosts }: Pick<Team, 'hosts'>, rows: number, parts: readonly number[] = [rows]): SharedRows {
  const counts = hosts.gather(Float64Array.of(parts[0]!, rows - parts[0]!));
  const sumOf = (part: number, end: number) => counts.slice(0, end).reduce((sum, count) => sum + count[part]!, 0);
  const first = sumOf(0, hosts.size);
  return {
    all: first + sumOf(1, hosts.size),
    before: sumOf(0, hosts.rank),
    turn: parts[0]!,
    behind: first + sumOf(1, hosts.rank) - parts[0]!,
  };
}

/** The number of a row of this host among those of all. */
export function numberOfRow({ before, turn, behind }: SharedRows, row: number): number {
  return row + (row < turn ? before : behind);
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
