/**
 * auc, the area under the ROC curve, and aucpr, under the precision–recall curve, as XGBoost measures them: weighted,
 * equal predictions together.
 *
 *   binary        one curve; labels may be fractions
 *   multi-class   each class against the rest; auc weights the classes by their rows, aucpr does not
 *   query groups  the mean over groups; auc counts the pairs of a group that are in the order of their labels, ties
 *                 of labels included, and needs 3 rows; aucpr needs both kinds of rows
 */

import { createReproducibleSums } from '@algo/numerics';
import { lookAtRow } from '../engine/interruption.js';
import { ANY_LABEL, checkLabels, classLabel, UNIT_LABEL } from '../objectives/labels.js';
import type { LabelledRows } from '../objectives/objective.js';
import { completeGroups } from '../objectives/ranking/complete-groups.js';
import { checkQueryGroups } from '../objectives/ranking/query-groups.js';
import { layoutOf } from '../objectives/whole/row-layout.js';
import { totalsOverHosts } from '../objectives/whole/totals.js';
import { anyOrder } from './applicability.js';
import { type Curve, precisionRecallCurve, rankingPairs, rocCurve } from './curves.js';
import type { Evaluate, MetricKind } from './metric.js';

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
      checkLabels(rows, groupCount > 1 ? classLabel(groupCount) : rule, name);
      if (rows.queryStart !== undefined) checkQueryGroups(rows, name);
    },
    prepare(rows: LabelledRows) {
      if (rows.queryStart !== undefined) return meanOverGroups(name, rows);
      const layout = layoutOf(rows);
      const labels = layout.gather(rows.labels);
      const weights = rows.weights && layout.gather(rows.weights);
      return (own: Float32Array) => {
        const predictions = layout.gather(own, groupCount);
        if (groupCount > 1) return meanOverClasses(predictions, { labels, weights }, groupCount, curve);
        return curve(predictions, labels, weights).area;
      };
    },
  };
}

function meanOverClasses(
  predictions: Float32Array,
  { labels, weights }: { readonly labels: Float32Array; readonly weights: Float32Array | undefined },
  classCount: number,
  curve: Curve,
): number {
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

function meanOverGroups(name: 'auc' | 'aucpr', given: LabelledRows): Evaluate {
  const groups = completeGroups(given);
  const { queryStart, isCounted } = groups;
  const { labels, weights } = groups.rows;
  return (own) => {
    const predictions = groups.complete(own);
    const sums = createReproducibleSums(2);
    for (let query = 0; query + 1 < queryStart.length; query++) {
      lookAtRow(query);
      if (isCounted[query] !== 1) continue;
      const begin = queryStart[query]!;
      const end = queryStart[query + 1]!;
      const scores = predictions.subarray(begin, end);
      const relevance = labels.subarray(begin, end);
      const weight = weights === undefined ? 1 : weights[query]!;
      if (name === 'auc') {
        if (end - begin < LEAST_ROC_GROUP) continue;
        sums.add(0, weight === 0 ? 0 : rankingPairs(scores, relevance));
      } else {
        const { area } = precisionRecallCurve(scores, relevance, new Float32Array(end - begin).fill(weight));
        if (Number.isNaN(area)) continue;
        sums.add(0, area);
      }
      sums.add(1, 1);
    }
    const [sum, count] = totalsOverHosts(sums, groups.hosts);
    return sum! / count!;
  };
}
