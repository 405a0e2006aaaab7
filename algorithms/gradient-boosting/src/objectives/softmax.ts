/**
 * multi:softmax and multi:softprob: −ln p_y with p the softmax of the row's margins.
 *
 *   g_k = w·(p_k − [k = y])      h_k = max(2w·p_k(1 − p_k), 1e-16)
 *
 * The factor 2 bounds what the diagonal leaves out of the full hessian. Both train alike; softmax predicts the class,
 * softprob the probabilities.
 */
import { largestIndex, oneHost } from '@algo/contract';
import { createReproducibleSums } from '@algo/numerics';
import { lookAtRow } from '../engine/interruption.js';
import { checkLabels, classLabel } from './labels.js';
import { SMALLEST_STEP } from './link.js';
import type { GradientSource, LabelledRows, Objective } from './objective.js';
import type { ObjectiveParameters } from './parameters.js';
import { createResponse } from './response.js';
import { exponential32 } from './special-functions.js';
import { totalsOverHosts } from './whole/totals.js';

const LEAST_HESSIAN = Math.fround(1e-16);

export function softmaxClass(parameters: ObjectiveParameters): Objective {
  return softmax('multi:softmax', parameters);
}

export function softmaxProbabilities(parameters: ObjectiveParameters): Objective {
  return softmax('multi:softprob', parameters);
}

// --- internal ---

function softmax(name: 'multi:softmax' | 'multi:softprob', parameters: ObjectiveParameters): Objective {
  const { classCount } = parameters;
  return {
    ...createResponse(name, parameters),
    defaultMetric: 'mlogloss',
    kernelLoss: { kind: 'softmax' },
    checkLabels: (rows) => checkLabels(rows, classLabel(classCount), name),
    estimateBaseScore: (rows) => centredLogFrequencies(rows, classCount),
    prepare: (rows) => softmaxGradients(rows, classCount),
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
function centredLogFrequencies({ labels, weights, hosts = oneHost() }: LabelledRows, classCount: number): Float32Array {
  const sums = createReproducibleSums(classCount);
  for (let row = 0; row < labels.length; row++) {
    lookAtRow(row);
    sums.add(labels[row]!, weights === undefined ? 1 : weights[row]!);
  }
  const frequencies = totalsOverHosts(sums, hosts);
  const total = frequencies.reduce((sum, frequency) => sum + frequency, 0);
  const logs = Float32Array.from(frequencies, (sum) => Math.log(Math.fround(Math.fround(sum / total) + SMALLEST_STEP)));
  const mean = logs.reduce((sum, value) => Math.fround(sum + Math.fround(value / classCount)), 0);
  return logs.map((value) => value - mean);
}
