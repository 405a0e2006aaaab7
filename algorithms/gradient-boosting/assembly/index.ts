/**
 * Entry points of the kernel. Every thread has an instance of this module on the same shared memory: helpers sit in
 * `serve` and wait for phases, the main thread starts a phase and takes part in it through `work`.
 *
 * A phase is a command and a list of tasks that threads take one by one from a shared counter. Which thread takes which
 * task never matters for the result: all sums are exact (see gradients.ts), so their order is free.
 */
import { findCuts } from './binning/quantiles';
import { addBlockToSketch, addEntriesToSketch } from './binning/sketch';
import { binBlock } from './binning/bin';
import { binEntries, binSparse, countValues } from './binning/bin-sparse';
import { checkBundles } from './binning/bundles';
import { computeGradients } from './growing/gradients';
import { prepareRows } from './binning/prepare';
import { buildHistograms, sumHistograms } from './growing/histogram';
import { scanSplits } from './growing/scan';
import { addLeaves, addSplits, partitionRows } from './growing/partition';
import { walkTrees } from './growing/walk';
import {
  ADD_LEAVES,
  ADD_SPLITS,
  ARRIVED,
  BIN,
  BIN_ENTRIES,
  BIN_SPARSE,
  BUILD,
  CHECK_BUNDLES,
  COMMAND,
  COUNT_VALUES,
  DONE,
  EPOCH,
  EXIT,
  FAILED,
  GRADIENTS,
  NEXT_TASK,
  PARTITION,
  PREPARE,
  SCAN,
  SKETCH,
  SKETCH_ENTRIES,
  SORT,
  SUM,
  WALK,
} from './layout';

/**
 * Looks at a word this often before going to sleep, about 60 µs: longer than the main thread takes between two phases.
 * Falling asleep and being woken costs more than most phases do.
 */
const SPINS = 100_000;

/** Takes part in the running phase until no task is left. */
export function work(thread: i32): void {
  const command = load<i32>(COMMAND);
  if (command == BUILD) buildHistograms(thread);
  else if (command == SUM) sumHistograms();
  else if (command == SCAN) scanSplits(thread);
  else if (command == PARTITION) partitionRows();
  else if (command == ADD_SPLITS) addSplits();
  else if (command == ADD_LEAVES) addLeaves();
  else if (command == GRADIENTS) computeGradients(thread);
  else if (command == PREPARE) prepareRows();
  else if (command == WALK) walkTrees();
  else if (command == BIN) binBlock();
  else if (command == CHECK_BUNDLES) checkBundles(thread);
  else if (command == COUNT_VALUES) countValues();
  else if (command == BIN_SPARSE) binSparse();
  else if (command == BIN_ENTRIES) binEntries();
  else if (command == SKETCH) addBlockToSketch();
  else if (command == SKETCH_ENTRIES) addEntriesToSketch();
  else if (command == SORT) findCuts(thread);
}

/** A helper thread's life: from its arrival to the EXIT command. */
export function serve(): void {
  let seen = atomic.load<i32>(EPOCH);
  const helper = atomic.add<i32>(ARRIVED, 1);
  while (true) {
    let epoch = atomic.load<i32>(EPOCH);
    for (let spin = 0; epoch == seen && spin < SPINS; spin++) epoch = atomic.load<i32>(EPOCH);
    while (epoch == seen) {
      atomic.wait<i32>(EPOCH, seen, -1);
      epoch = atomic.load<i32>(EPOCH);
    }
    seen = epoch;
    if (helper >= (epoch & 255)) continue; // arrived after this phase had begun
    if (load<i32>(COMMAND) == EXIT) return;
    work(helper + 1);
    if (atomic.add<i32>(DONE, 1) + 1 == (epoch & 255)) atomic.notify(DONE, 1);
  }
}

/**
 * Starts the phase that COMMAND, TASKS and TASK_COUNT describe, works on it as thread 0 and waits for the others. Traps
 * when one of them has failed.
 */
export function runPhase(): void {
  const helpers = atomic.load<i32>(ARRIVED);
  atomic.store<i32>(NEXT_TASK, 0);
  atomic.store<i32>(DONE, 0);
  atomic.store<i32>(EPOCH, (((atomic.load<i32>(EPOCH) >>> 8) + 1) << 8) | helpers);
  if (helpers) atomic.notify(EPOCH, helpers);
  work(0);
  let done = atomic.load<i32>(DONE);
  for (let spin = 0; done < helpers && spin < SPINS; spin++) done = atomic.load<i32>(DONE);
  while (done < helpers) {
    atomic.wait<i32>(DONE, done, -1);
    done = atomic.load<i32>(DONE);
  }
  if (atomic.load<i32>(FAILED)) unreachable();
}
