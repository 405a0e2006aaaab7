/**
 * Sums of a matrix's columns: the gradient of a bias. Rows are summed in groups and the groups' sums then, so that the
 * error grows with the group and not with all rows.
 */
import { closePhase, openPhase, takeTask } from '@algo/numerics/assembly/threads';
import { argument, setArgument } from './arguments';
import { Command } from './commands';

/** Arguments of the command. */
enum Word {
  MATRIX,
  ROWS,
  COLUMNS,
  SUMS,
}

const TASK_COLUMNS: usize = 32;
const GROUP_ROWS: usize = 128;

/** sums [columns] of a matrix [rows × columns]. */
export function sumColumns(matrix: usize, rows: usize, columns: usize, sums: usize): void {
  setArgument(Word.MATRIX, matrix);
  setArgument(Word.ROWS, rows);
  setArgument(Word.COLUMNS, columns);
  setArgument(Word.SUMS, sums);
  const tasks = (columns + TASK_COLUMNS - 1) / TASK_COLUMNS;
  openPhase(Command.SUM_COLUMNS, <i32>tasks, rows * columns > 100_000);
  sumColumnTasks();
  closePhase();
}

/** SUM_COLUMNS: a task is 32 columns. */
export function sumColumnTasks(): void {
  const rows = argument(Word.ROWS);
  const columns = argument(Word.COLUMNS);
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = <usize>task * TASK_COLUMNS;
    const end = min(first + TASK_COLUMNS, columns);
    sumColumnRange(argument(Word.MATRIX) + (first << 2), columns << 2, rows, end - first, argument(Word.SUMS) + (first << 2));
  }
}

/** Sums of `width` columns side by side, `stride` bytes from row to row. */
export function sumColumnRange(matrix: usize, stride: usize, rows: usize, width: usize, sums: usize): void {
  const fours = width & ~3;
  for (let column: usize = 0; column < fours; column += 4) {
    let total = f32x4.splat(0);
    for (let first: usize = 0; first < rows; first += GROUP_ROWS) {
      const end = matrix + min(first + GROUP_ROWS, rows) * stride + (column << 2);
      let group = f32x4.splat(0);
      for (let p = matrix + first * stride + (column << 2); p < end; p += stride) {
        group = f32x4.add(group, v128.load(p));
      }
      total = f32x4.add(total, group);
    }
    v128.store(sums + (column << 2), total);
  }
  for (let column = fours; column < width; column++) {
    let total: f32 = 0;
    for (let first: usize = 0; first < rows; first += GROUP_ROWS) {
      const end = matrix + min(first + GROUP_ROWS, rows) * stride + (column << 2);
      let group: f32 = 0;
      for (let p = matrix + first * stride + (column << 2); p < end; p += stride) group += load<f32>(p);
      total += group;
    }
    store<f32>(sums + (column << 2), total);
  }
}
