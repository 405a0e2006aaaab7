/**
 * The weighted mean behind the common metrics: Σ w·loss / Σ w over the rows and targets of all hosts, in float64; the same
 * bits however the rows are divided among hosts.
 */

import type { LabelledRows } from '../objectives/objective.js';
import { layoutOf } from '../objectives/whole/row-layout.js';
import { totalOfRows, totalWeight } from '../objectives/whole/totals.js';
import type { Evaluate } from './metric.js';

/** A row's loss from its label and prediction. */
export type RowLoss = (label: number, prediction: number) => number;

/**
 * For predictions that are as many as labels; a row's weight counts for each of its targets. NaN without rows.
 */
export function weightedMean(rows: LabelledRows, loss: RowLoss): Evaluate {
  const { labels, weights } = rows;
  const layout = layoutOf(rows);
  if (weights === undefined) {
    return (predictions) => {
      const sum = totalOfRows(layout, (begin, end) => {
        const [y, f] = [labels, predictions];
        let total = 0;
        for (let index = begin; index < end; index++) total += loss(y[index]!, f[index]!);
        return total;
      });
      return sum / layout.count;
    };
  }
  const targetCount = labels.length / weights.length;
  const weightOf = (index: number) => weights[targetCount === 1 ? index : Math.floor(index / targetCount)]!;
  const total = totalWeight(layout, weightOf);
  return (predictions) => {
    const sum = totalOfRows(layout, (begin, end) => {
      let total = 0;
      for (let index = begin; index < end; index++) {
        total += loss(labels[index]!, predictions[index]!) * weightOf(index);
      }
      return total;
    });
    return sum / total;
  };
}

/**
 * The same for losses that look a row up themselves, of one target.
 * @param lossOf loss of a row, from all predictions
 */
export function weightedMeanOfRows(
  rows: LabelledRows,
  lossOf: (predictions: Float32Array, row: number) => number,
): Evaluate {
  const { weights } = rows;
  const layout = layoutOf(rows);
  const total = weights === undefined ? layout.count : totalWeight(layout, (row) => weights[row]!);
  return (predictions) => {
    const sum = totalOfRows(layout, (begin, end) => {
      let total = 0;
      for (let row = begin; row < end; row++) {
        total += weights === undefined ? lossOf(predictions, row) : lossOf(predictions, row) * weights[row]!;
      }
      return total;
    });
    return sum / total;
  };
}
