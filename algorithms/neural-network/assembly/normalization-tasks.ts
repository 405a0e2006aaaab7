/**
 * What threads do for batch normalization (normalization.ts): chunks of rows, summed by channel or normalized.
 */
import { takeTask } from '@algo/numerics/assembly/threads';
import { sumEight, sumEightBack, sumFew, sumFewBack } from './channel-sums';
import { madd } from './elementary';
import { loadFew, loadUpTo, storeFew } from './lanes';
import { argument, setArgument } from './arguments';

// Arguments of the commands.
export const INPUT = 0;
export const OUTPUT = 1;
export const GRADIENT = 2;
export const PARTIALS = 3;
export const MEAN = 4;
/** [channels] f32 each: scale and shift, or a, b and c. */
export const FACTORS = 6;
export const ROWS = 7;
export const CHANNELS = 8;
export const STEP = 9;

/**
 * Minimum number of rows per chunk, and maximum number of chunks: the caller's room for partial sums is [128 × 2 ×
 * channels] f32.
 */
const CHUNK_ROWS: usize = 64;
const CHUNKS: usize = 128;
/** Values from which threads share the work. */
export const LARGE: usize = 16384;

/** The arguments of every command. @returns the rows of a chunk */
export function setRows(input: usize, rows: usize, channels: usize): usize {
  const step = max(CHUNK_ROWS, (rows + CHUNKS - 1) / CHUNKS);
  setArgument(INPUT, input);
  setArgument(ROWS, rows);
  setArgument(CHANNELS, channels);
  setArgument(STEP, step);
  return step;
}

/** SUM_CHANNELS: a task is a chunk of rows; its mean and sum of squared deviations by channel. */
export function sumChannels(): void {
  sumChunks(false);
}

/** SUM_CHANNELS_BACK: a task is a chunk of rows; its Σ g and Σ g·(x − mean) by channel. */
export function sumChannelsBack(): void {
  sumChunks(true);
}

/** NORMALIZE: a task is a chunk of rows. */
export function normalizeChunks(): void {
  const channels = argument(CHANNELS);
  const rowBytes = channels << 2;
  const scales = argument(FACTORS);
  const shifts = scales + rowBytes;
  const few = channels & 3;
  const whole = rowBytes - (few << 2);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * argument(STEP);
    let input = argument(INPUT) + first * rowBytes;
    let output = argument(OUTPUT) + first * rowBytes;
    const end = argument(INPUT) + min(argument(ROWS), first + argument(STEP)) * rowBytes;
    for (; input < end; input += rowBytes, output += rowBytes) {
      let at: usize = 0;
      for (; at + 32 <= whole; at += 32) {
        const y0 = madd(v128.load(input + at), v128.load(scales + at), v128.load(shifts + at));
        const y1 = madd(v128.load(input + at, 16), v128.load(scales + at, 16), v128.load(shifts + at, 16));
        v128.store(output + at, y0);
        v128.store(output + at, y1, 16);
      }
      if (at < whole) {
        v128.store(output + at, madd(v128.load(input + at), v128.load(scales + at), v128.load(shifts + at)));
      }
      if (few) {
        const values = madd(loadFew(input + whole, few), loadFew(scales + whole, few), loadFew(shifts + whole, few));
        storeFew(output + whole, values, few);
      }
    }
  }
}

/** NORMALIZE_BACK: a task is a chunk of rows. */
export function normalizeChunksBack(): void {
  const channels = argument(CHANNELS);
  const rowBytes = channels << 2;
  const means = argument(MEAN);
  const factors = argument(FACTORS);
  const few = channels & 3;
  const whole = rowBytes - (few << 2);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * argument(STEP);
    let input = argument(INPUT) + first * rowBytes;
    let gradient = argument(GRADIENT) + first * rowBytes;
    let output = argument(OUTPUT) + first * rowBytes;
    const end = argument(INPUT) + min(argument(ROWS), first + argument(STEP)) * rowBytes;
    for (; input < end; input += rowBytes, gradient += rowBytes, output += rowBytes) {
      let at: usize = 0;
      for (; at + 32 <= whole; at += 32) {
        const g0 = gradientAt(input + at, gradient + at, means + at, factors + at, rowBytes, 4);
        const g1 = gradientAt(input + at + 16, gradient + at + 16, means + at + 16, factors + at + 16, rowBytes, 4);
        v128.store(output + at, g0);
        v128.store(output + at, g1, 16);
      }
      if (at < whole) {
        v128.store(output + at, gradientAt(input + at, gradient + at, means + at, factors + at, rowBytes, 4));
        at += 16;
      }
      if (few) {
        const last = gradientAt(input + at, gradient + at, means + at, factors + at, rowBytes, few);
        storeFew(output + at, last, few);
      }
    }
  }
}

// --- internal ---

@inline
function sumChunks(isBack: bool): void {
  const channels = argument(CHANNELS);
  const rowBytes = channels << 2;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * argument(STEP);
    const count = min(argument(ROWS), first + argument(STEP)) - first;
    const distance: usize = isBack ? argument(INPUT) - argument(GRADIENT) : 0;
    const rows = argument(isBack ? GRADIENT : INPUT) + first * rowBytes;
    const sums = argument(PARTIALS) + <usize>task * 2 * rowBytes;
    let channel: usize = 0;
    for (; channel + 8 <= channels; channel += 8) {
      const at = channel << 2;
      if (isBack) sumEightBack(rows + at, distance, rowBytes, count, argument(MEAN) + at, sums + at);
      else sumEight(rows + at, rowBytes, count, sums + at);
    }
    for (; channel < channels; channel += 4) {
      const at = channel << 2;
      const few = min<usize>(4, channels - channel);
      if (isBack) sumFewBack(rows + at, distance, rowBytes, count, argument(MEAN) + at, sums + at, few);
      else sumFew(rows + at, rowBytes, count, sums + at, few);
    }
  }
}

/** g·a + (x − mean)·b + c of `count` (1 … 4) channels. */
@inline
function gradientAt(x: usize, g: usize, mean: usize, a: usize, rowBytes: usize, count: usize): v128 {
  const difference = f32x4.sub(loadUpTo(x, count), loadUpTo(mean, count));
  const c = madd(difference, loadUpTo(a + rowBytes, count), loadUpTo(a + 2 * rowBytes, count));
  return madd(loadUpTo(g, count), loadUpTo(a, count), c);
}
