/**
 * Gradients of batch normalization (normalization.ts), in two halves: sums over the rows, then one pass with factors that follow
 * from them. Of a batch that several hosts have, each sums up its own rows, and the second half takes the sums of all.
 */
import { closePhase, openPhase } from '@algo/numerics/assembly/threads';
import { setArgument } from './arguments';
import { Command } from './commands';
import { LARGE, normalizeChunksBack, setRows, sumChannelsBack } from './normalization-tasks';
import * as Tasks from './normalization-tasks';

/**
 * The gradients of gamma and beta: Σ g·x̂ and Σ g, with x̂ = (x − mean) ÷ σ.
 * @param partials room for [128 × 2 × channels] f32
 */
export function normalizationSums(
  input: usize,
  gradient: usize,
  mean: usize,
  inverse: usize,
  gammaGradient: usize,
  betaGradient: usize,
  partials: usize,
  rows: usize,
  channels: usize,
): void {
  const step = setRows(input, rows, channels);
  const chunks = (rows + step - 1) / step;
  setArgument(Tasks.GRADIENT, gradient);
  setArgument(Tasks.PARTIALS, partials);
  setArgument(Tasks.MEAN, mean);
  openPhase(Command.SUM_CHANNELS_BACK, <i32>chunks, rows * channels >= LARGE);
  sumChannelsBack();
  closePhase();
  for (let channel: usize = 0; channel < channels; channel++) {
    const at = channel << 2;
    const weighted = joined(partials + ((channels + channel) << 2), chunks, channels);
    store<f32>(betaGradient + at, <f32>joined(partials + at, chunks, channels));
    store<f32>(gammaGradient + at, <f32>(weighted * <f64>load<f32>(inverse + at)));
  }
}

/**
 * The input's gradient: γ ÷ (σ·count) · (count·g − Σ g − x̂·Σ g·x̂).
 * @param gammaSums, betaSums [channels] each: Σ g·x̂ and Σ g over `count` rows
 * @param factors room for [3 × channels] f32
 */
export function normalizationGradient(
  input: usize,
  gradient: usize,
  gamma: usize,
  mean: usize,
  inverse: usize,
  gammaSums: usize,
  betaSums: usize,
  inputGradient: usize,
  factors: usize,
  rows: usize,
  channels: usize,
  count: f64,
): void {
  for (let channel: usize = 0; channel < channels; channel++) {
    const at = channel << 2;
    const inverseDeviation = <f64>load<f32>(inverse + at);
    const scale = <f64>load<f32>(gamma + at) * inverseDeviation;
    const weighted = inverseDeviation * <f64>load<f32>(gammaSums + at);
    store<f32>(factors + at, <f32>scale);
    store<f32>(factors + ((channels + channel) << 2), <f32>((-scale * weighted) / count));
    store<f32>(factors + ((2 * channels + channel) << 2), <f32>((-scale * <f64>load<f32>(betaSums + at)) / count));
  }
  const step = setRows(input, rows, channels);
  setArgument(Tasks.GRADIENT, gradient);
  setArgument(Tasks.MEAN, mean);
  setArgument(Tasks.OUTPUT, inputGradient);
  setArgument(Tasks.FACTORS, factors);
  openPhase(Command.NORMALIZE_BACK, <i32>((rows + step - 1) / step), rows * channels >= LARGE);
  normalizeChunksBack();
  closePhase();
}

// --- internal ---

/** The sum of one number of every chunk. */
@inline
function joined(part: usize, chunks: usize, channels: usize): f64 {
  let sum: f64 = 0;
  for (let chunk: usize = 0; chunk < chunks; chunk++) sum += <f64>load<f32>(part + ((chunk * channels) << 3));
  return sum;
}
