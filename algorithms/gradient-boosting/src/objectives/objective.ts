/**
 * The interface of a loss: where margins start, their gradients, and how a margin becomes a prediction. Definitions and
 * constants are those of XGBoost 3.4, so that its models and ours mean the same. All arithmetic that reaches a tree is
 * stored as float32, as XGBoost's is.
 *
 *   margin --transform--> prediction      base_score --toMargins--> the margin every row starts from
 */
import type { Communicator } from '@algo/contract';
import type { ObjectiveResponse } from './response.js';

/**
 * The labels of a table and what belongs to them. Features are no concern of a loss. On several hosts each has its rows of
 * the table, and all of them make the same calls: sums, orders and groups are of the whole.
 */
export interface LabelledRows {
  /** [rows × targets], row-major; `targets` is 1 unless the objective was made for more. */
  readonly labels: Float32Array;
  /** How many labels a row has; default 1. */
  readonly targets?: number;
  /** [rows], ≥ 0; for ranking objectives and metrics with `queryStart`, [queries]. Default: all 1. */
  readonly weights?: Float32Array;
  /** [queries + 1] first row of each query group, ascending from 0 to rows. Default: one group of all rows. */
  readonly queryStart?: Uint32Array;
  /** [queries] the same for the rows of a group on all hosts; required with `queryStart` on several hosts. */
  readonly queryIds?: Float64Array;
  /** Interval of each row's survival time (survival:aft), [rows]; default: read from the labels' signs. */
  readonly bounds?: SurvivalBounds;
  /** Rows of each of the tables that were joined, which the whole has one after another. Default: they are of one. */
  readonly parts?: readonly number[];
  /** As messages name a row, from 0: `train/a.csv line 7`. Default: its number. */
  readonly placeOf?: (row: number) => string;
  /** Who has rows of the table. Default: this host alone. */
  readonly hosts?: Communicator;
}

/** [rows] each: 0 ≤ lower ≤ upper. Equal: the event was seen. Upper = Infinity: not yet; lower = 0: before upper. */
export interface SurvivalBounds {
  readonly lower: Float32Array;
  readonly upper: Float32Array;
}

/** A loss whose gradients the engine's kernel computes itself, on all threads: the same as those of `prepare`. */
export interface KernelLoss {
  readonly kind: 'squared-error' | 'logistic' | 'softmax';
  /** Factor of the weight of rows whose label is 1; default 1. */
  readonly scalePositive?: number;
}

/** One loss with its parameters. Holds no data. */
export interface Objective extends ObjectiveResponse {
  /** The metric XGBoost reports when none is asked for, arguments included: `tweedie-nloglik@1.5`. */
  readonly defaultMetric: string;
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
  /**
   * The loss over these rows. Sorts or sums what does not change from round to round.
   * @param rows labels that `checkLabels` accepts; read, never written, at every later call
   */
  prepare(rows: LabelledRows, options?: PrepareOptions): GradientSource;
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
