/**
 * Batch normalization over [rows × channels].
 *
 * Statistics: each chunk of rows leaves a mean and a sum of squared deviations by channel, which are joined in float64
 * in the chunks' order (Chan, Golub & LeVeque 1979), so that the number of threads never matters and no digits are lost
 * when a mean is large. Both directions then come down to one pass with factors by channel:
 *
 *   output         = x·scale + shift
 *   inputGradient  = g·a + (x − mean)·b + c
 */
import { sumEight, sumEightBack, sumFew, sumFewBack } from './channel-sums';
import { loadFew, loadUpTo, storeFew } from './lanes';
import { madd } from './elementary';
import { argument, runPhase, setArgument, takeTask } from './pool';

// Commands.
export const NORMALIZE = 33;
export const NORMALIZE_BACK = 34;
export const SUM_CHANNELS = 35;
export const SUM_CHANNELS_BACK = 36;

/** Fewest rows of a chunk, and most chunks: the caller's room for partial sums is [128 × 2 × channels] f32. */
const CHUNK_ROWS: usize = 64;
const CHUNKS: usize = 128;
/** Values from which threads share the work. */
const LARGE: usize = 16384;

// Arguments of the commands.
const INPUT = 0;
const OUTPUT = 1;
const GRADIENT = 2;
const PARTIALS = 3;
const MEAN = 4;
const INVERSE = 5;
/** [channels] f32 each: scale and shift, or a, b and c. */
const FACTORS = 6;
const ROWS = 7;
const CHANNELS = 8;
const STEP = 9;

/** output = (input − mean) · gamma ÷ √(variance + epsilon) + beta. @param factors room for [2 × channels] f32 */
export function normalize(
  input: usize,
  output: usize,
  gamma: usize,
  beta: usize,
  mean: usize,
  variance: usize,
  factors: usize,
  rows: usize,
  channels: usize,
  epsilon: f32,
): void {
  for (let channel: usize = 0; channel < channels; channel++) {
    const at = channel << 2;
    const scale = <f64>load<f32>(gamma + at) / Math.sqrt(<f64>load<f32>(variance + at) + <f64>epsilon);
    store<f32>(factors + at, <f32>scale);
    store<f32>(factors + ((channels + channel) << 2), <f32>(<f64>load<f32>(beta + at) - <f64>load<f32>(mean + at) * scale));
  }
  scaleRows(input, output, factors, rows, channels);
}

/**
 * The same by the batch's own mean and population variance, which also move the moving statistics.
 * @param partials room for [128 × 2 × channels] f32
 * @param factors room for [2 × channels] f32
 * @param mean, inverse [channels] each: the batch's mean and 1 ÷ deviation, for the backward pass
 */
export function normalizeBatch(
  input: usize,
  output: usize,
  gamma: usize,
  beta: usize,
  movingMean: usize,
  movingVariance: usize,
  newMean: usize,
  newVariance: usize,
  mean: usize,
  inverse: usize,
  partials: usize,
  factors: usize,
  rows: usize,
  channels: usize,
  epsilon: f32,
  momentum: f64,
): void {
  const step = max(CHUNK_ROWS, (rows + CHUNKS - 1) / CHUNKS);
  const chunks = (rows + step - 1) / step;
  setArgument(INPUT, input);
  setArgument(PARTIALS, partials);
  setArgument(ROWS, rows);
  setArgument(CHANNELS, channels);
  setArgument(STEP, step);
  runPhase(SUM_CHANNELS, <i32>chunks, rows * channels >= LARGE);
  for (let channel: usize = 0; channel < channels; channel++) {
    const at = channel << 2;
    let count: f64 = 0;
    let average: f64 = 0;
    let squares: f64 = 0;
    for (let chunk: usize = 0; chunk < chunks; chunk++) {
      const part = partials + ((chunk * 2 * channels + channel) << 2);
      const size = <f64>(min(rows, (chunk + 1) * step) - chunk * step);
      const difference = <f64>load<f32>(part) - average;
      count += size;
      average += (difference * size) / count;
      squares += <f64>load<f32>(part + (channels << 2)) + (difference * difference * size * (count - size)) / count;
    }
    const variance = squares / <f64>rows;
    const inverseDeviation = 1 / Math.sqrt(variance + <f64>epsilon);
    const scale = <f64>load<f32>(gamma + at) * inverseDeviation;
    store<f32>(mean + at, <f32>average);
    store<f32>(inverse + at, <f32>inverseDeviation);
    store<f32>(newMean + at, <f32>(momentum * <f64>load<f32>(movingMean + at) + (1 - momentum) * average));
    store<f32>(newVariance + at, <f32>(momentum * <f64>load<f32>(movingVariance + at) + (1 - momentum) * variance));
    store<f32>(factors + at, <f32>scale);
    store<f32>(factors + ((channels + channel) << 2), <f32>(<f64>load<f32>(beta + at) - average * scale));
  }
  scaleRows(input, output, factors, rows, channels);
}

