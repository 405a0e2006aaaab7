/**
 * Metrics of predicted classes, scikit-learn's definitions with sample weights: the predicted class is the most likely
 * one, or 1 if a binary prediction is above the objective's threshold. 0/0 counts as 0.
 *
 *   precision = TP / (TP + FP)      recall = TP / (TP + FN)      f1 = 2TP / (2TP + FP + FN)
 *
 * Plain names and `f1_binary` measure class 1; `_macro` (and `f1`) is the plain mean over the classes that occur among
 * labels or predictions; `_micro` counts all classes together.
 */

import { largestIndex, oneHost } from '@algo/contract';
import { lookAtRow } from '../engine/interruption.js';
import { checkLabels, classLabel } from '../objectives/labels.js';
import type { LabelledRows, Objective } from '../objectives/objective.js';
import { layoutOf } from '../objectives/whole/row-layout.js';
import { totalWeight } from '../objectives/whole/totals.js';
import { anyClasses, twoClasses } from './applicability.js';
import type { MetricName } from './descriptions.js';
import type { MetricKind } from './metric.js';

/** Weight of rows by label and predicted class, and which classes occur. */
interface Confusion {
  readonly classCount: number;
  /** [label × predicted] */
  readonly weight: Float64Array;
  readonly occurs: Uint8Array;
}

/** Counts of one class. */
interface ClassCounts {
  readonly truePositive: number;
  readonly predicted: number;
  readonly labelled: number;
}

type Score = (counts: ClassCounts) => number;

const precision: Score = ({ truePositive, predicted }) => ratio(truePositive, predicted);
const recall: Score = ({ truePositive, labelled }) => ratio(truePositive, labelled);
const f1: Score = ({ truePositive, predicted, labelled }) => ratio(2 * truePositive, predicted + labelled);

export const CLASSIFICATION_METRICS: readonly MetricKind[] = [
  classMetric('accuracy', (confusion) => micro(confusion, recall)),
  classMetric('balanced_accuracy', balancedAccuracy),
  classMetric('f1', (confusion) => macro(confusion, f1)),
  classMetric('f1_macro', (confusion) => macro(confusion, f1)),
  classMetric('precision_macro', (confusion) => macro(confusion, precision)),
  classMetric('precision_micro', (confusion) => micro(confusion, precision)),
  classMetric('recall_macro', (confusion) => macro(confusion, recall)),
  classMetric('recall_micro', (confusion) => micro(confusion, recall)),
  {
    ...classMetric('f1_binary', (confusion) => f1(countsOf(confusion, 1))),
    lacking: twoClasses,
  },
  {
    ...classMetric('precision', (confusion) => precision(countsOf(confusion, 1))),
    lacking: twoClasses,
  },
  { ...classMetric('recall', (confusion) => recall(countsOf(confusion, 1))), lacking: twoClasses },
];

// --- internal ---

function classMetric(name: MetricName, score: (confusion: Confusion) => number): MetricKind {
  return {
    name,
    lacking: anyClasses,
    create(argument, { objective }) {
      if (argument !== '') return undefined;
      const classCount = objective.task === 'multi-class' ? objective.groupCount : 2;
      return {
        name,
        checkRows: (rows) => checkLabels(rows, classLabel(classCount), name),
        prepare(rows) {
          const rounding = roundingOf(rows);
          return (predictions) => score(confusionOf(predictions, rows, objective, { classCount, rounding }));
        },
      };
    },
  };
}

/**
 * Adding it to a weight and taking it away rounds the weight to a multiple of a unit, so large that sums of weights are
 * exact in any order and on any number of hosts, and so small that all weights together are 2^51 units at least.
 */
function roundingOf(rows: LabelledRows): number {
  const { weights } = rows;
  if (weights === undefined) return 0;
  const total = totalWeight(layoutOf(rows), (row) => weights[row]!);
  return 1.5 * 2 ** Math.ceil(Math.log2(total));
}

function confusionOf(
  predictions: Float32Array,
  { labels, weights, hosts = oneHost() }: LabelledRows,
  { task, decisionThreshold = 0.5 }: Objective,
  { classCount, rounding }: { readonly classCount: number; readonly rounding: number },
): Confusion {
  const weight = new Float64Array(classCount * classCount);
  const occurs = new Uint8Array(classCount);
  const isMulti = task === 'multi-class';
  for (let row = 0; row < labels.length; row++) {
    lookAtRow(row);
    const binary = predictions[row]! > decisionThreshold ? 1 : 0;
    const predicted = isMulti ? largestIndex(predictions, row * classCount, classCount) : binary;
    weight[labels[row]! * classCount + predicted]! += weights === undefined ? 1 : weights[row]! + rounding - rounding;
    occurs[labels[row]!] = 1;
    occurs[predicted] = 1;
  }
  hosts.sum(weight);
  hosts.max(occurs);
  return { classCount, weight, occurs };
}

function countsOf({ classCount, weight }: Confusion, index: number): ClassCounts {
  let predicted = 0;
  let labelled = 0;
  for (let other = 0; other < classCount; other++) {
    predicted += weight[other * classCount + index]!;
    labelled += weight[index * classCount + other]!;
  }
  return { truePositive: weight[index * classCount + index]!, predicted, labelled };
}

function macro(confusion: Confusion, score: Score): number {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < confusion.classCount; index++) {
    if (confusion.occurs[index] === 0) continue;
    sum += score(countsOf(confusion, index));
    count++;
  }
  return sum / count;
}

function micro({ classCount, weight }: Confusion, score: Score): number {
  let truePositive = 0;
  for (let index = 0; index < classCount; index++) truePositive += weight[index * classCount + index]!;
  const total = weight.reduce((sum, value) => sum + value, 0);
  return score({ truePositive, predicted: total, labelled: total });
}

/** Classes that no label has do not count. */
function balancedAccuracy(confusion: Confusion): number {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < confusion.classCount; index++) {
    const counts = countsOf(confusion, index);
    if (counts.labelled === 0) continue;
    sum += recall(counts);
    count++;
  }
  return sum / count;
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
