/**
 * Softmax of rows of logits, and its parts, which the loss shares: the largest is taken off first, so that exponentials
 * are of numbers ≤ 0 only and their sum is at least 1.
 */
import { constants } from './constants';
import { exponential } from './elementary';
import { laneOf, laneSum, loadFew, storeFew } from './lanes';

/** Probabilities of all classes from logits. */
export function softmaxRows(outputs: usize, result: usize, rows: usize, columns: usize): void {
  const bytes = columns << 2;
  for (let row: usize = 0; row < rows; row++) {
    const sum = exponentials(outputs, result, columns, largest(outputs, columns));
    divide(result, columns, <f32>sum);
    outputs += bytes;
    result += bytes;
  }
}

/** The largest of `count` (≥ 1) values. */
export function largest(values: usize, count: usize): f32 {
  let top = load<f32>(values);
  const end = values + (count << 2);
  for (let p = values + 4; p < end; p += 4) top = max(top, load<f32>(p));
  return top;
}

/** e^(value − top) of each into `result`; returns their sum. */
export function exponentials(values: usize, result: usize, count: usize, top: f32): f64 {
  const t = constants();
  const shift = f32x4.splat(top);
  const few = count & 3;
  const end = values + ((count - few) << 2);
  let sum: f64 = 0;
  for (; values < end; values += 16, result += 16) {
    const e = exponential(f32x4.sub(v128.load(values), shift), t);
    v128.store(result, e);
    sum += laneSum(e);
  }
  if (few) {
    const e = exponential(f32x4.sub(loadFew(values, few), shift), t);
    storeFew(result, e, few);
    for (let lane: usize = 0; lane < few; lane++) sum += <f64>laneOf(e, lane);
  }
  return sum;
}

/** Multiplies `count` values in place. */
export function multiply(values: usize, count: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  const few = count & 3;
  const end = values + ((count - few) << 2);
  for (; values < end; values += 16) v128.store(values, f32x4.mul(v128.load(values), factors));
  if (few) storeFew(values, f32x4.mul(loadFew(values, few), factors), few);
}

// --- internal ---

function divide(values: usize, count: usize, divisor: f32): void {
  const divisors = f32x4.splat(divisor);
  const few = count & 3;
  const end = values + ((count - few) << 2);
  for (; values < end; values += 16) v128.store(values, f32x4.div(v128.load(values), divisors));
  if (few) storeFew(values, f32x4.div(loadFew(values, few), divisors), few);
}
