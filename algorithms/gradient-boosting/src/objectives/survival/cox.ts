/**
 * survival:cox: the negative log partial likelihood of proportional hazards. Labels are times, negative where no event
 * was seen until then. A prediction is the hazard ratio e^f. With R(t) = Σ e^f over the rows still at risk at t, and
 * sums over the events up to a row,
 *
 *   g = e^f·Σ 1/R − [event]      h = e^f·Σ 1/R − e^2f·Σ 1/R²
 *
 * Of equal times all rows count as at risk (Breslow), but, as in XGBoost, a row's sums end at itself: events of its own
 * time that come later in the data are left out.
 */

import { lookAtRow } from '../../engine/interruption.js';
import { estimateByNewtonStep } from '../intercept.js';
import { checkLabels } from '../labels.js';
import type { GradientSource, LabelledRows, Objective } from '../objective.js';
import { absoluteOrder } from '../order.js';
import type { ObjectiveParameters } from '../parameters.js';
import { createResponse } from '../response.js';
import { layoutOf } from '../whole/row-layout.js';

const TIME = {
  text: 'a finite time, negative when no event was seen until then',
  accepts: Number.isFinite,
};

export function coxRegression(parameters: ObjectiveParameters): Objective {
  const name = 'survival:cox';
  const objective: Objective = {
    ...createResponse(name, parameters),
    defaultMetric: 'cox-nloglik',
    checkLabels: (rows) => checkLabels(rows, TIME, name),
    estimateBaseScore: (rows) => estimateByNewtonStep(objective, rows),
    prepare: partialLikelihoodGradients,
  };
  return objective;
}

/**
 * For each place of the order the sum of the hazards of the rows whose time is not below that place's: summed from
 * the end, so that nothing is lost to cancellation.
 * @param hazards [rows] in the order of `order`
 * @param order rows by ascending absolute label
 * @param out [rows] in the order of `order`
 */
export function sumOverRowsAtRisk(
  hazards: Float64Array,
  labels: Float32Array,
  order: Uint32Array,
  out: Float64Array,
): void {
  let sum = 0;
  let end = order.length;
  while (end > 0) {
    const time = Math.abs(labels[order[end - 1]!]!);
    let begin = end;
    while (begin > 0 && Math.abs(labels[order[begin - 1]!]!) === time) sum += hazards[--begin]!;
    out.fill(sum, begin, end);
    end = begin;
  }
}

// --- internal ---

function partialLikelihoodGradients(rows: LabelledRows): GradientSource {
  const layout = layoutOf(rows);
  const labels = layout.gather(rows.labels);
  const weights = rows.weights && layout.gather(rows.weights);
  const order = absoluteOrder(labels);
  const hazards = new Float64Array(labels.length);
  const atRisk = new Float64Array(labels.length);

  function computeAll(margins: Float32Array, out: Float32Array): void {
    for (let place = 0; place < order.length; place++) {
      lookAtRow(place);
      hazards[place] = Math.exp(margins[order[place]!]!);
    }
    sumOverRowsAtRisk(hazards, labels, order, atRisk);
    let inverseSum = 0;
    let inverseSquareSum = 0;
    for (let place = 0; place < order.length; place++) {
      lookAtRow(place);
      const row = order[place]!;
      const isEvent = labels[row]! > 0;
      if (isEvent) {
        inverseSum += 1 / atRisk[place]!;
        inverseSquareSum += 1 / (atRisk[place]! * atRisk[place]!);
      }
      const weight = weights === undefined ? 1 : weights[row]!;
      const hazard = hazards[place]!;
      const expected = hazard * inverseSum;
      out[2 * row] = (isEvent ? expected - 1 : expected) * weight;
      out[2 * row + 1] = (expected - hazard * hazard * inverseSquareSum) * weight;
    }
  }

  return {
    computeGradients(margins, out) {
      layout.keepOwn(out, 2, (values) => computeAll(layout.gather(margins), values));
    },
  };
}
