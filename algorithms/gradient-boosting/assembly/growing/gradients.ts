/**
 * Gradients of the common losses, in float32 as XGBoost has them, and the largest magnitudes of any loss's gradients.
 *
 * The largest magnitudes set the grid on which a tree's gradients are rounded (prepare.ts): multiples of one power of
 * two, so small in number that every float64 sum over them is exact. Sums of exact numbers do not depend on their
 * order, therefore neither on the number of threads; and a sibling's histogram is exactly parent − child. Where one grid
 * is too coarse for some rows, a second and finer one takes what it leaves (limbs.ts).
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { real, takeTask, taskAddress, word } from '../memory';

/** XGBoost's floor of the hessian of logistic and softmax losses. */
const LEAST_HESSIAN: f32 = 1e-16;

/** GRADIENTS: a task is a range of rows. */
export function computeGradients(thread: i32): void {
  const loss = load<i32>(Layout.LOSS);
  const groups = word(Layout.GROUPS);
  const maxima = word(Layout.MAXIMA) + ((<usize>thread) << 4);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const begin = word(range + Records.RANGE_BEGIN);
    const end = word(range + Records.RANGE_END);
    if (loss == Layout.LOSS_SQUARED_ERROR) squaredError(begin, end);
    else if (loss == Layout.LOSS_LOGISTIC) logistic(begin, end);
    else if (loss == Layout.LOSS_SOFTMAX) softmax(begin, end, groups);
    takeMaxima(word(Layout.RAW_GRADIENTS) + begin * groups * 8, word(Layout.RAW_GRADIENTS) + end * groups * 8, maxima);
  }
}

function takeMaxima(from: usize, to: usize, maxima: usize): void {
  let largest = f32x4.splat(0);
  let check = f32x4.splat(0);
  let p = from;
  for (; p + 16 <= to; p += 16) {
    const pairs = v128.load(p);
    largest = f32x4.pmax(largest, f32x4.abs(pairs));
    check = f32x4.add(check, f32x4.mul(pairs, f32x4.splat(0))); // NaN from the first NaN or infinity on
  }
  if (p < to) {
    const pair = v128.load64_zero(p);
    largest = f32x4.pmax(largest, f32x4.abs(pair));
    check = f32x4.add(check, f32x4.mul(pair, f32x4.splat(0)));
  }
  largest = f32x4.add(largest, check);
  const gradient = max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 2));
  const hessian = max(f32x4.extract_lane(largest, 1), f32x4.extract_lane(largest, 3));
  store<f64>(maxima, max(load<f64>(maxima), <f64>gradient));
  store<f64>(maxima, max(load<f64>(maxima, 8), <f64>hessian), 8);
}

@inline
function weightOf(weights: usize, row: usize): f32 {
  return weights ? load<f32>(weights + (row << 2)) : 1;
}

/** g = (margin − label)·weight, h = weight. */
function squaredError(begin: usize, end: usize): void {
  const groups = word(Layout.GROUPS);
  const margins = word(Layout.MARGINS);
  const labels = word(Layout.LABELS);
  const weights = word(Layout.WEIGHTS);
  const positive = <f32>real(Layout.SCALE_POSITIVE);
  let out = word(Layout.RAW_GRADIENTS) + begin * groups * 8;
  for (let row = begin; row < end; row++) {
    for (let group: usize = 0; group < groups; group++) {
      const label = load<f32>(labels + ((row * groups + group) << 2));
      const weight = label == 1 ? weightOf(weights, row) * positive : weightOf(weights, row);
      store<f32>(out, (load<f32>(margins + ((row * groups + group) << 2)) - label) * weight);
      store<f32>(out, weight, 4);
      out += 8;
    }
  }
}

