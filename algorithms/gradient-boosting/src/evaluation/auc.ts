/**
 * auc, the area under the ROC curve, and aucpr, under the precision–recall curve, as XGBoost measures them: weighted,
 * equal predictions together.
 *
 *   binary        one curve; labels may be fractions
 *   multi-class   each class against the rest; auc weights the classes by their rows, aucpr does not
 *   query groups  the mean over groups; auc counts the pairs of a group that are in the order of their labels, ties
 *                 of labels included, and needs 3 rows; aucpr needs both kinds of rows
 */

import { lookAtRow } from '../engine/interruption.js';
import { ANY_LABEL, checkLabels, classLabel, UNIT_LABEL } from '../objectives/labels.js';
import type { LabelledRows } from '../objectives/objective.js';
import { checkQueryGroups } from '../objectives/ranking/query-groups.js';
import { anyOrder } from './applicability.js';
import { type Curve, precisionRecallCurve, rankingPairs, rocCurve } from './curves.js';
import type { MetricKind } from './metric.js';

export const AUC = areaKind('auc', rocCurve);
export const AUCPR = areaKind('aucpr', precisionRecallCurve);

// --- internal ---

function areaKind(name: 'auc' | 'aucpr', curve: Curve): MetricKind {
  return {
    name,
    lacking: anyOrder,
    create: (argument, { objective }) => areaMetric(name, argument, objective.groupCount, curve),
  };
}

const LEAST_ROC_GROUP = 3;

function areaMetric(name: 'auc' | 'aucpr', argument: string, groupCount: number, curve: Curve) {
  if (argument !== '') return undefined;
  return {
    name,
    checkRows(rows: LabelledRows) {
      const isGroupedRoc = rows.queryStart !== undefined && name === 'auc';
      const rule = isGroupedRoc ? ANY_LABEL : UNIT_LABEL;
      checkLabels(rows.labels, groupCount > 1 ? classLabel(groupCount) : rule, name);
      if (rows.queryStart !== undefined) checkQueryGroups(rows, name);
    },
    evaluate(predictions: Float32Array, rows: LabelledRows) {
      if (rows.queryStart !== undefined) return meanOverGroups(name, predictions, rows, rows.queryStart);
      if (groupCount > 1) return meanOverClasses(predictions, rows, groupCount, curve);
      return curve(predictions, rows.labels, rows.weights).area;
    },
  };
}

function meanOverClasses(predictions: Float32Array, rows: LabelledRows, classCount: number, curve: Curve): number {
  const { labels, weights } = rows;
  const scores = new Float32Array(labels.length);
  const isClass = new Float32Array(labels.length);
  let sum = 0;
  let total = 0;
  for (let index = 0; index < classCount; index++) {
    for (let row = 0; row < labels.length; row++) {
      lookAtRow(row);
      scores[row] = predictions[row * classCount + index]!;
      isClass[row] = labels[row] === index ? 1 : 0;
    }
    const { area, prevalence } = curve(scores, isClass, weights);
    sum += area * prevalence;
    total += prevalence;
  }
  return sum / total;
}

function meanOverGroups(
  name: 'auc' | 'aucpr',
  predictions: Float32Array,
  { labels, weights }: LabelledRows,
  queryStart: Uint32Array,
): number {
  let sum = 0;
  let count = 0;
  for (let query = 0; query + 1 < queryStart.length; query++) {
    lookAtRow(query);
    const begin = queryStart[query]!;
    const end = queryStart[query + 1]!;
    const scores = predictions.subarray(begin, end);
    const relevance = labels.subarray(begin, end);
    const weight = weights === undefined ? 1 : weights[query]!;
    if (name === 'auc') {
      if (end - begin < LEAST_ROC_GROUP) continue;
      sum += weight === 0 ? 0 : rankingPairs(scores, relevance);
    } else {
      const { area } = precisionRecallCurve(scores, relevance, new Float32Array(end - begin).fill(weight));
      if (Number.isNaN(area)) continue;
      sum += area;
    }
    count++;
  }
  return sum / count;
}
