/** The metrics of a round: predictions from margins once, then each metric, under names such as `validation:auc`. */

import { withLooks } from '../engine/interruption.js';
import type { Metric } from '../evaluation/index.js';
import type { LabelledRows, Objective } from '../objectives/index.js';

/** Rows to measure on. */
export interface EvaluatedRows {
  readonly name: 'train' | 'validation';
  readonly rows: LabelledRows;
}

/** Margins that are measured in every round; above this only in every n-th, which keeps the cost below that of a tree. */
const MARGINS_EVERY_ROUND = 100_000;
const LARGEST_INTERVAL = 10;

/** The interval in rounds at which metrics of this many training margins are computed. */
export function evaluationInterval(margins: number): number {
  return Math.min(LARGEST_INTERVAL, Math.ceil(margins / MARGINS_EVERY_ROUND));
}

/**
 * A function from margins [rows × groups] to metrics by name; NaN where a metric is not defined.
 * @param look called before each metric and within it; it may throw
 */
export function createEvaluation(
  { name, rows }: EvaluatedRows,
  objective: Objective,
  metrics: readonly Metric[],
  look: () => void,
) {
  const prepared = withLooks(look, () => {
    for (const metric of metrics) metric.checkRows(rows);
    return metrics.map((metric) => ({ name: `${name}:${metric.name}`, evaluate: metric.prepare(rows) }));
  });
  let predictions: Float32Array | undefined;
  return (margins: Float32Array): Readonly<Record<string, number>> => {
    predictions ??= new Float32Array(margins.length);
    const out = predictions;
    return withLooks(look, () => {
      const values = objective.transformForMetrics(margins, out);
      const entries = prepared.map(({ name: fullName, evaluate }) => {
        look();
        return [fullName, evaluate(values)] as const;
      });
      return Object.fromEntries(entries);
    });
  };
}