/** g = (p − label)·weight, h = p(1 − p)·weight with p = 1 / (1 + e^−margin); four rows at a time. */
function logistic(begin: usize, end: usize): void {
  const margins = word(Layout.MARGINS);
  const labels = word(Layout.LABELS);
  const weights = word(Layout.WEIGHTS);
  const out = word(Layout.RAW_GRADIENTS);
  const one = f32x4.splat(1);
  const positive = f32x4.splat(<f32>real(Layout.SCALE_POSITIVE));
  for (let row = begin; row < end; row += 4) {
    // The arrays are padded to whole vectors; the last stores of a range are cut below.
    const offset = row << 2;
    const label = v128.load(labels + offset);
    const p = sigmoid(v128.load(margins + offset));
    let weight = weights ? v128.load(weights + offset) : one;
    weight = v128.bitselect(f32x4.mul(weight, positive), weight, f32x4.eq(label, one));
    const g = f32x4.mul(f32x4.sub(p, label), weight);
    const curvature = f32x4.pmax(f32x4.mul(p, f32x4.sub(one, p)), f32x4.splat(LEAST_HESSIAN));
    const h = f32x4.mul(curvature, weight);
    const low = v128.shuffle<f32>(g, h, 0, 4, 1, 5);
    const high = v128.shuffle<f32>(g, h, 2, 6, 3, 7);
    const target = out + (row << 3);
    const left = end - row;
    if (left >= 4) {
      v128.store(target, low);
      v128.store(target, high, 16);
    } else {
      v128.store64_lane(target, low, 0);
      if (left > 1) v128.store64_lane(target, low, 1, 8);
      if (left > 2) v128.store64_lane(target, high, 0, 16);
    }
  }
}

/** g = (p_k − [label = k])·weight, h = 2p_k(1 − p_k)·weight with p the softmax of the row's margins. */
function softmax(begin: usize, end: usize, groups: usize): void {
  const labels = word(Layout.LABELS);
  const weights = word(Layout.WEIGHTS);
  const rowBytes = groups << 2;
  let margins = word(Layout.MARGINS) + begin * rowBytes;
  let out = word(Layout.RAW_GRADIENTS) + begin * groups * 8;
  for (let row = begin; row < end; row++) {
    const label = <usize>load<f32>(labels + (row << 2));
    const weight = weightOf(weights, row);
    let largest = load<f32>(margins);
    for (let k: usize = 4; k < rowBytes; k += 4) largest = max(largest, load<f32>(margins + k));
    // The exponentials wait in the gradients' place until their sum is known.
    let sum: f64 = 0;
    let k: usize = 0;
    for (; k + 16 <= rowBytes; k += 16) {
      const e = exponential(f32x4.sub(v128.load(margins + k), f32x4.splat(largest)));
      store<f32>(out + 2 * k, f32x4.extract_lane(e, 0));
      store<f32>(out + 2 * k, f32x4.extract_lane(e, 1), 8);
      store<f32>(out + 2 * k, f32x4.extract_lane(e, 2), 16);
      store<f32>(out + 2 * k, f32x4.extract_lane(e, 3), 24);
    }
    if (k < rowBytes) {
      const e = exponential(f32x4.sub(v128.load(margins + k), f32x4.splat(largest)));
      store<f32>(out + 2 * k, f32x4.extract_lane(e, 0));
      if (k + 4 < rowBytes) store<f32>(out + 2 * k, f32x4.extract_lane(e, 1), 8);
      if (k + 8 < rowBytes) store<f32>(out + 2 * k, f32x4.extract_lane(e, 2), 16);
    }
    for (k = 0; k < rowBytes; k += 4) sum += <f64>load<f32>(out + 2 * k);
    const scale = <f32>sum;
    for (let group: usize = 0; group < groups; group++) {
      const p = load<f32>(out + group * 8) / scale;
      store<f32>(out + group * 8, (group == label ? p - 1 : p) * weight);
      store<f32>(out + group * 8, max<f32>(2 * p * (1 - p), LEAST_HESSIAN) * weight, 4);
    }
    margins += rowBytes;
    out += groups * 8;
  }
}

@inline
function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

/**
 * e^x in float32 within 2 units in the last place: x = n·ln 2 + r with |r| ≤ ln 2 / 2, then a polynomial in r.
 * Arguments are held within −87 … 88, where neither end overflows; NaN stays. Coefficients: Cephes expf.
 */
@inline
function exponential(x: v128): v128 {
  x = f32x4.pmin(f32x4.splat(88), f32x4.pmax(f32x4.splat(-87), x));
  // Adding 1.5 · 2^23 rounds to an integer and leaves it in the low bits.
  const magic = f32x4.splat(12582912);
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504)), magic);
  const n = f32x4.sub(shifted, magic);
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}