/**
 * Gradients of normalizeBatch: beta's is Σ g, gamma's Σ g·x̂, the input's
 * γ ÷ (σ·rows) · (rows·g − Σ g − x̂·Σ g·x̂) with x̂ = (x − mean) ÷ σ.
 * @param partials room for [128 × 2 × channels] f32
 * @param factors room for [3 × channels] f32
 */
export function normalizeBatchBack(
  input: usize,
  gradient: usize,
  gamma: usize,
  mean: usize,
  inverse: usize,
  inputGradient: usize,
  gammaGradient: usize,
  betaGradient: usize,
  partials: usize,
  factors: usize,
  rows: usize,
  channels: usize,
): void {
  const step = max(CHUNK_ROWS, (rows + CHUNKS - 1) / CHUNKS);
  const chunks = (rows + step - 1) / step;
  setArgument(INPUT, input);
  setArgument(GRADIENT, gradient);
  setArgument(PARTIALS, partials);
  setArgument(MEAN, mean);
  setArgument(ROWS, rows);
  setArgument(CHANNELS, channels);
  setArgument(STEP, step);
  runPhase(SUM_CHANNELS_BACK, <i32>chunks, rows * channels >= LARGE);
  for (let channel: usize = 0; channel < channels; channel++) {
    const at = channel << 2;
    let sum: f64 = 0;
    let weighted: f64 = 0;
    for (let chunk: usize = 0; chunk < chunks; chunk++) {
      const part = partials + ((chunk * 2 * channels + channel) << 2);
      sum += <f64>load<f32>(part);
      weighted += <f64>load<f32>(part + (channels << 2));
    }
    const inverseDeviation = <f64>load<f32>(inverse + at);
    weighted *= inverseDeviation;
    store<f32>(betaGradient + at, <f32>sum);
    store<f32>(gammaGradient + at, <f32>weighted);
    const scale = <f64>load<f32>(gamma + at) * inverseDeviation;
    store<f32>(factors + at, <f32>scale);
    store<f32>(factors + ((channels + channel) << 2), <f32>((-scale * inverseDeviation * weighted) / <f64>rows));
    store<f32>(factors + ((2 * channels + channel) << 2), <f32>((-scale * sum) / <f64>rows));
  }
  setArgument(OUTPUT, inputGradient);
  setArgument(FACTORS, factors);
  runPhase(NORMALIZE_BACK, <i32>chunks, rows * channels >= LARGE);
}

/** SUM_CHANNELS: a task is a chunk of rows; its mean and sum of squared deviations by channel. */
export function sumChannels(): void {
  const channels = argument(CHANNELS);
  const rowBytes = channels << 2;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * argument(STEP);
    const count = min(argument(ROWS), first + argument(STEP)) - first;
    const rows = argument(INPUT) + first * rowBytes;
    const sums = argument(PARTIALS) + <usize>task * 2 * rowBytes;
    let channel: usize = 0;
    for (; channel + 8 <= channels; channel += 8) {
      sumEight(rows + (channel << 2), rowBytes, count, sums + (channel << 2));
    }
    for (; channel < channels; channel += 4) {
      sumFew(rows + (channel << 2), rowBytes, count, sums + (channel << 2), min<usize>(4, channels - channel));
    }
  }
}

/** SUM_CHANNELS_BACK: a task is a chunk of rows; its Σ g and Σ g·(x − mean) by channel. */
export function sumChannelsBack(): void {
  const channels = argument(CHANNELS);
  const rowBytes = channels << 2;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * argument(STEP);
    const count = min(argument(ROWS), first + argument(STEP)) - first;
    const distance = argument(INPUT) - argument(GRADIENT);
    const rows = argument(GRADIENT) + first * rowBytes;
    const sums = argument(PARTIALS) + <usize>task * 2 * rowBytes;
    let channel: usize = 0;
    for (; channel + 8 <= channels; channel += 8) {
      const at = channel << 2;
      sumEightBack(rows + at, distance, rowBytes, count, argument(MEAN) + at, sums + at);
    }
    for (; channel < channels; channel += 4) {
      const at = channel << 2;
      sumFewBack(rows + at, distance, rowBytes, count, argument(MEAN) + at, sums + at, min<usize>(4, channels - channel));
    }
  }
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

function scaleRows(input: usize, output: usize, factors: usize, rows: usize, channels: usize): void {
  const step = max(CHUNK_ROWS, (rows + CHUNKS - 1) / CHUNKS);
  setArgument(INPUT, input);
  setArgument(OUTPUT, output);
  setArgument(FACTORS, factors);
  setArgument(ROWS, rows);
  setArgument(CHANNELS, channels);
  setArgument(STEP, step);
  runPhase(NORMALIZE, <i32>((rows + step - 1) / step), rows * channels >= LARGE);
}

/** g·a + (x − mean)·b + c of `count` (1 … 4) channels. */
@inline
function gradientAt(x: usize, g: usize, mean: usize, a: usize, rowBytes: usize, count: usize): v128 {
  const difference = f32x4.sub(loadUpTo(x, count), loadUpTo(mean, count));
  const c = madd(difference, loadUpTo(a + rowBytes, count), loadUpTo(a + 2 * rowBytes, count));
  return madd(loadUpTo(g, count), loadUpTo(a, count), c);
}
