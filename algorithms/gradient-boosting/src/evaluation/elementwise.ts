/**
 * Metrics that are a weighted mean of a loss per label, y the label and f the prediction.
 *
 *   rmse  √mean (y − f)²      rmsle  √mean (ln(1 + y) − ln(1 + f))²      mape  mean |(y − f) / y|
 *   poisson-nloglik  ln Γ(y + 1) + f − y ln f          gamma-nloglik  y/f + ln f
 *   gamma-deviance   2(ln(f/y) + y/f − 1)              tweedie-nloglik@p  −y f^(1−p)/(1−p) + f^(2−p)/(2−p)
 *   mphe  δ²(√(1 + ((y − f)/δ)²) − 1), δ = huber_slope
 */

import { oneHost } from '@algo/contract';
import { lookAtRow } from '../engine/interruption.js';
import {
  ANY_LABEL,
  checkLabels,
  type LabelRule,
  NON_NEGATIVE_LABEL,
  POSITIVE_LABEL,
  UNIT_LABEL,
} from '../objectives/labels.js';
import type { LabelledRows } from '../objectives/objective.js';
import { lnGamma } from '../objectives/special-functions.js';
import { layoutOf } from '../objectives/whole/row-layout.js';
import { GROUP_ROWS, totalOfGroups } from '../objectives/whole/totals.js';
import { onePrediction } from './applicability.js';
import type { MetricName } from './descriptions.js';
import type { Evaluate, Measure, MetricKind } from './metric.js';
import { type RowLoss, weightedMean } from './weighted-mean.js';

/** XGBoost's floor of a probability or a mean inside a logarithm. */
const LEAST_PROBABILITY = Math.fround(1e-16);
/** And of a mean that is divided by, or added to both sides of a ratio. */
const SMALL = Math.fround(1e-6);

const ABOVE_MINUS_ONE: LabelRule = { text: 'above -1', accepts: (label) => label > -1 };
const NOT_ZERO: LabelRule = {
  text: 'a finite number other than 0',
  accepts: (label) => label !== 0 && Number.isFinite(label),
};

export const ELEMENTWISE_METRICS: readonly MetricKind[] = [
  plain('rmse', ANY_LABEL, squaredError, Math.sqrt),
  plain('mse', ANY_LABEL, squaredError),
  plain('rmsle', ABOVE_MINUS_ONE, squaredLogError, Math.sqrt),
  plain('mae', ANY_LABEL, (y, f) => Math.abs(y - f)),
  plain('mape', NOT_ZERO, (y, f) => Math.abs((y - f) / y)),
  {
    name: 'logloss',
    lacking: onePrediction,
    create: (argument) => (argument === '' ? logLossMetric() : undefined),
  },
  plain('poisson-nloglik', NON_NEGATIVE_LABEL, poissonLoss),
  plain('gamma-nloglik', POSITIVE_LABEL, gammaLoss),
  plain('gamma-deviance', POSITIVE_LABEL, gammaDeviance, (value) => 2 * value),
  {
    name: 'mphe',
    lacking: onePrediction,
    create(argument, { parameters }) {
      const square = Math.fround(parameters.huberSlope) ** 2;
      const loss: RowLoss = (y, f) => square * (Math.sqrt(1 + (y - f) ** 2 / square) - 1);
      return argument === '' ? metricOf('mphe', ANY_LABEL, loss) : undefined;
    },
  },
  {
    name: 'error',
    argumentRule: 'error or error@t with a number t',
    lacking: onePrediction,
    create(argument) {
      const threshold = argument === '' ? 0.5 : numberOf(argument);
      if (Number.isNaN(threshold)) return undefined;
      const limit = Math.fround(threshold);
      const loss: RowLoss = (y, f) => (f > limit ? 1 - y : y);
      return metricOf(threshold === 0.5 ? 'error' : `error@${threshold}`, UNIT_LABEL, loss);
    },
  },
  {
    name: 'tweedie-nloglik',
    argumentRule: 'tweedie-nloglik@p with a number p in (1, 2)',
    lacking: onePrediction,
    create(argument) {
      const power = numberOf(argument);
      if (!(power > 1 && power < 2)) return undefined;
      return metricOf(`tweedie-nloglik@${power}`, NON_NEGATIVE_LABEL, tweedieLoss(Math.fround(power)));
    },
  },
];

