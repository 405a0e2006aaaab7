/**
 * One row of a bench's result: our number, a peer's, and whether the goal is reached. A peer that could not be
 * measured leaves a row with a note, never a gap.
 */
import { median, type Outcome, type Sample } from './rounds.js';

/** What must hold; `ratio` is ours / peer. */
export type Goal =
  | { readonly value: 'ours'; readonly atMost: number }
  | { readonly value: 'ours'; readonly atLeast: number }
  | { readonly value: 'ratio'; readonly atMost: number }
  | { readonly value: 'ratio'; readonly atLeast: number };

/** As in `.algo/bench/<name>.json`. */
export interface Row {
  readonly measure: string;
  readonly unit: string;
  /** Median of our runs (their maximum for a limit such as peak memory, their mean for a quality). */
  readonly ours: number;
  readonly oursRange: readonly [least: number, most: number];
  /** The peer's, computed the same way; null when there is none or it is missing. */
  readonly peer: number | null;
  readonly peerRange: readonly [least: number, most: number] | null;
  readonly peerName: string | null;
  /** ours / peer. */
  readonly ratio: number | null;
  /** The goal as text, e.g. `ratio <= 0.5`; null: the row is for comparison only. */
  readonly goal: string | null;
  /** null without a goal; false also when a goal's peer is missing. */
  readonly reached: boolean | null;
  /** A farther goal, which nobody counts on, as text; null: none. */
  readonly stretch: string | null;
  readonly stretchReached: boolean | null;
  /** Runs of ours. */
  readonly runs: number;
  /** Why the peer is missing. */
  readonly note: string | null;
}

export interface RowInput {
  readonly measure: string;
  readonly unit: string;
  /** Which number of a sample. */
  readonly key: string;
  readonly ours: readonly Sample[];
  readonly peer?: { readonly name: string; readonly outcome: Outcome };
  readonly goal?: Goal;
  /** Beyond the goal. */
  readonly stretch?: Goal;
  /** 'max' for limits that no run may exceed, 'mean' if runs differ by their data; default 'median'. */
  readonly statistic?: 'median' | 'mean' | 'max';
}

/** The row, its ratio and whether its goal is reached. */
export function row(input: RowInput): Row {
  const statistic = STATISTICS[input.statistic ?? 'median'];
  const oursValues = series(input.ours, input.key);
  const outcome = input.peer?.outcome;
  const peerValues = outcome !== undefined && 'samples' in outcome ? series(outcome.samples, input.key) : null;
  const ours = statistic(oursValues);
  const peer = peerValues && statistic(peerValues);
  const ratio = peer === null ? null : ours / peer;
  return {
    measure: input.measure,
    unit: input.unit,
    ours,
    oursRange: range(oursValues),
    peer,
    peerRange: peerValues && range(peerValues),
    peerName: input.peer?.name ?? null,
    ratio,
    goal: input.goal ? goalText(input.goal, input.unit) : null,
    reached: input.goal ? isReached(input.goal, ours, ratio) : null,
    stretch: input.stretch ? goalText(input.stretch, input.unit) : null,
    stretchReached: input.stretch ? isReached(input.stretch, ours, ratio) : null,
    runs: oursValues.length,
    note: outcome !== undefined && 'missing' in outcome ? `peer missing: ${outcome.missing}` : null,
  };
}

/** The last line of a run: `5 of 6 goals reached; 2 rows without their peer`. */
export function goalSummary(rows: readonly Row[]): string {
  const goals = rows.filter((candidate) => candidate.reached !== null);
  const summary = `${goals.filter((candidate) => candidate.reached).length} of ${goals.length} goals reached`;
  // A goal that is a part of what the peer reaches is lost with it.
  const alone = rows.filter((candidate) => candidate.note !== null).length;
  return alone === 0
    ? summary
    : `${summary}; ${alone} ${alone === 1 ? 'row' : 'rows'} without ${alone === 1 ? 'its' : 'their'} peer`;
}

// --- internal ---

const STATISTICS = {
  median,
  mean: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length,
  max: (values: readonly number[]) => Math.max(...values),
};

function series(samples: readonly Sample[], key: string): number[] {
  return samples.map((sample) => {
    const value = sample[key];
    if (value !== undefined && Number.isFinite(value)) return value;
    throw new TypeError(`A sample must have a finite "${key}"; received ${JSON.stringify(sample)}.`);
  });
}

function range(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

function goalText(goal: Goal, unit: string): string {
  const limit = 'atMost' in goal ? goal.atMost : goal.atLeast;
  const sign = 'atMost' in goal ? '<=' : '>=';
  return goal.value === 'ratio' ? `ratio ${sign} ${Number(limit.toPrecision(3))}` : `${sign} ${limit} ${unit}`;
}

function isReached(goal: Goal, ours: number, ratio: number | null): boolean {
  const value = goal.value === 'ratio' ? ratio : ours;
  if (value === null) return false;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}
