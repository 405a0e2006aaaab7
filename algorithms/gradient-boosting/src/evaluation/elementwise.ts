/**
 * Metrics that are a weighted mean of a loss per label, y the label and f the prediction.
 *
 *   rmse  √mean (y − f)²      rmsle  √mean (ln(1 + y) − ln(1 + f))²      mape  mean |(y − f) / y|
 *   poisson-nloglik  ln Γ(y + 1) + f − y ln f          gamma-nloglik  y/f + ln f
 *   gamma-deviance   2(ln(f/y) + y/f − 1)              tweedie-nloglik@p  −y f^(1−p)/(1−p) + f^(2−p)/(2−p)
 *   mphe  δ²(√(1 + ((y − f)/δ)²) − 1), δ = huber_slope
 */

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
import { onePrediction } from './applicability.js';
import type { MetricName } from './descriptions.js';
import type { Measure, MetricKind } from './metric.js';
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
    checkRows: ({ labels }) => checkLabels(labels, rule, name),
    evaluate: (predictions, rows) => finish(weightedMean(predictions, rows, loss)),
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

/** Rows whose probabilities are multiplied before the logarithm is taken: 16 of at least 1e-16 are no less than 1e-256. */
const LOGARITHM_ROWS = 16;

function logLossMetric(): Measure {
  const general = metricOf('logloss', UNIT_LABEL, logLoss);
  return {
    ...general,
    evaluate: (predictions, rows) => meanLogLossOfClasses(predictions, rows) ?? general.evaluate(predictions, rows),
  };
}

/** The same for labels of 0 and 1 without weights, with a sixteenth of the logarithms; undefined for other rows. */
function meanLogLossOfClasses(predictions: Float32Array, { labels, weights }: LabelledRows): number | undefined {
  if (weights !== undefined) return undefined;
  let sum = 0;
  for (let begin = 0; begin < labels.length; begin += LOGARITHM_ROWS) {
    lookAtRow(begin);
    const end = Math.min(begin + LOGARITHM_ROWS, labels.length);
    let product = 1;
    for (let index = begin; index < end; index++) {
      const y = labels[index];
      if (y !== 0 && y !== 1) return undefined;
      product *= Math.max(y === 1 ? predictions[index]! : 1 - predictions[index]!, LEAST_PROBABILITY);
    }
    sum -= Math.log(product);
  }
  return sum / labels.length;
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
