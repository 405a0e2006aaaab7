/**
 * Permutation importance: how much worse the served model predicts when one column of the hold-out is shuffled among the
 * rows. It needs nothing but answers, so it holds for any model. Source: Breiman 2001, "Random Forests", section 10; several
 * shuffles of each column: Fisher, Rudin, Dominici 2019.
 */
import type { Prediction } from './answers.js';
import type { HoldOut } from './hold-out.js';
import { Left } from './left.js';
import { logLossOf, measureRegression } from './measures.js';
import { type Outcome, outcomeOf } from './outcome.js';

export interface PermutationImportance {
  /** What grows: `RMSE`, `log loss`, `error rate`. */
  readonly loss: string;
  /** Of the rows as they are. */
  readonly baseline: number;
  readonly repeats: number;
  readonly rows: number;
  /** One per column, in their order. */
  readonly features: readonly { readonly increase: number; readonly deviation: number }[];
}

export type Predict = (features: HoldOut['features']) => Promise<readonly Prediction[]>;

const REPEATS = 5;
/** Rows to predict in all; with more columns or rows there are fewer repeats, then fewer rows. */
const BUDGET = 100_000;
const LEAST_ROWS = 20;
const SEED = 7;

/** @throws Left where the budget allows too few rows */
export async function permutationImportance(
  holdOut: HoldOut,
  outcome: Outcome,
  predict: Predict,
): Promise<PermutationImportance> {
  const columns = holdOut.features[0]!.length;
  const rows = Math.min(holdOut.features.length, Math.floor(BUDGET / columns));
  if (rows < Math.min(LEAST_ROWS, holdOut.features.length)) {
    throw new Left(`${columns} columns are too many to shuffle each of them.`);
  }
  const repeats = Math.max(1, Math.min(REPEATS, Math.floor(BUDGET / (columns * rows))));
  const part = { labels: holdOut.labels.slice(0, rows), task: outcome.task };
  const features = holdOut.features.slice(0, rows);
  const random = mulberry32(SEED);
  const baseline = lossOf(rowsOf(outcome, rows));
  const found: { increase: number; deviation: number }[] = [];
  for (let column = 0; column < columns; column++) {
    const shuffled = Array.from({ length: repeats }, () => {
      const order = shuffle(rows, random);
      return features.map((row, i) => row.with(column, features[order[i]!]![column]!));
    });
    const predictions = await predict(shuffled.flat());
    const increases = shuffled.map((_, repeat) => {
      const own = predictions.slice(repeat * rows, (repeat + 1) * rows);
      return lossOf(sameClasses(outcomeOf(part, own), outcome)) - baseline;
    });
    found.push(meanAndDeviation(increases));
  }
  return { loss: nameOf(outcome), baseline, repeats, rows, features: found };
}

// --- internal ---

function nameOf(outcome: Outcome): string {
  if (outcome.task === 'regression') return 'RMSE';
  return outcome.probabilities ? 'log loss' : 'error rate';
}

function lossOf(outcome: Outcome): number {
  if (outcome.task === 'regression') return measureRegression(outcome).rmse;
  const { actual, predicted, probabilities } = outcome;
  if (probabilities) return logLossOf(probabilities, actual);
  return actual.filter((own, i) => predicted[i] !== own).length / actual.length;
}

/** The first rows. */
function rowsOf(outcome: Outcome, rows: number): Outcome {
  const [actual, predicted] = [outcome.actual.slice(0, rows), outcome.predicted.slice(0, rows)];
  if (outcome.task === 'regression') return { ...outcome, actual, predicted };
  return { ...outcome, actual, predicted, probabilities: outcome.probabilities?.slice(0, rows) };
}

/**
 * For the same loss as that of the rows as they are: shuffled ones may be predicted as classes only, such as 0 and 1 for all, or
 * as probabilities where a model is certain of each row that it has seen.
 */
function sameClasses(own: Outcome, all: Outcome): Outcome {
  if (own.task !== 'classification' || all.task !== 'classification') return own;
  if (!all.probabilities) return { ...own, probabilities: undefined };
  if (own.probabilities) return own;
  const probabilities = own.predicted.map((c) => own.classes.map((_, i) => (i === c ? 1 : 0)));
  return { ...own, probabilities };
}

function meanAndDeviation(values: readonly number[]) {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { increase: mean, deviation: Math.sqrt(squares / values.length) };
}

/** Fisher–Yates. */
function shuffle(length: number, random: () => number): readonly number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Numbers in [0, 1). Source: T. Ettinger, mulberry32, public domain. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
