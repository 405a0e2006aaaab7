/** Early stopping: which round was best by one metric on the validation data, and when to give up waiting for a better. */
import { isBetter, type Metric } from '../evaluation/index.js';

export interface EarlyStopping {
  /** The best round so far, from 0, and its value. */
  readonly best: BestRound | undefined;
  /** Takes in a round's value. @param treeWeights dart weights after the round, which later rounds change */
  update(round: number, value: number, treeWeights?: readonly number[]): void;
  /** Whether `patience` rounds have passed without a better one. */
  isOver(round: number): boolean;
}

export interface BestRound {
  readonly round: number;
  readonly value: number;
  readonly treeWeights?: readonly number[];
}

/** @param resumed the best round of an interrupted run */
export function createEarlyStopping(
  metric: Pick<Metric, 'goal'>,
  patience: number,
  resumed?: BestRound,
): EarlyStopping {
  let best = resumed;
  return {
    get best() {
      return best;
    },
    update(round, value, treeWeights) {
      if (best !== undefined && !isBetter(metric, value, best.value)) return;
      best = { round, value, ...(treeWeights && { treeWeights }) };
    },
    isOver: (round) => best !== undefined && round - best.round >= patience,
  };
}
