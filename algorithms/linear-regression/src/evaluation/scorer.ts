/**
 * The accuracy of predictions: rmse, mae and R², in one pass and with weights. Hosts join what they have summed up.
 */

import type { Communicator } from '@algo/contract';

/** Running sums; `add` may be called for any number of rows, in any order. */
export interface Scorer {
  add(prediction: number, label: number, weight: number): void;
  /** Of the rows of all hosts. @param hosts all of which call it; default: this one alone */
  scores(hosts?: Communicator): Scores;
}

export interface Scores {
  readonly rmse: number;
  readonly mae: number;
  /** 1 - Σ w e² / Σ w (y - ȳ)²; labels that are all the same give 1 without errors and else 0. */
  readonly r2: number;
}

export function createScorer(): Scorer {
  const own: Totals = { weight: 0, squares: 0, absolutes: 0, mean: 0, spread: 0 };
  return {
    add(prediction, label, weight) {
      if (weight === 0) return;
      const error = prediction - label;
      own.weight += weight;
      own.squares += weight * error * error;
      own.absolutes += weight * Math.abs(error);
      // Welford's update: the spread about the mean without subtracting large squares.
      const distance = label - own.mean;
      own.mean += distance * (weight / own.weight); // labels that are all the same stay their mean
      own.spread += weight * distance * (label - own.mean);
    },
    scores(hosts) {
      const parts = hosts?.gatherValues(own).filter(({ weight }) => weight > 0) ?? [];
      const { weight, squares, absolutes, spread } = parts.length > 0 ? parts.reduce(join) : own;
      return {
        rmse: Math.sqrt(squares / weight),
        mae: absolutes / weight,
        r2: squares === 0 ? 1 : spread > 0 ? 1 - squares / spread : 0,
      };
    },
  };
}

// --- internal ---

interface Totals {
  weight: number;
  /** Of errors. */
  squares: number;
  absolutes: number;
  /** Of labels, as the squares of their distances from it. */
  mean: number;
  spread: number;
}

/** Chan, Golub & LeVeque 1979. */
function join(a: Totals, b: Totals): Totals {
  const weight = a.weight + b.weight;
  const distance = b.mean - a.mean;
  return {
    weight,
    squares: a.squares + b.squares,
    absolutes: a.absolutes + b.absolutes,
    mean: a.mean + distance * (b.weight / weight),
    spread: a.spread + b.spread + distance * distance * a.weight * (b.weight / weight),
  };
}
