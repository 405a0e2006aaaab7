/**
 * The interface of evaluation metrics: a number for a table's predictions, and which direction is better.
 * Definitions are XGBoost's 3.4 and, for those XGBoost lacks, scikit-learn's.
 */
import type { LabelledRows, Objective } from '../objectives/objective.js';
import type { ObjectiveParameters } from '../objectives/parameters.js';
import type { Goal, MetricName } from './descriptions.js';

/** What a metric computes, for the objective it was made for. Holds no data. */
export interface Measure {
  /** As XGBoost reports it, argument included: `error@0.7`. */
  readonly name: string;
  /**
   * @throws ClientError E_DATA_LABEL naming the first row whose label the metric cannot measure; E_DATA_QUERY or
   *   E_DATA_WEIGHT when groups or weights do not fit
   */
  checkRows(rows: LabelledRows): void;
  /**
   * The metric of these rows; sums what does not change from round to round.
   * @param rows labels that `checkRows` accepts; read, never written, at every later call
   */
  prepare(rows: LabelledRows): Evaluate;
}

/**
 * @param predictions [rows × groups] from the objective's `transformForMetrics`
 * @returns that of the rows of all hosts, on each of them the same bits; NaN where the metric is not defined, e.g. auc of
 *   rows of one class
 */
export type Evaluate = (predictions: Float32Array) => number;

/** A measure, and which of its values are better. */
export interface Metric extends Measure {
  readonly goal: Goal;
}

/** What a metric is made for. */
export interface MetricTarget {
  readonly objective: Objective;
  readonly parameters: ObjectiveParameters;
}

/** A metric by name: what it fits, and how its measure is made. METRIC_DESCRIPTIONS has its goal. */
export interface MetricKind {
  readonly name: MetricName;
  /** What may or must follow the name, e.g. "error@t with a number t"; undefined when nothing may. */
  readonly argumentRule?: string;
  /** What the objective would have to be, when the metric cannot measure this one. */
  lacking(target: MetricTarget): string | undefined;
  /**
   * @param argument what follows `@`, with the closing `-` of ranking metrics; empty when there is nothing
   * @returns undefined when the argument breaks `argumentRule`
   */
  create(argument: string, target: MetricTarget): Measure | undefined;
}
