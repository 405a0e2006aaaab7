/**
 * The interface of a loss: where margins start, their gradients, and how a margin becomes a prediction. Definitions and
 * constants are those of XGBoost 3.4, so that its models and ours mean the same. All arithmetic that reaches a tree is
 * stored as float32, as XGBoost's is.
 *
 *   margin --transform--> prediction      base_score --toMargins--> the margin every row starts from
 */

/** The labels of a table and what belongs to them. Features are no concern of a loss. */
export interface LabelledRows {
  /** [rows × targets], row-major; `targets` is 1 unless the objective was made for more. */
  readonly labels: Float32Array;
  /** [rows], ≥ 0; for ranking objectives and metrics with `queryStart`, [queries]. Default: all 1. */
  readonly weights?: Float32Array;
  /** [queries + 1] first row of each query group, ascending from 0 to rows. Default: one group of all rows. */
  readonly queryStart?: Uint32Array;
  /** Interval of each row's survival time (survival:aft), [rows]; default: read from the labels' signs. */
  readonly bounds?: SurvivalBounds;
}

/** [rows] each: 0 ≤ lower ≤ upper. Equal: the event was seen. Upper = Infinity: not yet; lower = 0: before upper. */
export interface SurvivalBounds {
  readonly lower: Float32Array;
  readonly upper: Float32Array;
}

/** What kind of question an objective answers; metrics use it to refuse what they cannot measure. */
export type Task = 'regression' | 'binary' | 'multi-class' | 'ranking' | 'survival';

/** A loss whose gradients the engine's kernel computes itself, on all threads: the same as those of `prepare`. */
export interface KernelLoss {
  readonly kind: 'squared-error' | 'logistic' | 'softmax';
  /** Factor of the weight of rows whose label is 1; default 1. */
  readonly scalePositive?: number;
}

/** One loss with its parameters. Holds no data. */
export interface Objective {
  /** XGBoost's name, such as `binary:logistic`. */
  readonly name: string;
  readonly task: Task;
  /** Margins per row: classes of multi-class, alphas of quantile and expectile, targets; otherwise 1. */
  readonly groupCount: number;
  /** Predictions per row after `transform`: as many as margins, but 1 for multi:softmax. */
  readonly outputCount: number;
  /** The metric XGBoost reports when none is asked for, arguments included: `tweedie-nloglik@1.5`. */
  readonly defaultMetric: string;
  /** Evaluated predictions above this mean the positive class; only for task `binary` and reg:logistic. */
  readonly decisionThreshold?: number;
  /** Whether `transformForMetrics` gives probabilities of classes. */
  readonly hasProbabilities?: boolean;
  /** Whether `transform` gives a class, not a score. */
  readonly predictsClass?: boolean;
  /** Where the kernel has the loss too. */
  readonly kernelLoss?: KernelLoss;
  /**
   * @throws ClientError E_DATA_LABEL naming the first row whose label breaks the loss's rule, or, for ranking and
   *   survival, groups or bounds that do not fit
   */
  checkLabels(rows: LabelledRows): void;
  /**
   * `base_score` as XGBoost estimates it when none is given, in the unit of predictions.
   * @param rows labels that `checkLabels` accepts; at least one row with a positive weight
   * @returns [groups] float32
   */
  estimateBaseScore(rows: LabelledRows): Float32Array;
  /** What a given `base_score` must be, e.g. "a number in [0, 1]", when `score` is not that; otherwise undefined. */
  baseScoreProblem(score: number): string | undefined;
  /** @param scores [groups] or [1] values of base_score; @returns the same number of float32 margins */
  toMargins(scores: Float32Array): Float32Array;
  /**
   * The loss over these rows. Sorts or sums what does not change from round to round.
   * @param rows labels that `checkLabels` accepts; read, never written, at every later call
   */
  prepare(rows: LabelledRows, options?: PrepareOptions): GradientSource;
  /**
   * Margins to predictions as the user sees them.
   * @param margins [rows × groups], row-major
   * @param out [rows × outputs]; may be `margins` itself when outputCount equals groupCount. Default: a new array
   */
  transform(margins: Float32Array, out?: Float32Array): Float32Array;
  /**
   * Margins to what XGBoost gives to its metrics: `transform`, but probabilities for multi:softmax and margins for
   * survival:aft.
   * @param out [rows × groups]; may be `margins` itself. Default: a new array
   */
  transformForMetrics(margins: Float32Array, out?: Float32Array): Float32Array;
}

/** What some losses need besides the rows. */
export interface PrepareOptions {
  /** Called between pieces of the work on gradients; it may throw to give them up. */
  readonly look?: () => void;
  /** Seed of a round's random pairs, an unsigned 32-bit integer (ranking with pair method `mean`). */
  readonly pairSeed?: (round: number) => number;
  /** Position biases `ti+` and `tj-` to resume from (unbiased ranking). */
  readonly vectors?: Readonly<Record<string, Float64Array>>;
}

/** Gradients over fixed rows. */
export interface GradientSource {
  /**
   * First and second derivative of the weighted loss, or the surrogates XGBoost uses for them.
   * @param margins [rows × groups], row-major
   * @param out     [rows × groups × 2], gradient and hessian side by side
   * @param round   number of this round, from 0
   */
  computeGradients(margins: Float32Array, out: Float32Array, round: number): void;
  /** What the loss has learnt and a model or checkpoint must keep: position biases `ti+` and `tj-`. */
  readonly vectors?: Readonly<Record<string, Float64Array>>;
}
