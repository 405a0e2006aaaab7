/**
 * Metrics of survival objectives.
 *
 *   aft-nloglik                    mean loss of the accelerated failure time model; predictions are margins
 *   interval-regression-accuracy   share of rows whose predicted time e^margin is inside their bounds
 *   cox-nloglik                    −Σ (ln hazard − ln Σ hazards at risk) / events, over the events; weights do not count
 */

import { lookAtRow } from '../engine/interruption.js';
import { checkLabels } from '../objectives/labels.js';
import type { LabelledRows } from '../objectives/objective.js';
import { absoluteOrder } from '../objectives/order.js';
import type { ObjectiveParameters } from '../objectives/parameters.js';
import { aftLoss } from '../objectives/survival/aft-loss.js';
import { boundsOf, checkBounds } from '../objectives/survival/bounds.js';
import { sumOverRowsAtRisk } from '../objectives/survival/cox.js';
import { DISTRIBUTIONS } from '../objectives/survival/distributions.js';
import { layoutOf } from '../objectives/whole/row-layout.js';
import { objectiveNamed } from './applicability.js';
import type { MetricName } from './descriptions.js';
import type { Evaluate, MetricKind } from './metric.js';
import { weightedMeanOfRows } from './weighted-mean.js';

export const SURVIVAL_METRICS: readonly MetricKind[] = [
  aftMetric({
    name: 'aft-nloglik',
    rowScore({ aftLossDistribution, aftLossDistributionScale }) {
      const distribution = DISTRIBUTIONS[aftLossDistribution];
      const sigma = Math.fround(aftLossDistributionScale);
      return (lower, upper, margin) => aftLoss(distribution, lower, upper, margin, sigma);
    },
  }),
  aftMetric({
    name: 'interval-regression-accuracy',
    rowScore: () => (lower, upper, margin) => {
      const time = Math.exp(margin);
      return time >= lower && time <= upper ? 1 : 0;
    },
  }),
  {
    name: 'cox-nloglik',
    lacking: objectiveNamed('survival:cox'),
    create(argument) {
      if (argument !== '') return undefined;
      const rule = { text: 'a finite time', accepts: Number.isFinite };
      return {
        name: 'cox-nloglik',
        checkRows: (rows) => checkLabels(rows, rule, 'cox-nloglik'),
        prepare: partialLikelihood,
      };
    },
  },
];

// --- internal ---

interface AftMetric {
  readonly name: MetricName;
  /** What a row of a time in [lower, upper] adds. */
  rowScore(parameters: ObjectiveParameters): (lower: number, upper: number, margin: number) => number;
}

/** A mean over the rows of survival:aft. */
function aftMetric({ name, rowScore }: AftMetric): MetricKind {
  return {
    name,
    lacking: objectiveNamed('survival:aft'),
    create(argument, { parameters }) {
      if (argument !== '') return undefined;
      const scoreOf = rowScore(parameters);
      return {
        name,
        checkRows: (rows) => checkBounds(rows, name),
        prepare(rows) {
          const { lower, upper } = boundsOf(rows);
          return weightedMeanOfRows(rows, (margins, row) => scoreOf(lower[row]!, upper[row]!, margins[row]!));
        },
      };
    },
  };
}

function partialLikelihood(rows: LabelledRows): Evaluate {
  const layout = layoutOf(rows);
  const labels = layout.gather(rows.labels);
  const order = absoluteOrder(labels);
  const atRisk = new Float64Array(order.length);
  return (own) => {
    const predictions = layout.gather(own);
    const hazards = Float64Array.from(order, (row) => predictions[row]!);
    sumOverRowsAtRisk(hazards, labels, order, atRisk);
    let sum = 0;
    let events = 0;
    for (let place = 0; place < order.length; place++) {
      lookAtRow(place);
      if (labels[order[place]!]! <= 0) continue;
      sum -= Math.log(hazards[place]!) - Math.log(atRisk[place]!);
      events++;
    }
    return sum / events;
  };
}
