/**
 * Parameters of objectives and metrics, with XGBoost's defaults. A user's own values come from hyperparameters of the
 * same names in snake_case.
 */

export const AFT_DISTRIBUTIONS = ['normal', 'logistic', 'extreme'] as const;
export const PAIR_METHODS = ['topk', 'mean'] as const;

export type AftDistributionName = (typeof AFT_DISTRIBUTIONS)[number];
export type PairMethod = (typeof PAIR_METHODS)[number];

/** The parameters of all objectives and metrics. Each reads its own. */
export interface ObjectiveParameters {
  /** Label columns of regression and binary objectives. */
  readonly targetCount: number;
  /** Classes of multi:softmax and multi:softprob, ≥ 2. */
  readonly classCount: number;
  /** Weight factor of rows whose label is 1, > 0. */
  readonly scalePosWeight: number;
  /** Distance from which pseudo-Huber loss is about linear, ≠ 0. */
  readonly huberSlope: number;
  /** Ascending, in [0, 1]; one margin each. */
  readonly quantileAlpha: readonly number[];
  /** Ascending, in [0, 1]; one margin each. */
  readonly expectileAlpha: readonly number[];
  /** In [1, 2); in (1, 2) the loss is that of a compound Poisson–gamma distribution. */
  readonly tweedieVariancePower: number;
  /** count:poisson's hessian is e^(margin + maxDeltaStep). */
  readonly maxDeltaStep: number;
  readonly aftLossDistribution: AftDistributionName;
  /** > 0 */
  readonly aftLossDistributionScale: number;
  readonly lambdarankPairMethod: PairMethod;
  /** Truncation level of `topk` (default 32), pairs per document of `mean` (default 1); ≥ 1. */
  readonly lambdarankNumPairPerSample?: number;
  /** Divide a group's gradients by their size (`topk`) or by the pairs per document (`mean`). */
  readonly lambdarankNormalization: boolean;
  /** Divide each pair's change of metric by the difference of its scores. */
  readonly lambdarankScoreNormalization: boolean;
  /** Learn and divide out the bias of the position at which a document was shown. */
  readonly lambdarankUnbiased: boolean;
  /** ≥ 0; position biases are raised to 1 / (1 + this). */
  readonly lambdarankBiasNorm: number;
  /** Gain of relevance r is 2^r − 1 rather than r. */
  readonly ndcgExpGain: boolean;
}

/** XGBoost's defaults. Its quantile objective has none; here it is 0.5, the median. */
export const DEFAULT_PARAMETERS: ObjectiveParameters = {
  targetCount: 1,
  classCount: 0,
  scalePosWeight: 1,
  huberSlope: 1,
  quantileAlpha: [0.5],
  expectileAlpha: [0.5],
  tweedieVariancePower: 1.5,
  maxDeltaStep: 0.7,
  aftLossDistribution: 'normal',
  aftLossDistributionScale: 1,
  lambdarankPairMethod: 'topk',
  lambdarankNormalization: true,
  lambdarankScoreNormalization: true,
  lambdarankUnbiased: false,
  lambdarankBiasNorm: 1,
  ndcgExpGain: true,
};
