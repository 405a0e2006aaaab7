/**
 * Max pooling of images [rows × height × width × channels] in square windows without overlap. What is left over at the
 * right and bottom edge belongs to no window. Channels are taken four at a time.
 */
import { closePhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { loadFew, storeFew } from './lanes';
import { argument, setArgument } from './arguments';
import { Command } from './commands';

/** Values of the input from which threads share the work. */
const LARGE: usize = 32768;

/** Arguments of the commands. */
enum Word {
  INPUT,
  OUTPUT,
  GRADIENT,
  RESULT,
  ROWS,
  HEIGHT,
  WIDTH,
  CHANNELS,
  SIZE,
}

/** Describes the images [rows × height × width × channels] that are pooled next, and the windows' size. */
export function planPooling(rows: usize, height: usize, width: usize, channels: usize, size: usize): void {
  setArgument(Word.ROWS, rows);
  setArgument(Word.HEIGHT, height);
  setArgument(Word.WIDTH, width);
  setArgument(Word.CHANNELS, channels);
  setArgument(Word.SIZE, size);
}

/** Largest values of each window: output [rows × ⌊height ÷ size⌋ × ⌊width ÷ size⌋ × channels]. */
export function maxPool(input: usize, output: usize): void {
  setArgument(Word.INPUT, input);
  setArgument(Word.OUTPUT, output);
  openPooling(Command.MAX_POOL);
  maxPoolTasks();
  closePhase();
}

/** The gradient of a window goes to its largest value, to the first of equal ones; all others get 0. */
export function maxPoolBack(input: usize, output: usize, gradient: usize, result: usize): void {
  setArgument(Word.INPUT, input);
  setArgument(Word.OUTPUT, output);
  setArgument(Word.GRADIENT, gradient);
  setArgument(Word.RESULT, result);
  openPooling(Command.MAX_POOL_BACK);
  maxPoolBackTasks();
  closePhase();
}

/** MAX_POOL: a task is an image. */
export function maxPoolTasks(): void {
  const channelBytes = argument(Word.CHANNELS) << 2;
  const lineBytes = argument(Word.WIDTH) * channelBytes;
  const size = argument(Word.SIZE);
  const outHeight = argument(Word.HEIGHT) / size;
  const outWidth = argument(Word.WIDTH) / size;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const image = argument(Word.INPUT) + <usize>task * argument(Word.HEIGHT) * lineBytes;
    let output = argument(Word.OUTPUT) + <usize>task * outHeight * outWidth * channelBytes;
    for (let y: usize = 0; y < outHeight; y++) {
      let window = image + y * size * lineBytes;
      for (let x: usize = 0; x < outWidth; x++) {
        poolWindow(window, output, size, lineBytes, channelBytes);
        window += size * channelBytes;
        output += channelBytes;
      }
    }
  }
}

/** MAX_POOL_BACK: a task is an image. */
export function maxPoolBackTasks(): void {
  const channelBytes = argument(Word.CHANNELS) << 2;
  const lineBytes = argument(Word.WIDTH) * channelBytes;
  const imageBytes = argument(Word.HEIGHT) * lineBytes;
  const size = argument(Word.SIZE);
  const outHeight = argument(Word.HEIGHT) / size;
  const outWidth = argument(Word.WIDTH) / size;
  const isCovered = outHeight * size == argument(Word.HEIGHT) && outWidth * size == argument(Word.WIDTH);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const image = <usize>task * imageBytes;
    let at = <usize>task * outHeight * outWidth * channelBytes;
    if (!isCovered) memory.fill(argument(Word.RESULT) + image, 0, imageBytes);
    for (let y: usize = 0; y < outHeight; y++) {
      let window = image + y * size * lineBytes;
      for (let x: usize = 0; x < outWidth; x++) {
        spreadWindow(window, at, size, lineBytes, channelBytes);
        window += size * channelBytes;
        at += channelBytes;
      }
    }
  }
}

// --- internal ---

function openPooling(command: Command): void {
  const rows = argument(Word.ROWS);
  const values = rows * argument(Word.HEIGHT) * argument(Word.WIDTH) * argument(Word.CHANNELS);
  openPhase(command, <i32>rows, values >= LARGE);
}

function poolWindow(window: usize, output: usize, size: usize, lineBytes: usize, channelBytes: usize): void {
  const few = (channelBytes >> 2) & 3;
  const whole = channelBytes - (few << 2);
  const end = window + size * lineBytes;
  for (let channel: usize = 0; channel < whole; channel += 16) {
    let top = v128.load(window + channel);
    for (let line = window; line < end; line += lineBytes) {
      const lineEnd = line + size * channelBytes;
      for (let p = line; p < lineEnd; p += channelBytes) top = f32x4.max(top, v128.load(p + channel));
    }
    v128.store(output + channel, top);
  }
  if (few) {
    let top = loadFew(window + whole, few);
    for (let line = window; line < end; line += lineBytes) {
      const lineEnd = line + size * channelBytes;
      for (let p = line; p < lineEnd; p += channelBytes) top = f32x4.max(top, loadFew(p + whole, few));
    }
    storeFew(output + whole, top, few);
  }
}

/** Positions in bytes: of the window in the input and the result, of the value in the output and its gradient. */
function spreadWindow(window: usize, at: usize, size: usize, lineBytes: usize, channelBytes: usize): void {
  const input = argument(Word.INPUT);
  const result = argument(Word.RESULT);
  const output = argument(Word.OUTPUT) + at;
  const gradients = argument(Word.GRADIENT) + at;
  const few = (channelBytes >> 2) & 3;
  const whole = channelBytes - (few << 2);
  const end = window + size * lineBytes;
  for (let channel: usize = 0; channel < whole; channel += 16) {
    const top = v128.load(output + channel);
    // What no position has taken yet.
    let gradient = v128.load(gradients + channel);
    for (let line = window; line < end; line += lineBytes) {
      const lineEnd = line + size * channelBytes;
      for (let p = line; p < lineEnd; p += channelBytes) {
        const isTop = f32x4.eq(v128.load(input + p + channel), top);
        v128.store(result + p + channel, v128.and(gradient, isTop));
        gradient = v128.andnot(gradient, isTop);
      }
    }
  }
  if (few) {
    const top = loadFew(output + whole, few);
    let gradient = loadFew(gradients + whole, few);
    for (let line = window; line < end; line += lineBytes) {
      const lineEnd = line + size * channelBytes;
      for (let p = line; p < lineEnd; p += channelBytes) {
        const isTop = f32x4.eq(loadFew(input + p + whole, few), top);
        storeFew(result + p + whole, v128.and(gradient, isTop), few);
        gradient = v128.andnot(gradient, isTop);
      }
    }
  }
}
