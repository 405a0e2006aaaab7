/**
 * multi:softmax and multi:softprob: −ln p_y with p the softmax of the row's margins.
 *
 *   g_k = w·(p_k − [k = y])      h_k = max(2w·p_k(1 − p_k), 1e-16)
 *
 * The factor 2 bounds what the diagonal leaves out of the full hessian. Both train alike; softmax predicts the class,
 * softprob the probabilities.
 */
import { largestIndex } from '@algo/contract';
import { lookAtRow } from '../engine/interruption.js';
import { checkLabels, classLabel } from './labels.js';
import { baseScoresBy, IDENTITY, SMALLEST_STEP } from './link.js';
import type { GradientSource, LabelledRows, Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { exponential32 } from './special-functions.js';

const LEAST_HESSIAN = Math.fround(1e-16);

export function softmaxClass({ classCount }: ObjectiveParameters): Objective {
  return {
    ...softmax('multi:softmax', classCount),
    outputCount: 1,
    predictsClass: true,
    transform: (margins, out) => likeliestClasses(margins, classCount, out),
  };
}

export function softmaxProbabilities({ classCount }: ObjectiveParameters): Objective {
  return softmax('multi:softprob', classCount);
}

// --- internal ---

function softmax(name: string, classCount: number): Objective {
  return {
    name,
    task: 'multi-class',
    defaultMetric: 'mlogloss',
    groupCount: classCount,
    outputCount: classCount,
    hasProbabilities: true,
    kernelLoss: { kind: 'softmax' },
    checkLabels: ({ labels }) => checkLabels(labels, classLabel(classCount), name),
    estimateBaseScore: (rows) => centredLogFrequencies(rows, classCount),
    ...baseScoresBy(IDENTITY),
    prepare: (rows) => softmaxGradients(rows, classCount),
    transform: (margins, out) => probabilities(margins, classCount, out),
    transformForMetrics: (margins, out) => probabilities(margins, classCount, out),
  };
}

function softmaxGradients({ labels, weights }: LabelledRows, classCount: number): GradientSource {
  const exponentials = new Float64Array(classCount);
  return {
    computeGradients(margins, out) {
      for (let row = 0; row < labels.length; row++) {
        lookAtRow(row);
        const begin = row * classCount;
        const label = labels[row]!;
        const weight = weights === undefined ? 1 : weights[row]!;
        const largest = margins[begin + largestIndex(margins, begin, classCount)]!;
        let sum = 0;
        for (let k = 0; k < classCount; k++) {
          const exponential = exponential32(margins[begin + k]! - largest);
          exponentials[k] = exponential;
          sum += exponential;
        }
        for (let k = 0; k < classCount; k++) {
          const p = exponentials[k]! / sum;
          out[2 * (begin + k)] = (k === label ? p - 1 : p) * weight;
          out[2 * (begin + k) + 1] = Math.max(2 * p * (1 - p) * weight, LEAST_HESSIAN);
        }
      }
    },
  };
}

/**
 * ln(frequency + 1e-6) of each class, less their mean: margins, since softmax's link is not invertible. Each step is
 * rounded to float32 as XGBoost's is.
 */
function centredLogFrequencies({ labels, weights }: LabelledRows, classCount: number): Float32Array {
  const frequencies = new Float64Array(classCount);
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    lookAtRow(row);
    const weight = weights === undefined ? 1 : weights[row]!;
    frequencies[labels[row]!]! += weight;
    total += weight;
  }
  const logs = Float32Array.from(frequencies, (sum) => Math.log(Math.fround(Math.fround(sum / total) + SMALLEST_STEP)));
  const mean = logs.reduce((sum, value) => Math.fround(sum + Math.fround(value / classCount)), 0);
  return logs.map((value) => value - mean);
}

function probabilities(
  margins: Float32Array,
  classCount: number,
  out: Float32Array = new Float32Array(margins.length),
): Float32Array {
  for (let begin = 0; begin < margins.length; begin += classCount) {
    lookAtRow(begin / classCount);
    const end = begin + classCount;
    let largest = margins[begin]!;
    for (let k = begin + 1; k < end; k++) if (margins[k]! > largest) largest = margins[k]!;
    let sum = 0;
    for (let k = begin; k < end; k++) {
      const exponential = Math.fround(exponential32(margins[k]! - largest));
      out[k] = exponential;
      sum += exponential;
    }
    for (let k = begin; k < end; k++) out[k]! /= sum;
  }
  return out;
}

function likeliestClasses(
  margins: Float32Array,
  classCount: number,
  out: Float32Array = new Float32Array(margins.length / classCount),
): Float32Array {
  for (let row = 0; row < out.length; row++) {
    lookAtRow(row);
    out[row] = largestIndex(margins, row * classCount, classCount);
  }
  return out;
}
