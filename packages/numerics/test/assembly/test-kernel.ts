/** A kernel to test threads with: what its tasks do, and when its helpers fail, is up to the test. */
import { arrive, closePhase, leavePhase, nextPhase, openPhase, takeTask } from '../../assembly/threads';

export { attach, isInPhase, threadCount } from '../../assembly/threads';

// Commands.
const COUNT = 1;
const FAIL_IN_HELPER = 2;
const FAIL_IN_MAIN = 3;
const ALL_TOGETHER = 4;
const FROM_BOTH_ENDS = 5;

// Words of the memory, behind the control block.
/** [thread] tasks that a thread has done. */
const TASKS_DONE: usize = 1024;
/** Helpers that have begun the running phase. */
const BEGUN: usize = 2048;
/** When a helper fails by itself: 1 before it arrives, 2 after its first phase. With 3 it does not fail, and waits before it arrives. */
const FAILS: usize = 2052;
/** [task] the thread that has done it. */
const DONE_BY: usize = 4096;

export function run(command: i32, tasks: i32, isShared: bool): void {
  atomic.store<i32>(BEGUN, 0);
  openPhase(command, tasks, isShared);
  work(command, 0);
  closePhase();
}

export function serve(control: usize): void {
  if (load<i32>(FAILS) == 1) unreachable();
  while (atomic.load<i32>(FAILS) == 3) {}
  const thread = arrive(control);
  while (true) {
    work(nextPhase(), thread);
    if (load<i32>(FAILS) != 2) continue;
    leavePhase();
    unreachable();
  }
}

function work(command: i32, thread: i32): void {
  if (thread) atomic.add<i32>(BEGUN, 1);
  // The main thread waits for a helper, so that one is surely in the phase.
  else if (command == FAIL_IN_HELPER || command == ALL_TOGETHER) while (atomic.load<i32>(BEGUN) == 0) {}
  if (command == FAIL_IN_HELPER && thread) unreachable();
  if (command == FAIL_IN_MAIN && !thread) unreachable();
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const done = TASKS_DONE + (<usize>thread << 2);
    store<i32>(DONE_BY + (<usize>task << 2), thread);
    atomic.store<i32>(done, load<i32>(done) + 1);
    // Of two threads, neither takes a second task before the other one has taken its first.
    if (command == FROM_BOTH_ENDS) while (atomic.load<i32>(TASKS_DONE + (<usize>(1 - thread) << 2)) == 0) {}
  }
}
