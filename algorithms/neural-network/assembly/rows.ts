/**
 * Rows and columns by index: gathering, embeddings' gradients, joining and cutting side by side. Rows are 4-byte words.
 */
import { closePhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { loadFew, storeFew } from './lanes';
import { argument, setArgument } from './arguments';
import { Command } from './commands';

/** Words from which threads share the work, and about how many a task has. */
const LARGE: usize = 65536;
const PIECE: usize = 16384;

/** Words from which one copy instruction beats a loop. */
const LONG: usize = 64;

/**
 * output [rows × width] = rows of table [entries × width] by index.
 * @param indices i32 [rows]; a row outside of the table comes out as NaN
 */
export function gatherRows(
  table: usize,
  indices: usize,
  output: usize,
  rows: usize,
  width: usize,
  entries: usize,
): void {
  setArgument(0, table);
  setArgument(1, indices);
  setArgument(2, output);
  setArgument(3, rows);
  setArgument(4, width);
  setArgument(5, entries);
  const step = max<usize>(1, PIECE / max<usize>(1, width));
  setArgument(6, step);
  openPhase(Command.GATHER_ROWS, <i32>((rows + step - 1) / step), rows * width >= LARGE);
  gatherTasks();
  closePhase();
}

/**
 * Copies `width` words of each of `rows` rows; `fromStride` and `toStride` are the rows' distances in words.
 */
export function copyColumns(
  from: usize,
  fromStride: usize,
  to: usize,
  toStride: usize,
  rows: usize,
  width: usize,
): void {
  setArgument(0, from);
  setArgument(1, fromStride << 2);
  setArgument(2, to);
  setArgument(3, toStride << 2);
  setArgument(4, rows);
  setArgument(5, width);
  const step = max<usize>(1, PIECE / max<usize>(1, width));
  setArgument(6, step);
  openPhase(Command.COPY_COLUMNS, <i32>((rows + step - 1) / step), rows * width >= LARGE);
  copyColumnTasks();
  closePhase();
}

/** Copies `count` words. */
export function copyWords(from: usize, to: usize, count: usize): void {
  memory.copy(to, from, count << 2);
}

/** table [entries × width] = sums of the rows of `gradient` by index; indices outside of the table are left out. */
export function scatterRows(
  gradient: usize,
  indices: usize,
  table: usize,
  rows: usize,
  width: usize,
  entries: usize,
): void {
  memory.fill(table, 0, (entries * width) << 2);
  const few = width & 3;
  const whole = (width - few) << 2;
  for (let row: usize = 0; row < rows; row++) {
    const index: usize = load<u32>(indices + (row << 2));
    if (index < entries) {
      const sums = table + ((index * width) << 2);
      for (let at: usize = 0; at < whole; at += 16) {
        v128.store(sums + at, f32x4.add(v128.load(sums + at), v128.load(gradient + at)));
      }
      if (few) {
        storeFew(sums + whole, f32x4.add(loadFew(sums + whole, few), loadFew(gradient + whole, few)), few);
      }
    }
    gradient += width << 2;
  }
}

/** GATHER_ROWS: a task is some rows. */
export function gatherTasks(): void {
  const width = argument(4);
  const entries = argument(5);
  const step = argument(6);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * step;
    const end = min(argument(3), first + step);
    let to = argument(2) + ((first * width) << 2);
    for (let row = first; row < end; row++) {
      const index: usize = load<u32>(argument(1) + (row << 2));
      if (index < entries) copyRow(argument(0) + ((index * width) << 2), to, width);
      else memory.fill(to, 0xff, width << 2);
      to += width << 2;
    }
  }
}

/** COPY_COLUMNS: a task is some rows. */
export function copyColumnTasks(): void {
  const width = argument(5);
  const step = argument(6);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * step;
    let from = argument(0) + first * argument(1);
    let to = argument(2) + first * argument(3);
    const end = min(argument(4), first + step);
    for (let row = first; row < end; row++) {
      copyRow(from, to, width);
      from += argument(1);
      to += argument(3);
    }
  }
}

// --- internal ---

@inline
function copyRow(from: usize, to: usize, width: usize): void {
  if (width >= LONG) {
    memory.copy(to, from, width << 2);
    return;
  }
  const few = width & 3;
  const end = from + ((width - few) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, v128.load(from));
  if (few) storeFew(to, loadFew(from, few), few);
}