// --- internal ---

function plain(name: MetricName, rule: LabelRule, loss: RowLoss, finish?: (mean: number) => number): MetricKind {
  return {
    name,
    lacking: onePrediction,
    create: (argument) => (argument === '' ? metricOf(name, rule, loss, finish) : undefined),
  };
}

function metricOf(name: string, rule: LabelRule, loss: RowLoss, finish = (mean: number) => mean): Measure {
  return {
    name,
    checkRows: (rows) => checkLabels(rows, rule, name),
    prepare(rows) {
      const mean = weightedMean(rows, loss);
      return (predictions) => finish(mean(predictions));
    },
  };
}

/** NaN for text that is not a plain number. */
function numberOf(text: string): number {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function squaredError(y: number, f: number): number {
  return (y - f) * (y - f);
}

function squaredLogError(y: number, f: number): number {
  return (Math.log1p(y) - Math.log1p(f)) ** 2;
}

function logLossMetric(): Measure {
  const general = metricOf('logloss', UNIT_LABEL, logLoss);
  return { ...general, prepare: (rows) => (hasOnlyClasses(rows) ? logLossOfClasses(rows) : general.prepare(rows)) };
}

/** Labels of 0 and 1 without weights, on all hosts. */
function hasOnlyClasses({ labels, weights, hosts = oneHost() }: LabelledRows): boolean {
  return !hosts.any(weights !== undefined || hasFractions(labels));
}

function hasFractions(labels: Float32Array): boolean {
  for (let row = 0; row < labels.length; row++) {
    lookAtRow(row);
    if (labels[row] !== 0 && labels[row] !== 1) return true;
  }
  return false;
}

/**
 * The same for them with a logarithm for each 16 rows, whose probabilities are multiplied before: 16 of at least 1e-16 are no
 * less than 1e-256.
 */
function logLossOfClasses(rows: LabelledRows): Evaluate {
  const { labels } = rows;
  const layout = layoutOf(rows);
  return (predictions) => {
    const sum = totalOfGroups(layout, {
      ofGroups(begin, count, out) {
        for (let group = 0, row = begin; group < count; group++) {
          let product = 1;
          for (const end = row + GROUP_ROWS; row < end; row++) {
            product *= probabilityOf(labels[row]!, predictions[row]!);
          }
          out[group] = -Math.log(product);
        }
      },
      ofRow: (row) => probabilityOf(labels[row]!, predictions[row]!),
      join: (probabilities) => -Math.log(probabilities.reduce((product, probability) => product * probability, 1)),
    });
    return sum / layout.count;
  };
}

/** Of the label's class. */
function probabilityOf(label: number, prediction: number): number {
  return Math.max(label === 1 ? prediction : 1 - prediction, LEAST_PROBABILITY);
}

function logLoss(y: number, p: number): number {
  const positive = y === 0 ? 0 : y * Math.log(Math.max(p, LEAST_PROBABILITY));
  const negative = y === 1 ? 0 : (1 - y) * Math.log(Math.max(1 - p, LEAST_PROBABILITY));
  return -positive - negative;
}

function poissonLoss(y: number, f: number): number {
  const mean = Math.max(f, LEAST_PROBABILITY);
  return lnGamma(y + 1) + mean - Math.log(mean) * y;
}

function gammaLoss(y: number, f: number): number {
  const mean = Math.max(f, SMALL);
  return y / mean + Math.log(mean);
}

function gammaDeviance(y: number, f: number): number {
  const ratio = (y + SMALL) / (f + SMALL);
  return ratio - Math.log(ratio) - 1;
}

function tweedieLoss(power: number): RowLoss {
  return (y, f) => {
    const logMean = Math.log(f);
    return Math.exp((2 - power) * logMean) / (2 - power) - (y * Math.exp((1 - power) * logMean)) / (1 - power);
  };
}
