/**
 * Early stopping: which round (or epoch) was best by one metric on the validation data, and when to stop waiting for a
 * better one.
 */

export interface BestRound {
  readonly round: number;
  readonly value: number;
}

export interface EarlyStopping<Best extends BestRound = BestRound> {
  /** The best round so far. */
  readonly best: Best | undefined;
  /** Takes a round's result into account; returns whether it is the best so far. Of equal values the first is best. */
  update(result: Best): boolean;
  /** Whether `patience` rounds have passed without a better one. */
  isOver(round: number): boolean;
}

export interface EarlyStoppingOptions<Best extends BestRound> {
  /** Whether the first value is better than the second. */
  readonly isBetter: (value: number, than: number) => boolean;
  /** Rounds to wait for a better one, ≥ 1. */
  readonly patience: number;
  /** The best round of an interrupted run. */
  readonly resumed?: Best | undefined;
}

export function createEarlyStopping<Best extends BestRound>({
  isBetter,
  patience,
  resumed,
}: EarlyStoppingOptions<Best>): EarlyStopping<Best> {
  let best = resumed;
  return {
    get best() {
      return best;
    },
    update(result) {
      if (best !== undefined && !isBetter(result.value, best.value)) return false;
      best = result;
      return true;
    },
    isOver: (round) => best !== undefined && round - best.round >= patience,
  };
}
