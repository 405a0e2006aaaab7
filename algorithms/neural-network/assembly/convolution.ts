/**
 * Convolution of images with channels last, any stride: output = activation(input ∗ kernel + bias). A task is a band of
 * the output (convolution-plan.ts): its input is copied with zeros around it, then six positions × 16 filters at a time
 * are summed up straight from there.
 */
import { closePhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { activateRange } from './activations';
import { clearShort, copyShort, packPanel, padLines, panelBytes } from './convolution-panels';
import {
  aligned,
  BAND_IMAGES,
  BAND_LINES,
  BANDS,
  BANDS_PER_IMAGE,
  CHANNELS,
  FILTERS,
  HEIGHT,
  IMAGES,
  KERNEL_HEIGHT,
  KERNEL_WIDTH,
  LEFT,
  OUT_HEIGHT,
  OUT_WIDTH,
  OWN,
  paddedLines,
  paddedWidth,
  ROOM_BYTES,
  ROOM_HEADER,
  ROOMS,
  STRIDE_X,
  STRIDE_Y,
  THREADS,
  TOP,
  WIDTH,
} from './convolution-plan';
import {
  LOOP_COUNT,
  LOOP_IMAGE_JUMP,
  LOOP_IMAGES,
  LOOP_LINE_JUMP,
  LOOP_LINES,
  LOOP_STEP,
} from './convolution-tile';
import { sumPositions, writeOffsets } from './convolution-positions';
import { LINEAR, RELU } from './layout';
import { argument, realArgument, setArgument, setRealArgument } from './arguments';
import { Command } from './commands';

/** Multiplications from which threads are woken. */
export const LARGE: f64 = 500_000;

const INPUT: usize = OWN;
const KERNEL: usize = OWN + 1;
const OUTPUT: usize = OWN + 2;
const ACTIVATED: usize = OWN + 3;
const ACTIVATION: usize = OWN + 4;
const FLOOR: usize = OWN + 5;
const CEILING: usize = OWN + 6;
const PANELS: usize = OWN + 7;
const BIASES: usize = OWN + 8;

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
  const filters = argument(FILTERS);
  const steps = argument(KERNEL_HEIGHT) * argument(KERNEL_WIDTH) * argument(CHANNELS);
  const biases = scratch + panelBytes(steps, filters);
  clearShort(biases, panelBytes(1, filters) >> 2);
  if (bias) copyShort(bias, biases, filters);
  setArgument(INPUT, input);
  setArgument(KERNEL, kernel);
  setArgument(OUTPUT, output);
  setArgument(ACTIVATED, activated);
  setArgument(ACTIVATION, activation);
  setRealArgument(FLOOR, activation == RELU ? 0 : -Infinity);
  setRealArgument(CEILING, ceiling);
  setArgument(PANELS, scratch);
  setArgument(BIASES, biases);
  setArgument(ROOMS, scratch + argument(ROOMS));
  openPhase(Command.PACK_KERNEL, <i32>((filters + 15) >>> 4), steps * filters > 100_000);
  packKernelTasks();
  closePhase();
  openPhase(Command.CONVOLVE, <i32>argument(BANDS), workOf() > LARGE);
  convolveTasks(0);
  closePhase();
}

/** Multiplications of the convolution. */
export function workOf(): f64 {
  const positions = <f64>argument(IMAGES) * <f64>argument(OUT_HEIGHT) * <f64>argument(OUT_WIDTH);
  const kernel = argument(KERNEL_HEIGHT) * argument(KERNEL_WIDTH);
  return positions * <f64>kernel * <f64>argument(CHANNELS) * <f64>argument(FILTERS);
}

/** PACK_KERNEL: a task is a panel. */
export function packKernelTasks(): void {
  const steps = argument(KERNEL_HEIGHT) * argument(KERNEL_WIDTH) * argument(CHANNELS);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    packPanel(argument(KERNEL), steps, argument(FILTERS), argument(PANELS), task);
  }
}

/** CONVOLVE: a task is a band. */
export function convolveTasks(thread: i32): void {
  if (<usize>thread >= argument(THREADS)) return;
  const room = argument(ROOMS) + <usize>thread * argument(ROOM_BYTES);
  for (let task = takeTask(); task >= 0; task = takeTask()) convolveBand(task, room);
}

// --- internal ---

function convolveBand(band: usize, room: usize): void {
  const channels = argument(CHANNELS);
  const filters = argument(FILTERS);
  const outWidth = argument(OUT_WIDTH);
  const first = (band / argument(BANDS_PER_IMAGE)) * argument(BAND_IMAGES);
  const line = (band % argument(BANDS_PER_IMAGE)) * argument(BAND_LINES);
  const images = min(argument(BAND_IMAGES), argument(IMAGES) - first);
  const lines = min(argument(BAND_LINES), argument(OUT_HEIGHT) - line);
  const width = paddedWidth();
  const height = paddedLines(lines);
  const lineBytes = (width * channels) << 2;
  const offsets = room + ROOM_HEADER;
  const positions = writeOffsets(
    offsets,
    images,
    lines,
    outWidth,
    argument(STRIDE_Y),
    argument(STRIDE_X),
    lineBytes,
    height * lineBytes,
    channels << 2,
  );
  const padded = offsets + aligned((positions + 6) << 2);
  const imageBytes = (argument(HEIGHT) * argument(WIDTH) * channels) << 2;
  for (let image: usize = 0; image < images; image++) {
    padLines(
      argument(INPUT) + (first + image) * imageBytes,
      0,
      0,
      LINEAR,
      argument(HEIGHT),
      argument(WIDTH),
      channels,
      <isize>(line * argument(STRIDE_Y)) - <isize>argument(TOP),
      height,
      argument(LEFT),
      width,
      padded + image * height * lineBytes,
    );
  }
  const kernelLine = argument(KERNEL_WIDTH) * channels;
  store<u32>(room, kernelLine, LOOP_COUNT);
  store<u32>(room, 4, LOOP_STEP);
  store<u32>(room, argument(KERNEL_HEIGHT), LOOP_LINES);
  store<u32>(room, lineBytes - (kernelLine << 2), LOOP_LINE_JUMP);
  store<u32>(room, 1, LOOP_IMAGES);
  store<u32>(room, 0, LOOP_IMAGE_JUMP);
  const at = (((first * argument(OUT_HEIGHT) + line) * outWidth) * filters) << 2;
  sumPositions(
    padded,
    offsets,
    room,
    positions,
    argument(PANELS),
    kernelLine * argument(KERNEL_HEIGHT),
    filters,
    argument(BIASES),
    realArgument(FLOOR),
    realArgument(CEILING),
    argument(OUTPUT) + at,
  );
  const activation = <i32>argument(ACTIVATION);
  if (activation != RELU) {
    activateRange(argument(OUTPUT) + at, argument(ACTIVATED) + at, positions * filters, activation);
  }
}
