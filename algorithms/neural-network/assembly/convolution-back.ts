/**
 * The way back through a convolution of stride 1 and same padding. With g the gradient before the activation,
 *
 *   kernel gradient [kernel position and channel × filter]   sum over positions of input · g
 *   bias gradient   [filter]                                 sum of g
 *   input gradient                                           g ∗ the kernel reversed, channels and filters swapped
 *
 * A task is a part of the bands, one after the other, with sums of its own; the parts' sums are added up in order.
 */
import { closePhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { LARGE, workOf } from './convolution';
import { packReversed, padLines, panelBytes } from './convolution-panels';
import { aligned } from './convolution-plan';
import * as Plan from './convolution-plan';
import { sumPositions, writeOffsets } from './convolution-positions';
import { copySum, packSlopes, sumBiases, sumKernel } from './convolution-sums';
import * as Tile from './convolution-tile';
import { LINEAR } from './layout';
import { argument, setArgument } from './arguments';
import { Command } from './commands';

/** Arguments of its own. */
enum Word {
  INPUT = Plan.OWN,
  KERNEL,
  OUTPUT,
  PRE_ACTIVATION,
  GRADIENT,
  ACTIVATION,
  INPUT_GRADIENT,
  KERNEL_GRADIENT,
  BIAS_GRADIENT,
  /** The reversed kernel in panels. */
  PANELS,
  /** Where each of the kernel's positions and channels starts in a padded image. */
  KERNEL_OFFSETS,
}

/**
 * Runs what `planConvolution` has planned for the way back.
 * @param preActivation read for gelu and swish only
 * @param inputGradient where it goes, or 0: not wanted
 */
export function convolveBack(
  input: usize,
  kernel: usize,
  output: usize,
  preActivation: usize,
  gradient: usize,
  activation: i32,
  inputGradient: usize,
  kernelGradient: usize,
  biasGradient: usize,
  scratch: usize,
): void {
  const positions = argument(Plan.KERNEL_HEIGHT) * argument(Plan.KERNEL_WIDTH);
  const channels = argument(Plan.CHANNELS);
  const filters = argument(Plan.FILTERS);
  setArgument(Word.INPUT, input);
  setArgument(Word.KERNEL, kernel);
  setArgument(Word.OUTPUT, output);
  setArgument(Word.PRE_ACTIVATION, preActivation);
  setArgument(Word.GRADIENT, gradient);
  setArgument(Word.ACTIVATION, activation);
  setArgument(Word.INPUT_GRADIENT, inputGradient);
  setArgument(Word.KERNEL_GRADIENT, kernelGradient);
  setArgument(Word.BIAS_GRADIENT, biasGradient);
  setArgument(Word.PANELS, scratch);
  setArgument(Word.KERNEL_OFFSETS, scratch + panelBytes(positions * filters, channels));
  setArgument(Plan.PARTIALS, scratch + argument(Plan.PARTIALS));
  setArgument(Plan.ROOMS, scratch + argument(Plan.ROOMS));
  writeKernelOffsets();
  const isLarge = workOf() > LARGE;
  if (inputGradient) {
    openPhase(Command.PACK_REVERSED, <i32>((channels + 15) >>> 4), positions * channels * filters > 50_000);
    packReversedTasks();
    closePhase();
  }
  openPhase(Command.CONVOLVE_BACK, <i32>argument(Plan.PARTS), isLarge);
  convolveBackTasks(0);
  closePhase();
  const sums = positions * channels * filters * argument(Plan.PARTS);
  openPhase(Command.SUM_PARTS, <i32>((filters + 15) >>> 4), sums > 100_000);
  sumPartTasks();
  closePhase();
}

/** PACK_REVERSED: a task is a panel. */
export function packReversedTasks(): void {
  const positions = argument(Plan.KERNEL_HEIGHT) * argument(Plan.KERNEL_WIDTH);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    packReversed(argument(Word.KERNEL), positions, argument(Plan.CHANNELS), argument(Plan.FILTERS), argument(Word.PANELS), task);
  }
}

/** CONVOLVE_BACK: a task is a part of the bands. */
export function convolveBackTasks(thread: i32): void {
  if (<usize>thread >= argument(Plan.THREADS)) return;
  const room = argument(Plan.ROOMS) + <usize>thread * argument(Plan.ROOM_BYTES);
  const bands = argument(Plan.BANDS);
  const parts = argument(Plan.PARTS);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const part = <usize>task;
    const partial = argument(Plan.PARTIALS) + part * argument(Plan.PARTIAL_BYTES);
    const first = (part * bands) / parts;
    const end = ((part + 1) * bands) / parts;
    for (let band = first; band < end; band++) convolveBandBack(band, room, partial, band == first);
  }
}

/** SUM_PARTS: a task is 16 filters. */
export function sumPartTasks(): void {
  const filters = argument(Plan.FILTERS);
  const steps = argument(Plan.KERNEL_HEIGHT) * argument(Plan.KERNEL_WIDTH) * argument(Plan.CHANNELS);
  const rows = ((steps + 5) / 6) * 6;
  const parts = argument(Plan.PARTS);
  const bytes = argument(Plan.PARTIAL_BYTES);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const width = min<usize>(16, filters - ((<usize>task) << 4));
    const at = (<usize>task) << 6;
    const panel = argument(Plan.PARTIALS) + <usize>task * (rows << 6);
    for (let row: usize = 0; row < steps; row++) {
      copySum(panel + (row << 6), argument(Word.KERNEL_GRADIENT) + row * (filters << 2) + at, width, parts, bytes);
    }
    const biases = argument(Plan.PARTIALS) + panelBytes(rows, filters);
    copySum(biases + at, argument(Word.BIAS_GRADIENT) + at, width, parts, bytes);
  }
}

