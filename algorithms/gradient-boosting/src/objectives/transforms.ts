/** Margins to predictions, over all rows: what the responses of the objectives are made of. */
import { largestIndex } from '@algo/contract';
import { lookAtRow } from '../engine/interruption.js';
import { type Link, SMALLEST_STEP } from './link.js';
import { exponential32, softplus } from './special-functions.js';

/** The predictions of a link, value by value. */
export function applyLink(
  link: Link,
  margins: Float32Array,
  out: Float32Array = new Float32Array(margins.length),
): Float32Array {
  for (let index = 0; index < margins.length; index++) {
    lookAtRow(index);
    out[index] = link.toPrediction(margins[index]!);
  }
  return out;
}

/** The softmax of each row of `classCount` margins. */
export function classProbabilities(
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

/** The class with the largest margin of each row. */
export function likeliestClasses(
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

/** The values of each row of `width` in ascending order: quantiles never cross. */
export function sortEachRow(
  margins: Float32Array,
  width: number,
  out: Float32Array = new Float32Array(margins.length),
): Float32Array {
  if (out !== margins) out.set(margins);
  if (width === 1) return out;
  for (let begin = 0; begin < out.length; begin += width) {
    lookAtRow(begin / width);
    for (let i = begin + 1; i < begin + width; i++) {
      const value = out[i]!;
      let place = i;
      for (; place > begin && out[place - 1]! > value; place--) out[place] = out[place - 1]!;
      out[place] = value;
    }
  }
  return out;
}

/** The first margin of each row of `count` is an expectile, each later one adds 1e-6 + softplus(margin). */
export function expectilesOfMargins(
  margins: Float32Array,
  count: number,
  out: Float32Array = new Float32Array(margins.length),
): Float32Array {
  for (let begin = 0; begin < margins.length; begin += count) {
    lookAtRow(begin / count);
    let expectile = margins[begin]!;
    out[begin] = expectile;
    for (let k = 1; k < count; k++) {
      expectile = Math.fround(expectile + SMALLEST_STEP + softplus(margins[begin + k]!));
      out[begin + k] = expectile;
    }
  }
  return out;
}

/** The margins whose expectiles are `scores`, those of one row. */
export function marginsOfExpectiles(scores: Float32Array): Float32Array {
  return scores.map((score, k) => {
    if (k === 0) return score;
    const step = Math.fround(Math.fround(score - scores[k - 1]!) - SMALLEST_STEP);
    return inverseSoftplus(Math.max(step, SMALLEST_STEP));
  });
}

// --- internal ---

/** The x whose softplus is `value`: x = value + ln(1 − e^−value), each step rounded to float32. */
function inverseSoftplus(value: number): number {
  return value + Math.fround(Math.log(-Math.fround(Math.expm1(-value))));
}
