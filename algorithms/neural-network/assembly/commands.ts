/**
 * What a phase can do: each command's tasks are in the file of its kernel.
 */
import { SUM_COLUMNS, sumColumnTasks } from './column-sums';

/** Takes part in a phase until no task is left. @param thread 0 for the main thread, helpers from 1 */
export function work(command: i32, thread: i32): void {
  if (command == SUM_COLUMNS) sumColumnTasks();
}
