/**
 * The kernels of the wasm backend. All work in TensorFlow.js's memory: addresses are bytes, matrices are row-major f32.
 */
import { arrive, nextPhase } from '@algo/numerics/assembly/threads';
import { Command } from './commands';
import { sumColumnTasks } from './column-sums';
import { convolveTasks, packKernelTasks } from './convolution';
import { convolveBackTasks, packReversedTasks, sumPartTasks } from './convolution-back';
import { prepareBackTasks } from './dense';
import { activateTasks, dropoutTasks, slopeTasks, softmaxTasks } from './elementwise';
import { multiplyTasks } from './gemm';
import { computeLosses } from './loss';
import { normalizeChunks, normalizeChunksBack, sumChannels, sumChannelsBack } from './normalization-tasks';
import { squareGradients, updateChunks } from './optimizer';
import { maxPoolBackTasks, maxPoolTasks } from './pooling';
import { copyColumnTasks, gatherTasks } from './rows';

export { attach, isInPhase, threadCount } from '@algo/numerics/assembly/threads';
export { sumColumns } from './column-sums';
export { denseBack, denseBackScratchBytes, product, productScratchBytes } from './dense';
export { activate, activateBack, dropout, softmax } from './elementwise';
export { loss } from './loss';
export { normalize, normalizeBatch } from './normalization';
export { normalizationGradient, normalizationSums } from './normalization-back';
export { updateWeights } from './optimizer';
export { maxPool, maxPoolBack, planPooling } from './pooling';
export { copyColumns, copyWords, gatherRows, scatterRows } from './rows';
export { convolve } from './convolution';
export { convolveBack } from './convolution-back';
export { planConvolution } from './convolution-plan';
export { writeConstants } from './constants';

/** A helper thread's life; it ends with its worker. */
export function serve(control: usize): void {
  const thread = arrive(control);
  while (true) work(nextPhase(), thread);
}

// --- internal ---

/** A helper's part of a phase: its tasks until none is left. @param thread from 1; the main thread is 0 */
function work(command: i32, thread: i32): void {
  if (command == Command.MULTIPLY) multiplyTasks();
  else if (command == Command.PREPARE_BACK) prepareBackTasks();
  else if (command == Command.SUM_COLUMNS) sumColumnTasks();
  else if (command == Command.ACTIVATE) activateTasks();
  else if (command == Command.SLOPES) slopeTasks();
  else if (command == Command.SOFTMAX_ROWS) softmaxTasks();
  else if (command == Command.DROPOUT) dropoutTasks();
  else if (command == Command.LOSS) computeLosses();
  else if (command == Command.NORMALIZE) normalizeChunks();
  else if (command == Command.NORMALIZE_BACK) normalizeChunksBack();
  else if (command == Command.SUM_CHANNELS) sumChannels();
  else if (command == Command.SUM_CHANNELS_BACK) sumChannelsBack();
  else if (command == Command.SQUARE_GRADIENTS) squareGradients();
  else if (command == Command.UPDATE_WEIGHTS) updateChunks();
  else if (command == Command.MAX_POOL) maxPoolTasks();
  else if (command == Command.MAX_POOL_BACK) maxPoolBackTasks();
  else if (command == Command.GATHER_ROWS) gatherTasks();
  else if (command == Command.COPY_COLUMNS) copyColumnTasks();
  else if (command == Command.PACK_KERNEL) packKernelTasks();
  else if (command == Command.CONVOLVE) convolveTasks(thread);
  else if (command == Command.PACK_REVERSED) packReversedTasks();
  else if (command == Command.CONVOLVE_BACK) convolveBackTasks(thread);
  else if (command == Command.SUM_PARTS) sumPartTasks();
}
