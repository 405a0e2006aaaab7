/**
 * Operations that treat every float32 by itself, over pieces of a tensor that threads share: activations, their slopes,
 * softmax by rows, and dropout.
 *
 * Dropout's bits are a hash of the position (src/network/dropout-mask.ts has the same in JavaScript).
 */
import { closePhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { activateRange, slopeRange } from './activations';
import { all, constants, SIGN } from './constants';
import { loadUpTo, storeUpTo } from './lanes';
import { softmaxRows } from './softmax';
import { argument, realArgument, setArgument, setRealArgument } from './arguments';
import { Command } from './commands';

/** Values of a task: a multiple of four, so that only the last one has a rest. */
const PIECE: usize = 8192;
const LARGE: usize = 32768;

const WEYL: i32 = 0x9e3779b1;

/** activation(input) of `count` values; `output` may be the input's place. */
export function activate(input: usize, output: usize, count: usize, activation: i32): void {
  setArgument(0, input);
  setArgument(1, output);
  setArgument(2, count);
  setArgument(3, activation);
  openPhase(Command.ACTIVATE, <i32>((count + PIECE - 1) / PIECE), count >= LARGE);
  activateTasks();
  closePhase();
}

/** gradient · slope of `count` values. @param input read for gelu and swish only, @param output for the others */
export function activateBack(
  input: usize,
  output: usize,
  gradient: usize,
  result: usize,
  count: usize,
  activation: i32,
): void {
  setArgument(0, input);
  setArgument(1, output);
  setArgument(2, gradient);
  setArgument(3, result);
  setArgument(4, count);
  setArgument(5, activation);
  openPhase(Command.SLOPES, <i32>((count + PIECE - 1) / PIECE), count >= LARGE);
  slopeTasks();
  closePhase();
}

/** Probabilities from logits [rows × columns]. */
export function softmax(input: usize, output: usize, rows: usize, columns: usize): void {
  setArgument(0, input);
  setArgument(1, output);
  setArgument(2, rows);
  setArgument(3, columns);
  const step = max<usize>(1, PIECE / columns);
  setArgument(4, step);
  openPhase(Command.SOFTMAX_ROWS, <i32>((rows + step - 1) / step), rows * columns >= LARGE);
  softmaxTasks();
  closePhase();
}

/**
 * 0 where the hash of the position is below `threshold`, else input · scale.
 * @param key, threshold of dropout-mask.ts
 */
export function dropout(input: usize, output: usize, count: usize, key: i32, threshold: u32, scale: f32): void {
  setArgument(0, input);
  setArgument(1, output);
  setArgument(2, count);
  setArgument(3, key);
  // With the sign's bits turned over, signed numbers compare as unsigned ones do.
  setArgument(4, threshold ^ 0x80000000);
  setRealArgument(5, scale);
  setArgument(6, 0x85ebca6b);
  setArgument(7, 0xc2b2ae35);
  openPhase(Command.DROPOUT, <i32>((count + PIECE - 1) / PIECE), count >= LARGE);
  dropoutTasks();
  closePhase();
}

/** ACTIVATE: a task is a piece. */
export function activateTasks(): void {
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * PIECE;
    const count = min(PIECE, argument(2) - first);
    activateRange(argument(0) + (first << 2), argument(1) + (first << 2), count, <i32>argument(3));
  }
}

/** SLOPES: a task is a piece. */
export function slopeTasks(): void {
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * PIECE;
    const at = first << 2;
    const count = min(PIECE, argument(4) - first);
    slopeRange(argument(0) + at, argument(1) + at, argument(2) + at, argument(3) + at, count, <i32>argument(5));
  }
}

/** SOFTMAX_ROWS: a task is some rows. */
export function softmaxTasks(): void {
  const columns = argument(3);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * argument(4);
    const at = (first * columns) << 2;
    softmaxRows(argument(0) + at, argument(1) + at, min(argument(4), argument(2) - first), columns);
  }
}

/** DROPOUT: a task is a piece. */
export function dropoutTasks(): void {
  const threshold = i32x4.splat(<i32>argument(4));
  const scale = f32x4.splat(realArgument(5));
  const multiplier1 = i32x4.splat(<i32>argument(6));
  const multiplier2 = i32x4.splat(<i32>argument(7));
  const sign = all(constants(), SIGN);
  const step = i32x4.splat(4 * WEYL);
  const stride = i32x4.splat(8 * WEYL);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * PIECE;
    let from = argument(0) + (first << 2);
    let to = argument(1) + (first << 2);
    const end = from + (min(PIECE, argument(2) - first) << 2);
    let bits0 = i32x4.add(i32x4.splat(<i32>first * WEYL + <i32>argument(3)), i32x4(0, WEYL, 2 * WEYL, 3 * WEYL));
    let bits1 = i32x4.add(bits0, step);
    // Two vectors per step, stored after both are computed: V8 joins them where the processor's registers are as wide.
    for (; from + 32 <= end; from += 32, to += 32) {
      const isDropped0 = i32x4.gt_s(threshold, v128.xor(mixed(bits0, multiplier1, multiplier2), sign));
      const isDropped1 = i32x4.gt_s(threshold, v128.xor(mixed(bits1, multiplier1, multiplier2), sign));
      const y0 = v128.andnot(f32x4.mul(v128.load(from), scale), isDropped0);
      const y1 = v128.andnot(f32x4.mul(v128.load(from, 16), scale), isDropped1);
      v128.store(to, y0);
      v128.store(to, y1, 16);
      bits0 = i32x4.add(bits0, stride);
      bits1 = i32x4.add(bits1, stride);
    }
    for (; from < end; from += 16, to += 16) {
      const few = min<usize>(4, (end - from) >> 2);
      const isDropped = i32x4.gt_s(threshold, v128.xor(mixed(bits0, multiplier1, multiplier2), sign));
      storeUpTo(to, v128.andnot(f32x4.mul(loadUpTo(from, few), scale), isDropped), few);
      bits0 = bits1;
    }
  }
}

// --- internal ---

/** MurmurHash3's finalizer. */
@inline
function mixed(bits: v128, multiplier1: v128, multiplier2: v128): v128 {
  let hash = v128.xor(bits, i32x4.shr_u(bits, 16));
  hash = i32x4.mul(hash, multiplier1);
  hash = v128.xor(hash, i32x4.shr_u(hash, 13));
  hash = i32x4.mul(hash, multiplier2);
  return v128.xor(hash, i32x4.shr_u(hash, 16));
}
