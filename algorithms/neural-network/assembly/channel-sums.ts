/**
 * Sums over rows by channel, as batch normalization needs them, eight channels side by side or the few that are left.
 */
import { madd } from './elementary';
import { loadUpTo, storeUpTo } from './lanes';

/** Mean and squared deviations of eight channels side by side, the latter a row of channels behind. */
export function sumEight(from: usize, rowBytes: usize, count: usize, to: usize): void {
  const share = f32x4.splat(1 / <f32>count);
  const end = from + count * rowBytes;
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  for (let p = from; p < end; p += rowBytes) {
    sum0 = f32x4.add(sum0, v128.load(p));
    sum1 = f32x4.add(sum1, v128.load(p, 16));
  }
  const mean0 = f32x4.mul(sum0, share);
  const mean1 = f32x4.mul(sum1, share);
  let squares0 = f32x4.splat(0);
  let squares1 = squares0;
  let rest0 = squares0;
  let rest1 = squares0;
  for (let p = from; p < end; p += rowBytes) {
    const difference0 = f32x4.sub(v128.load(p), mean0);
    const difference1 = f32x4.sub(v128.load(p, 16), mean1);
    rest0 = f32x4.add(rest0, difference0);
    rest1 = f32x4.add(rest1, difference1);
    squares0 = madd(difference0, difference0, squares0);
    squares1 = madd(difference1, difference1, squares1);
  }
  storeMoments(to, rowBytes, mean0, squares0, rest0, share, 4);
  storeMoments(to + 16, rowBytes, mean1, squares1, rest1, share, 4);
}

/** The same of 1 … 4 channels. */
export function sumFew(from: usize, rowBytes: usize, count: usize, to: usize, channels: usize): void {
  const share = f32x4.splat(1 / <f32>count);
  const end = from + count * rowBytes;
  let sum = f32x4.splat(0);
  for (let p = from; p < end; p += rowBytes) sum = f32x4.add(sum, loadUpTo(p, channels));
  const mean = f32x4.mul(sum, share);
  let squares = f32x4.splat(0);
  let rest = f32x4.splat(0);
  for (let p = from; p < end; p += rowBytes) {
    const difference = f32x4.sub(loadUpTo(p, channels), mean);
    rest = f32x4.add(rest, difference);
    squares = madd(difference, difference, squares);
  }
  storeMoments(to, rowBytes, mean, squares, rest, share, channels);
}

/** Σ g and Σ g·(x − mean) of eight channels side by side. @param distance from a gradient to its input */
export function sumEightBack(from: usize, distance: usize, rowBytes: usize, count: usize, means: usize, to: usize): void {
  const end = from + count * rowBytes;
  const mean0 = v128.load(means);
  const mean1 = v128.load(means, 16);
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let weighted0 = sum0;
  let weighted1 = sum0;
  for (let p = from; p < end; p += rowBytes) {
    const g0 = v128.load(p);
    const g1 = v128.load(p, 16);
    sum0 = f32x4.add(sum0, g0);
    sum1 = f32x4.add(sum1, g1);
    weighted0 = madd(g0, f32x4.sub(v128.load(p + distance), mean0), weighted0);
    weighted1 = madd(g1, f32x4.sub(v128.load(p + distance, 16), mean1), weighted1);
  }
  v128.store(to, sum0);
  v128.store(to, sum1, 16);
  v128.store(to + rowBytes, weighted0);
  v128.store(to + rowBytes, weighted1, 16);
}

/** The same of 1 … 4 channels. */
export function sumFewBack(
  from: usize,
  distance: usize,
  rowBytes: usize,
  count: usize,
  means: usize,
  to: usize,
  channels: usize,
): void {
  const end = from + count * rowBytes;
  const mean = loadUpTo(means, channels);
  let sum = f32x4.splat(0);
  let weighted = f32x4.splat(0);
  for (let p = from; p < end; p += rowBytes) {
    const gradient = loadUpTo(p, channels);
    sum = f32x4.add(sum, gradient);
    weighted = madd(gradient, f32x4.sub(loadUpTo(p + distance, channels), mean), weighted);
  }
  storeUpTo(to, sum, channels);
  storeUpTo(to + rowBytes, weighted, channels);
}

// --- internal ---

/** What the rounding of the sum left over, `rest`, makes the mean, and the squares about it, exact. */
@inline
function storeMoments(
  to: usize,
  rowBytes: usize,
  mean: v128,
  squares: v128,
  rest: v128,
  share: v128,
  channels: usize,
): void {
  const correction = f32x4.mul(rest, share);
  storeUpTo(to, f32x4.add(mean, correction), channels);
  storeUpTo(to + rowBytes, f32x4.sub(squares, f32x4.mul(rest, correction)), channels);
}
