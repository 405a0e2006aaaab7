/**
 * Gradients of batch normalization (normalization.ts), in two halves: sums over the rows, then one pass with factors that follow
 * from them. A batch that is here as a whole goes through both; of one that several hosts have, the sums are of all.
 */
import { closePhase, openPhase } from '@algo/numerics/assembly/threads';
import { setArgument } from './arguments';
import { Command } from './commands';
import { LARGE, normalizeChunksBack, setRows, sumChannelsBack } from './normalization-tasks';
import * as Tasks from './normalization-tasks';

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
  const chunks = sumRowsBack(input, gradient, mean, partials, rows, channels);
  for (let channel: usize = 0; channel < channels; channel++) {
    const at = channel << 2;
    const sum = joined(partials + at, chunks, channels);
    const weighted = joined(partials + ((channels + channel) << 2), chunks, channels) * <f64>load<f32>(inverse + at);
    store<f32>(betaGradient + at, <f32>sum);
    store<f32>(gammaGradient + at, <f32>weighted);
    setFactors(factors + at, channels, load<f32>(gamma + at), load<f32>(inverse + at), sum, weighted, <f64>rows);
  }
  backThroughRows(input, gradient, mean, inputGradient, factors, rows, channels);
}

/**
 * The first half of normalizeBatchBack, for rows of a batch whose others are elsewhere: Σ g·x̂ and Σ g.
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
  const chunks = sumRowsBack(input, gradient, mean, partials, rows, channels);
  for (let channel: usize = 0; channel < channels; channel++) {
    const at = channel << 2;
    const weighted = joined(partials + ((channels + channel) << 2), chunks, channels);
    store<f32>(betaGradient + at, <f32>joined(partials + at, chunks, channels));
    store<f32>(gammaGradient + at, <f32>(weighted * <f64>load<f32>(inverse + at)));
  }
}

/**
 * The second half: the input's gradient.
 * @param gammaMean, betaMean [channels] each: the sums of the whole batch ÷ its rows
 * @param factors room for [3 × channels] f32
 */
export function normalizationGradient(
  input: usize,
  gradient: usize,
  gamma: usize,
  mean: usize,
  inverse: usize,
  gammaMean: usize,
  betaMean: usize,
  inputGradient: usize,
  factors: usize,
  rows: usize,
  channels: usize,
): void {
  for (let channel: usize = 0; channel < channels; channel++) {
    const at = channel << 2;
    const ofBeta = <f64>load<f32>(betaMean + at);
    const ofGamma = <f64>load<f32>(gammaMean + at);
    setFactors(factors + at, channels, load<f32>(gamma + at), load<f32>(inverse + at), ofBeta, ofGamma, 1);
  }
  backThroughRows(input, gradient, mean, inputGradient, factors, rows, channels);
}

// --- internal ---

/** Leaves Σ g and Σ g·(x − mean) of each chunk of rows. @returns the number of chunks */
function sumRowsBack(
  input: usize,
  gradient: usize,
  mean: usize,
  partials: usize,
  rows: usize,
  channels: usize,
): usize {
  const step = setRows(input, rows, channels);
  const chunks = (rows + step - 1) / step;
  setArgument(Tasks.GRADIENT, gradient);
  setArgument(Tasks.PARTIALS, partials);
  setArgument(Tasks.MEAN, mean);
  openPhase(Command.SUM_CHANNELS_BACK, <i32>chunks, rows * channels >= LARGE);
  sumChannelsBack();
  closePhase();
  return chunks;
}

/** The sum of one number of every chunk. */
@inline
function joined(part: usize, chunks: usize, channels: usize): f64 {
  let sum: f64 = 0;
  for (let chunk: usize = 0; chunk < chunks; chunk++) sum += <f64>load<f32>(part + ((chunk * channels) << 3));
  return sum;
}

/** The factors of one channel for its input's gradient. @param sum, weighted of g and of g·x̂, over so many rows */
@inline
function setFactors(
  factors: usize,
  channels: usize,
  gamma: f32,
  inverse: f32,
  sum: f64,
  weighted: f64,
  rows: f64,
): void {
  const inverseDeviation = <f64>inverse;
  const scale = <f64>gamma * inverseDeviation;
  store<f32>(factors, <f32>scale);
  store<f32>(factors + (channels << 2), <f32>((-scale * inverseDeviation * weighted) / rows));
  store<f32>(factors + (channels << 3), <f32>((-scale * sum) / rows));
}

function backThroughRows(
  input: usize,
  gradient: usize,
  mean: usize,
  inputGradient: usize,
  factors: usize,
  rows: usize,
  channels: usize,
): void {
  const step = setRows(input, rows, channels);
  setArgument(Tasks.GRADIENT, gradient);
  setArgument(Tasks.MEAN, mean);
  setArgument(Tasks.OUTPUT, inputGradient);
  setArgument(Tasks.FACTORS, factors);
  openPhase(Command.NORMALIZE_BACK, <i32>((rows + step - 1) / step), rows * channels >= LARGE);
  normalizeChunksBack();
  closePhase();
}
