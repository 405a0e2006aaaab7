/**
 * Entry points of the kernel. A phase is a command and a list of tasks, which the threads of the pool take one by one
 * (@algo/numerics). Which thread takes which task never matters for the result: all sums are exact (see gradients.ts), so
 * their order is free.
 */
import { arrive, closePhase, nextPhase, openPhase } from '@algo/numerics/assembly/threads';
import { findCuts } from './binning/quantiles';
import { addBlockToSketch, addEntriesToSketch } from './binning/sketch';
import { binBlock } from './binning/bin';
import { binEntries, binSparse, countValues } from './binning/bin-sparse';
import { checkBundles } from './binning/bundles';
import { computeGradients } from './growing/gradients';
import { prepareRows } from './binning/prepare';
import { exchangeHistograms } from './growing/exchange';
import { buildHistograms } from './growing/histogram';
import { scanSplits } from './growing/scan';
import { addLeaves, addSplits, partitionRows } from './growing/partition';
import { walkTrees } from './growing/walk';
import * as Layout from './layout';

export { attach, isInPhase } from '@algo/numerics/assembly/threads';

/** Opens a phase to all threads; settings and tasks have been written. Helpers begin, the main thread with `endPhase`. */
export function beginPhase(command: i32, taskCount: i32): void {
  openPhase(command, taskCount, true);
}

/** Takes part in the phase and returns when its tasks are done. */
export function endPhase(command: i32): void {
  work(command, 0);
  closePhase();
}

/** A helper thread's life; it ends with its worker. */
export function serve(control: usize): void {
  const thread = arrive(control);
  while (true) work(nextPhase(), thread);
}

// --- internal ---

/** Takes part in a phase until no task is left. @param thread 0 for the main thread, helpers from 1 */
function work(command: i32, thread: i32): void {
  if (command == Layout.BUILD) buildHistograms(thread);
  else if (command == Layout.SCAN) scanSplits(thread);
  else if (command == Layout.PARTITION) partitionRows();
  else if (command == Layout.ADD_SPLITS) addSplits();
  else if (command == Layout.ADD_LEAVES) addLeaves();
  else if (command == Layout.GRADIENTS) computeGradients(thread);
  else if (command == Layout.PREPARE) prepareRows();
  else if (command == Layout.WALK) walkTrees();
  else if (command == Layout.BIN) binBlock();
  else if (command == Layout.CHECK_BUNDLES) checkBundles(thread);
  else if (command == Layout.COUNT_VALUES) countValues();
  else if (command == Layout.BIN_SPARSE) binSparse();
  else if (command == Layout.BIN_ENTRIES) binEntries();
  else if (command == Layout.SKETCH) addBlockToSketch();
  else if (command == Layout.SKETCH_ENTRIES) addEntriesToSketch();
  else if (command == Layout.SORT) findCuts(thread);
  else if (command == Layout.PACK) exchangeHistograms(false);
  else if (command == Layout.UNPACK) exchangeHistograms(true);
}
