/**
 * The accuracy of predictions: rmse, mae and R², in one pass and with weights.
 */

/** Running sums; `add` may be called for any number of rows, in any order. */
export interface Scorer {
  add(prediction: number, label: number, weight: number): void;
  scores(): Scores;
}

export interface Scores {
  readonly rmse: number;
  readonly mae: number;
  /** 1 - Σ w e² / Σ w (y - ȳ)²; labels that are all the same give 1 without errors and else 0. */
  readonly r2: number;
}

export function createScorer(): Scorer {
  let weightSum = 0;
  let squares = 0;
  let absolutes = 0;
  let mean = 0;
  let spread = 0;
  return {
    add(prediction, label, weight) {
      if (weight === 0) return;
      const error = prediction - label;
      weightSum += weight;
      squares += weight * error * error;
      absolutes += weight * Math.abs(error);
      // Welford's update: the spread about the mean without subtracting large squares.
      const distance = label - mean;
      mean += (distance * weight) / weightSum;
      spread += weight * distance * (label - mean);
    },
    scores: () => ({
      rmse: Math.sqrt(squares / weightSum),
      mae: absolutes / weightSum,
      r2: squares === 0 ? 1 : spread > 0 ? 1 - squares / spread : 0,
    }),
  };
}
