/**
 * Threads over one shared memory: how a kernel divides its work. Every thread has an instance of the kernel's module.
 * The main thread opens a phase, a command and a number of tasks; all threads take the tasks one by one; the main thread
 * closes the phase. Between phases helpers wait in `nextPhase`. A kernel's own module says what each command does:
 *
 *   main thread:  openPhase(COMMAND, tasks, true);  theWork();  closePhase();
 *   helper:       const thread = arrive(control);   while (true) dispatch(nextPhase(), thread);
 *
 * A phase waits for the helpers that have joined it, and not for those that are asleep or have no processor. Which thread
 * takes which task is chance, so results must not depend on it. There is no static data here: the memory may be another
 * program's.
 */
import { ARRIVED, COMMAND, FAILED, LEFT, PHASE, TASK_COUNT, TASKS_TAKEN } from '../src/threads/control-block';

/** Throws an error that says why a helper has failed. */
@external("threads", "fail")
declare function fail(): void;

/** How often a helper looks for a phase before it sleeps: about 100 µs. To fall asleep and be woken costs half of that. */
const HELPER_SPINS: i32 = 5000;
/** How often the main thread looks for the end of a phase before it sleeps: about as long. */
const MAIN_SPINS: i32 = 5000;

/** Parts of the PHASE word. */
const HELPERS: i32 = 255;
const OPEN: i32 = 256;
const NUMBER_SHIFT: i32 = 9;

/** One of the tasks taken from the last on. */
const ONE_OF_LAST: i64 = 0x100000000;

/** Address of the control block. */
let control: usize = 0;
let isHelper: bool = false;
/** Number of the last phase that this helper has joined. */
let last: i32 = 0;
/** Whether this helper has joined a phase that it has not left. */
let isJoined: bool = false;

/** Sets the address of the control block; before anything else. */
export function attach(address: usize): void {
  control = address;
}

@inline
export function controlBlock(): usize {
  return control;
}

/**
 * Index of a task of the phase that has not been taken, or −1. The main thread takes them from the first on, helpers from
 * the last on: where tasks follow the data's order, a thread meets what it worked on in the phase before, which is still
 * in its processor's cache.
 */
@inline
export function takeTask(): i32 {
  const taken = atomic.add<i64>(control, isHelper ? ONE_OF_LAST : 1, TASKS_TAKEN);
  const ofFirst = <i32>taken;
  const ofLast = <i32>(taken >> 32);
  const left = load<i32>(control, TASK_COUNT) - ofLast;
  if (ofFirst >= left) return -1;
  return isHelper ? left - 1 : ofFirst;
}

/** Threads that can work on a phase now, the main one included. */
export function threadCount(): i32 {
  return max(0, atomic.load<i32>(control, ARRIVED)) + 1;
}

// --- the main thread ---

/**
 * Opens a phase. The main thread then does its part of the work and closes the phase.
 * @param isShared whether helpers may join: it pays from some 10 µs of work on, which is what waking a thread costs
 */
export function openPhase(command: i32, taskCount: i32, isShared: bool): void {
  const phase = atomic.load<i32>(control, PHASE);
  // A phase that was never closed: its main part has failed, or one of its helpers.
  if (phase & (OPEN | HELPERS)) fail();
  store<i32>(control, command, COMMAND);
  store<i32>(control, taskCount, TASK_COUNT);
  atomic.store<i64>(control, 0, TASKS_TAKEN);
  if (!isShared || taskCount < 2) return;
  const helpers = min(taskCount - 1, atomic.load<i32>(control, ARRIVED));
  if (helpers <= 0) return;
  atomic.store<i32>(control, (((phase >>> NUMBER_SHIFT) + 1) << NUMBER_SHIFT) | OPEN, PHASE);
  atomic.notify(control + PHASE, helpers);
}

/** Closes the phase to helpers and waits for those that have joined it. Throws when one of them has failed. */
export function closePhase(): void {
  let phase = atomic.load<i32>(control, PHASE);
  if (!(phase & OPEN)) return;
  phase = atomic.sub<i32>(control, OPEN, PHASE) - OPEN;
  for (let spin = 0; phase & HELPERS; phase = atomic.load<i32>(control, PHASE)) {
    if (spin < MAIN_SPINS) {
      if (atomic.load<i32>(control, FAILED)) fail();
      spin += passTime(phase);
      continue;
    }
    const left = atomic.load<i32>(control, LEFT);
    if (atomic.load<i32>(control, FAILED)) fail();
    if (atomic.load<i32>(control, PHASE) & HELPERS) atomic.wait<i32>(control + LEFT, left, -1);
  }
}

// --- helpers ---

/** Begins a helper's life. Returns its number, from 1. */
export function arrive(address: usize): i32 {
  attach(address);
  isHelper = true;
  last = atomic.load<i32>(control, PHASE) >>> NUMBER_SHIFT;
  return atomic.add<i32>(control, 1, ARRIVED) + 1;
}

/** Leaves the phase that this helper is in, waits for one that it has not been in, and joins it. Returns its command. */
export function nextPhase(): i32 {
  if (isJoined) leavePhase();
  let spin = 0;
  while (true) {
    const phase = atomic.load<i32>(control, PHASE);
    if (phase & OPEN && phase >>> NUMBER_SHIFT != last) {
      if (atomic.cmpxchg<i32>(control, phase, phase + 1, PHASE) == phase) {
        last = phase >>> NUMBER_SHIFT;
        isJoined = true;
        return load<i32>(control, COMMAND);
      }
    } else if (spin < HELPER_SPINS) spin += passTime(phase);
    else {
      atomic.wait<i32>(control + PHASE, phase, -1);
      spin = 0;
    }
  }
}

/** Leaves the phase that this helper is in, which `nextPhase` does too: for a helper that looks for none. */
export function leavePhase(): void {
  isJoined = false;
  if (((atomic.sub<i32>(control, 1, PHASE) - 1) & (OPEN | HELPERS)) == 0) {
    atomic.add<i32>(control, 1, LEFT);
    atomic.notify(control + LEFT, 1);
  }
}

/** Whether this helper is in a phase, which cannot end without it. */
export function isInPhase(): bool {
  return isJoined;
}

// --- internal ---

/**
 * 1, after some 20 ns: four square roots that wait for each other. A thread that shares the core loses nothing to them
 * but square roots of its own. WebAssembly has no instruction for a pause.
 */
@inline
function passTime(value: i32): i32 {
  const root = Math.sqrt(Math.sqrt(Math.sqrt(Math.sqrt(<f64>(<u32>value)))));
  return root < 0 ? 0 : 1;
}
