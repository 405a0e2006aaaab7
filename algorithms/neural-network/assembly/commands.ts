/**
 * What a phase can do: each command's tasks are in the file of its kernel.
 */
import { SUM_COLUMNS, sumColumnTasks } from './column-sums';
import { CONVOLVE, convolveTasks, PACK_KERNEL, packKernelTasks } from './convolution';
import {
  CONVOLVE_BACK,
  convolveBackTasks,
  PACK_REVERSED,
  packReversedTasks,
  SUM_PARTS,
  sumPartTasks,
} from './convolution-back';
import { PREPARE_BACK, prepareBackTasks } from './dense';
import {
  ACTIVATE,
  activateTasks,
  DROPOUT,
  dropoutTasks,
  SLOPES,
  slopeTasks,
  SOFTMAX_ROWS,
  softmaxTasks,
} from './elementwise';
import { MULTIPLY, multiplyTasks } from './gemm';
import { computeLosses, LOSS } from './loss';
import {
  NORMALIZE,
  NORMALIZE_BACK,
  normalizeChunks,
  normalizeChunksBack,
  SUM_CHANNELS,
  SUM_CHANNELS_BACK,
  sumChannels,
  sumChannelsBack,
} from './normalization-tasks';
import { SQUARE_GRADIENTS, squareGradients, UPDATE_WEIGHTS, updateChunks } from './optimizer';
import { MAX_POOL, MAX_POOL_BACK, maxPoolBackTasks, maxPoolTasks } from './pooling';
import { COPY_COLUMNS, copyColumnTasks, GATHER_ROWS, gatherTasks } from './rows';

/** Takes part in a phase until no task is left. @param thread 0 for the main thread, helpers from 1 */
export function work(command: i32, thread: i32): void {
  if (command == MULTIPLY) multiplyTasks();
  else if (command == PREPARE_BACK) prepareBackTasks();
  else if (command == SUM_COLUMNS) sumColumnTasks();
  else if (command == ACTIVATE) activateTasks();
  else if (command == SLOPES) slopeTasks();
  else if (command == SOFTMAX_ROWS) softmaxTasks();
  else if (command == DROPOUT) dropoutTasks();
  else if (command == LOSS) computeLosses();
  else if (command == NORMALIZE) normalizeChunks();
  else if (command == NORMALIZE_BACK) normalizeChunksBack();
  else if (command == SUM_CHANNELS) sumChannels();
  else if (command == SUM_CHANNELS_BACK) sumChannelsBack();
  else if (command == SQUARE_GRADIENTS) squareGradients();
  else if (command == UPDATE_WEIGHTS) updateChunks();
  else if (command == MAX_POOL) maxPoolTasks();
  else if (command == MAX_POOL_BACK) maxPoolBackTasks();
  else if (command == GATHER_ROWS) gatherTasks();
  else if (command == COPY_COLUMNS) copyColumnTasks();
  else if (command == PACK_KERNEL) packKernelTasks();
  else if (command == CONVOLVE) convolveTasks(thread);
  else if (command == PACK_REVERSED) packReversedTasks();
  else if (command == CONVOLVE_BACK) convolveBackTasks(thread);
  else if (command == SUM_PARTS) sumPartTasks();
}
