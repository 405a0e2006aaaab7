/**
 * Metrics of a network's outputs on labelled rows, taken in part by part. Sums are in float64; losses are computed from
 * the raw outputs, so that a probability that rounds to 0 or 1 does no harm. Where several hosts have rows, sums are taken
 * over all of them, and the area under the curve is that of all scores.
 */

import { ClientError, type Communicator } from '@algo/contract';
import { createGrowingArray } from '@algo/numerics';
import type { Scaling, Task } from '../network/definition.js';
import { areaUnderCurve } from './auc.js';
import type { MetricName } from './metrics.js';

export interface ScorerOptions {
  readonly task: Task;
  readonly outputCount: number;
  /** [outputs] of a regression: its errors are in the labels' units, its loss in that of the standardized ones. */
  readonly outputScaling: Scaling | undefined;
  /** [classes] how much the loss of each counts. Other metrics are without it. */
  readonly classWeights: Float64Array | undefined;
}

/** Labelled rows as windows have them. */
export interface ScoredRows {
  /** [rows × outputs] standardized, or [rows] classes */
  readonly labels: ArrayLike<number>;
  /** [rows] */
  readonly weights: ArrayLike<number> | undefined;
}

export type Scores = Readonly<Partial<Record<MetricName, number>>>;

export interface Scorer {
  /**
   * @param outputs [count × outputCount] raw outputs of the head
   * @param first   row of `rows` that the first of them belongs to
   */
  add(outputs: Float32Array, rows: ScoredRows, first: number, count: number): void;
  /**
   * Those of the task; NaN where the rows define none, such as auc of rows of one class.
   * @param hosts whose rows count together: all of them call it
   */
  scores(hosts: Communicator): Scores;
}

export function createScorer(options: ScorerOptions): Scorer {
  switch (options.task) {
    case 'regression':
      return scoreNumbers(options);
    case 'binary':
      return scoreTwoClasses(options);
    case 'multiclass':
      return scoreClasses(options);
  }
}

// --- internal ---

function scoreNumbers({ outputCount, outputScaling }: ScorerOptions): Scorer {
  let [loss, squares, distances, total] = [0, 0, 0, 0];
  return {
    add(outputs, { labels, weights }, first, count) {
      for (let row = 0; row < count; row++) {
        const weight = (weights ? weights[first + row]! : 1) / outputCount;
        for (let output = 0; output < outputCount; output++) {
          const error = outputs[row * outputCount + output]! - labels[(first + row) * outputCount + output]!;
          const distance = error * (outputScaling ? outputScaling.deviations[output]! : 1);
          loss += weight * error * error;
          squares += weight * distance * distance;
          distances += weight * Math.abs(distance);
        }
        total += weight * outputCount;
      }
    },
    scores(hosts) {
      const [ofLoss, ofSquares, ofDistances, all] = summed(hosts, [loss, squares, distances, total]);
      return { loss: ofLoss / all, rmse: Math.sqrt(ofSquares / all), mae: ofDistances / all };
    },
  };
}

function scoreTwoClasses({ classWeights }: ScorerOptions): Scorer {
  const scores = createGrowingArray(Float32Array);
  const kept = createGrowingArray(Float32Array);
  const keptWeights = createGrowingArray(Float64Array);
  let [loss, lossTotal, right, total] = [0, 0, 0, 0];
  return {
    add(outputs, { labels, weights }, first, count) {
      for (let row = 0; row < count; row++) {
        const logit = outputs[row]!;
        const label = labels[first + row]!;
        const weight = weights ? weights[first + row]! : 1;
        const lossWeight = weight * (classWeights ? classWeights[label]! : 1);
        loss += lossWeight * (Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit))));
        lossTotal += lossWeight;
        if (Number(logit > 0) === label) right += weight;
        total += weight;
        kept.push(label);
        if (weights) keptWeights.push(weight);
      }
      scores.add(outputs.subarray(0, count));
    },
    scores: (hosts) => ({
      ...lossAndAccuracy(hosts, [loss, lossTotal, right, total]),
      auc: curveOfAll(hosts, scores.values(), kept.values(), keptWeights.values()),
    }),
  };
}

function scoreClasses({ outputCount, classWeights }: ScorerOptions): Scorer {
  let [loss, lossTotal, right, total] = [0, 0, 0, 0];
  return {
    add(outputs, { labels, weights }, first, count) {
      for (let row = 0; row < count; row++) {
        const own = outputs.subarray(row * outputCount, (row + 1) * outputCount);
        const label = labels[first + row]!;
        const weight = weights ? weights[first + row]! : 1;
        const lossWeight = weight * (classWeights ? classWeights[label]! : 1);
        const likeliest = indexOfLargest(own);
        let sum = 0;
        for (const logit of own) sum += Math.exp(logit - own[likeliest]!);
        loss += lossWeight * (Math.log(sum) + own[likeliest]! - own[label]!);
        lossTotal += lossWeight;
        if (likeliest === label) right += weight;
        total += weight;
      }
    },
    scores: (hosts) => lossAndAccuracy(hosts, [loss, lossTotal, right, total]),
  };
}

/** The first of the largest. */
function indexOfLargest(values: Float32Array): number {
  let largest = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! > values[largest]!) largest = index;
  return largest;
}

type FourNumbers = readonly [number, number, number, number];

/** Each number summed over the hosts. */
function summed(hosts: Communicator, own: FourNumbers): FourNumbers {
  const sums = Float64Array.from(own);
  hosts.sum(sums);
  return [sums[0]!, sums[1]!, sums[2]!, sums[3]!];
}

/** @param own loss and its weight, weight of the right rows and of all */
function lossAndAccuracy(hosts: Communicator, own: FourNumbers) {
  const [loss, lossTotal, right, total] = summed(hosts, own);
  return { loss: loss / lossTotal, accuracy: right / total };
}

/** @param weights [rows], or none for 1 each */
function curveOfAll(hosts: Communicator, scores: Float32Array, labels: Float32Array, weights: Float64Array): number {
  requireNumbered(hosts, scores.length);
  const isWeighted = hosts.any(weights.length > 0);
  const own = isWeighted && weights.length === 0 ? new Float64Array(scores.length).fill(1) : weights;
  return areaUnderCurve(
    joined(hosts.gather(scores), Float32Array),
    joined(hosts.gather(labels), Float32Array),
    isWeighted ? joined(hosts.gather(own), Float64Array) : undefined,
  );
}

/** Rows are ordered by numbers of 32 bits. @param own scores of this host */
function requireNumbered(hosts: Communicator, own: number): void {
  const count = Float64Array.of(own);
  hosts.sum(count);
  if (count[0]! < MOST_SCORES) return;
  throw new ClientError(
    'E_DATA_ROWS',
    `The area under the curve of all hosts is of at most ${MOST_SCORES - 1} rows; received ${count[0]}. Use fewer rows.`,
  );
}

const MOST_SCORES = 2 ** 32;

/** One after the other. */
function joined<A extends Float32Array | Float64Array>(parts: readonly A[], Values: new (length: number) => A): A {
  if (parts.length === 1) return parts[0]!;
  const all = new Values(parts.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}