// --- internal ---

function writeKernelOffsets(): void {
  const lineWords = (argument(Plan.WIDTH) + argument(Plan.KERNEL_WIDTH) - 1) * argument(Plan.CHANNELS);
  const rowWords = argument(Plan.KERNEL_WIDTH) * argument(Plan.CHANNELS);
  let at = argument(Word.KERNEL_OFFSETS);
  for (let line: usize = 0; line < argument(Plan.KERNEL_HEIGHT); line++) {
    for (let word: usize = 0; word < rowWords; word++) {
      store<u32>(at, <u32>((line * lineWords + word) << 2));
      at += 4;
    }
  }
  const last = load<u32>(at - 4);
  for (let i: usize = 0; i < 6; i++) store<u32>(at + (i << 2), last);
}

function convolveBandBack(band: usize, room: usize, partial: usize, isFirst: bool): void {
  const height = argument(Plan.HEIGHT);
  const width = argument(Plan.WIDTH);
  const channels = argument(Plan.CHANNELS);
  const filters = argument(Plan.FILTERS);
  const kernelHeight = argument(Plan.KERNEL_HEIGHT);
  const kernelWidth = argument(Plan.KERNEL_WIDTH);
  const hasInput = argument(Word.INPUT_GRADIENT) != 0;
  const first = (band / argument(Plan.BANDS_PER_IMAGE)) * argument(Plan.BAND_IMAGES);
  const line = (band % argument(Plan.BANDS_PER_IMAGE)) * argument(Plan.BAND_LINES);
  const images = min(argument(Plan.BAND_IMAGES), argument(Plan.IMAGES) - first);
  const lines = min(argument(Plan.BAND_LINES), height - line);
  const positions = images * lines * width;
  // The gradient needs zeros, and the lines around the band, for the input's gradient only.
  const marginY = hasInput ? kernelHeight - 1 : 0;
  const marginX = hasInput ? kernelWidth - 1 : 0;
  const above = hasInput ? marginY - argument(Plan.TOP) : 0;
  const left = hasInput ? marginX - argument(Plan.LEFT) : 0;
  const slopeLine = ((width + marginX) * filters) << 2;
  const inputLine = ((width + kernelWidth - 1) * channels) << 2;

  const offsets = room + Plan.ROOM_HEADER;
  const inputs = offsets + aligned((positions + 6) << 2);
  const slopes = inputs + aligned(images * (lines + kernelHeight - 1) * inputLine);
  const panels = slopes + aligned(images * (lines + marginY) * slopeLine);
  for (let image: usize = 0; image < images; image++) {
    const outputAt = ((first + image) * height * width * filters) << 2;
    padLines(
      argument(Word.OUTPUT) + outputAt,
      argument(Word.PRE_ACTIVATION) + outputAt,
      argument(Word.GRADIENT) + outputAt,
      <i32>argument(Word.ACTIVATION),
      height,
      width,
      filters,
      <isize>line - <isize>above,
      lines + marginY,
      left,
      width + marginX,
      slopes + image * (lines + marginY) * slopeLine,
    );
    padLines(
      argument(Word.INPUT) + (((first + image) * height * width * channels) << 2),
      0,
      0,
      LINEAR,
      height,
      width,
      channels,
      <isize>line - <isize>argument(Plan.TOP),
      lines + kernelHeight - 1,
      argument(Plan.LEFT),
      width + kernelWidth - 1,
      inputs + image * (lines + kernelHeight - 1) * inputLine,
    );
    const inside = slopes + (image * (lines + marginY) + above) * slopeLine + ((left * filters) << 2);
    packSlopes(inside, slopeLine, lines, width, filters, panels + ((image * lines * width) << 6), positions);
  }

  const steps = kernelHeight * kernelWidth * channels;
  sumBiases(panels, positions, filters, partial + panelBytes(((steps + 5) / 6) * 6, filters), isFirst);
  store<u32>(room, width, Tile.LOOP_COUNT);
  store<u32>(room, channels << 2, Tile.LOOP_STEP);
  store<u32>(room, lines, Tile.LOOP_LINES);
  store<u32>(room, ((kernelWidth - 1) * channels) << 2, Tile.LOOP_LINE_JUMP);
  store<u32>(room, images, Tile.LOOP_IMAGES);
  store<u32>(room, (kernelHeight - 1) * inputLine, Tile.LOOP_IMAGE_JUMP);
  sumKernel(inputs, argument(Word.KERNEL_OFFSETS), room, panels, positions, steps, filters, partial, isFirst);

  if (!hasInput) return;
  writeOffsets(offsets, images, lines, width, 1, 1, slopeLine, (lines + marginY) * slopeLine, filters << 2);
  const kernelLine = kernelWidth * filters;
  store<u32>(room, kernelLine, Tile.LOOP_COUNT);
  store<u32>(room, 4, Tile.LOOP_STEP);
  store<u32>(room, kernelHeight, Tile.LOOP_LINES);
  store<u32>(room, slopeLine - (kernelLine << 2), Tile.LOOP_LINE_JUMP);
  store<u32>(room, 1, Tile.LOOP_IMAGES);
  store<u32>(room, 0, Tile.LOOP_IMAGE_JUMP);
  sumPositions(
    slopes,
    offsets,
    room,
    positions,
    argument(Word.PANELS),
    kernelLine * kernelHeight,
    channels,
    0,
    -Infinity,
    Infinity,
    argument(Word.INPUT_GRADIENT) + ((((first * height + line) * width) * channels) << 2),
  );
}
