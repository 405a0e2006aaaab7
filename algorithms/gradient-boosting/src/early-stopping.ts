/**
 * Early stopping: the best round so far by one metric, and whether to give up hope of a better one.
 */

export interface EarlyStoppingOptions {
  /** Rounds without improvement after which to stop, ≥ 1. */
  readonly rounds: number;
  /** Whether larger values are better. */
  readonly maximize: boolean;
  /** Least improvement that counts, ≥ 0; default 0: any. */
  readonly leastImprovement?: number;
  /** Where an earlier run stood. */
  readonly resume?: BestRound;
}

export interface BestRound {
  readonly round: number;
  readonly value: number;
}

export interface EarlyStopping {
  /** Takes the metric of a round; true when the run should stop. NaN is never an improvement. */
  shouldStop(round: number, value: number): boolean;
  /** Undefined before the first round with a number. */
  best(): BestRound | undefined;
}

/** A later round must be strictly better by more than `leastImprovement` to become the best. */
export function createEarlyStopping(options: EarlyStoppingOptions): EarlyStopping {
  const { rounds, maximize, leastImprovement = 0 } = options;
  let best = options.resume;
  return {
    shouldStop(round, value) {
      const gain = best === undefined ? Number.POSITIVE_INFINITY : maximize ? value - best.value : best.value - value;
      if (!Number.isNaN(value) && gain > leastImprovement) best = { round, value };
      return round - (best?.round ?? -1) >= rounds;
    },
    best: () => best,
  };
}
