/**
 * Batch normalization over [rows × channels]; normalization-back.ts has its gradients.
 *
 * Statistics: each chunk of rows leaves a mean and a sum of squared deviations from it by channel, which are joined in
 * float64 in the chunks' order (Chan, Golub & LeVeque 1979), so that the number of threads never matters and no digits
 * are lost when a mean is large. Both directions then come down to one pass with factors by channel:
 *
 *   output         = x·scale + shift
 *   inputGradient  = g·a + (x − mean)·b + c
 */
import { closePhase, openPhase } from '@algo/numerics/assembly/threads';
import { setArgument } from './arguments';
import { Command } from './commands';
import { LARGE, normalizeChunks, setRows, sumChannels } from './normalization-tasks';
import * as Tasks from './normalization-tasks';

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
    const shift = <f64>load<f32>(beta + at) - <f64>load<f32>(mean + at) * scale;
    store<f32>(factors + ((channels + channel) << 2), <f32>shift);
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
  const step = setRows(input, rows, channels);
  const chunks = (rows + step - 1) / step;
  setArgument(Tasks.PARTIALS, partials);
  openPhase(Command.SUM_CHANNELS, <i32>chunks, rows * channels >= LARGE);
  sumChannels();
  closePhase();
  const partBytes = channels << 3;
  for (let channel: usize = 0; channel < channels; channel++) {
    const at = channel << 2;
    const parts = partials + at;
    const last = <f64>(rows - (chunks - 1) * step);
    let sum: f64 = 0;
    for (let chunk: usize = 0; chunk < chunks; chunk++) {
      sum += <f64>load<f32>(parts + chunk * partBytes) * (chunk + 1 < chunks ? <f64>step : last);
    }
    const average = sum / <f64>rows;
    let squares: f64 = 0;
    for (let chunk: usize = 0; chunk < chunks; chunk++) {
      const part = parts + chunk * partBytes;
      const difference = <f64>load<f32>(part) - average;
      const size = chunk + 1 < chunks ? <f64>step : last;
      squares += <f64>load<f32>(part + (channels << 2)) + difference * difference * size;
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

// --- internal ---

function scaleRows(input: usize, output: usize, factors: usize, rows: usize, channels: usize): void {
  const step = setRows(input, rows, channels);
  setArgument(Tasks.OUTPUT, output);
  setArgument(Tasks.FACTORS, factors);
  openPhase(Command.NORMALIZE, <i32>((rows + step - 1) / step), rows * channels >= LARGE);
  normalizeChunks();
  closePhase();
}
