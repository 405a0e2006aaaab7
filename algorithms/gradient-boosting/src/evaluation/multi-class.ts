/**
 * Metrics of class probabilities: `merror`, the share of rows whose most likely class is not their label, and
 * `mlogloss`, the mean of −ln p of the label's class.
 */
import { largestIndex } from '@algo/contract';
import { checkLabels, classLabel } from '../objectives/labels.js';
import { manyClasses } from './applicability.js';
import type { MetricName } from './descriptions.js';
import type { MetricKind } from './metric.js';
import { weightedMeanOfRows } from './weighted-mean.js';

const LEAST_PROBABILITY = Math.fround(1e-16);

type ProbabilityLoss = (probabilities: Float32Array, begin: number, classCount: number, label: number) => number;

const mismatch: ProbabilityLoss = (probabilities, begin, classCount, label) =>
  largestIndex(probabilities, begin, classCount) === label ? 0 : 1;
const negativeLog: ProbabilityLoss = (probabilities, begin, _, label) =>
  -Math.log(Math.max(probabilities[begin + label]!, LEAST_PROBABILITY));

export const MULTI_CLASS_METRICS: readonly MetricKind[] = [
  probabilityMetric('merror', mismatch),
  probabilityMetric('mlogloss', negativeLog),
];

// --- internal ---

function probabilityMetric(name: MetricName, loss: ProbabilityLoss): MetricKind {
  return {
    name,
    lacking: manyClasses,
    create(argument, { objective: { groupCount } }) {
      if (argument !== '') return undefined;
      return {
        name,
        checkRows: (rows) => checkLabels(rows, classLabel(groupCount), name),
        prepare: (rows) =>
          weightedMeanOfRows(rows, (predictions, row) =>
            loss(predictions, row * groupCount, groupCount, rows.labels[row]!),
          ),
      };
    },
  };
}
