/**
 * Convolution of images with channels last, any stride: output = activation(input ∗ kernel + bias). A task is a band of
 * the output (convolution-plan.ts): its input is copied with zeros around it, then six positions × 16 filters at a time
 * are summed up straight from there.
 */
import { closePhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { activateRange } from './activations';
import { clearShort, copyShort, packPanel, padLines, panelBytes } from './convolution-panels';
import { aligned, paddedLines, paddedWidth } from './convolution-plan';
import * as Plan from './convolution-plan';
import * as Tile from './convolution-tile';
import { sumPositions, writeOffsets } from './convolution-positions';
import { LINEAR, RELU } from './layout';
import { argument, realArgument, setArgument, setRealArgument } from './arguments';
import { Command } from './commands';

/** Multiplications from which threads are woken. */
export const LARGE: f64 = 500_000;

/** Arguments of its own. */
enum Word {
  INPUT = Plan.OWN,
  KERNEL,
  OUTPUT,
  ACTIVATED,
  ACTIVATION,
  FLOOR,
  CEILING,
  PANELS,
  BIASES,
}

/**
 * Runs what `planConvolution` has planned.
 * @param bias [filters], or 0: none
 * @param output gets the values before the activation where `activated` is another place
 * @param ceiling largest value after relu: 6 for relu6, else infinity
 */
export function convolve(
  input: usize,
  kernel: usize,
  bias: usize,
  activation: i32,
  ceiling: f32,
  output: usize,
  activated: usize,
  scratch: usize,
): void {
  const filters = argument(Plan.FILTERS);
  const steps = argument(Plan.KERNEL_HEIGHT) * argument(Plan.KERNEL_WIDTH) * argument(Plan.CHANNELS);
  const biases = scratch + panelBytes(steps, filters);
  clearShort(biases, panelBytes(1, filters) >> 2);
  if (bias) copyShort(bias, biases, filters);
  setArgument(Word.INPUT, input);
  setArgument(Word.KERNEL, kernel);
  setArgument(Word.OUTPUT, output);
  setArgument(Word.ACTIVATED, activated);
  setArgument(Word.ACTIVATION, activation);
  setRealArgument(Word.FLOOR, activation == RELU ? 0 : -Infinity);
  setRealArgument(Word.CEILING, ceiling);
  setArgument(Word.PANELS, scratch);
  setArgument(Word.BIASES, biases);
  setArgument(Plan.ROOMS, scratch + argument(Plan.ROOMS));
  openPhase(Command.PACK_KERNEL, <i32>((filters + 15) >>> 4), steps * filters > 100_000);
  packKernelTasks();
  closePhase();
  openPhase(Command.CONVOLVE, <i32>argument(Plan.BANDS), workOf() > LARGE);
  convolveTasks(0);
  closePhase();
}

/** Multiplications of the convolution. */
export function workOf(): f64 {
  const positions = <f64>argument(Plan.IMAGES) * <f64>argument(Plan.OUT_HEIGHT) * <f64>argument(Plan.OUT_WIDTH);
  const kernel = argument(Plan.KERNEL_HEIGHT) * argument(Plan.KERNEL_WIDTH);
  return positions * <f64>kernel * <f64>argument(Plan.CHANNELS) * <f64>argument(Plan.FILTERS);
}

/** PACK_KERNEL: a task is a panel. */
export function packKernelTasks(): void {
  const steps = argument(Plan.KERNEL_HEIGHT) * argument(Plan.KERNEL_WIDTH) * argument(Plan.CHANNELS);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    packPanel(argument(Word.KERNEL), steps, argument(Plan.FILTERS), argument(Word.PANELS), task);
  }
}

/** CONVOLVE: a task is a band. */
export function convolveTasks(thread: i32): void {
  if (<usize>thread >= argument(Plan.THREADS)) return;
  const room = argument(Plan.ROOMS) + <usize>thread * argument(Plan.ROOM_BYTES);
  for (let task = takeTask(); task >= 0; task = takeTask()) convolveBand(task, room);
}

// --- internal ---

function convolveBand(band: usize, room: usize): void {
  const channels = argument(Plan.CHANNELS);
  const filters = argument(Plan.FILTERS);
  const outWidth = argument(Plan.OUT_WIDTH);
  const first = (band / argument(Plan.BANDS_PER_IMAGE)) * argument(Plan.BAND_IMAGES);
  const line = (band % argument(Plan.BANDS_PER_IMAGE)) * argument(Plan.BAND_LINES);
  const images = min(argument(Plan.BAND_IMAGES), argument(Plan.IMAGES) - first);
  const lines = min(argument(Plan.BAND_LINES), argument(Plan.OUT_HEIGHT) - line);
  const width = paddedWidth();
  const height = paddedLines(lines);
  const lineBytes = (width * channels) << 2;
  const offsets = room + Plan.ROOM_HEADER;
  const positions = writeOffsets(
    offsets,
    images,
    lines,
    outWidth,
    argument(Plan.STRIDE_Y),
    argument(Plan.STRIDE_X),
    lineBytes,
    height * lineBytes,
    channels << 2,
  );
  const padded = offsets + aligned((positions + 6) << 2);
  const imageBytes = (argument(Plan.HEIGHT) * argument(Plan.WIDTH) * channels) << 2;
  for (let image: usize = 0; image < images; image++) {
    padLines(
      argument(Word.INPUT) + (first + image) * imageBytes,
      0,
      0,
      LINEAR,
      argument(Plan.HEIGHT),
      argument(Plan.WIDTH),
      channels,
      <isize>(line * argument(Plan.STRIDE_Y)) - <isize>argument(Plan.TOP),
      height,
      argument(Plan.LEFT),
      width,
      padded + image * height * lineBytes,
    );
  }
  const kernelLine = argument(Plan.KERNEL_WIDTH) * channels;
  store<u32>(room, kernelLine, Tile.LOOP_COUNT);
  store<u32>(room, 4, Tile.LOOP_STEP);
  store<u32>(room, argument(Plan.KERNEL_HEIGHT), Tile.LOOP_LINES);
  store<u32>(room, lineBytes - (kernelLine << 2), Tile.LOOP_LINE_JUMP);
  store<u32>(room, 1, Tile.LOOP_IMAGES);
  store<u32>(room, 0, Tile.LOOP_IMAGE_JUMP);
  const at = (((first * argument(Plan.OUT_HEIGHT) + line) * outWidth) * filters) << 2;
  sumPositions(
    padded,
    offsets,
    room,
    positions,
    argument(Word.PANELS),
    kernelLine * argument(Plan.KERNEL_HEIGHT),
    filters,
    argument(Word.BIASES),
    realArgument(Word.FLOOR),
    realArgument(Word.CEILING),
    argument(Word.OUTPUT) + at,
  );
  const activation = <i32>argument(Word.ACTIVATION);
  if (activation != RELU) {
    activateRange(argument(Word.OUTPUT) + at, argument(Word.ACTIVATED) + at, positions * filters, activation);
  }
}
