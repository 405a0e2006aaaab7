/**
 * Threads: how a kernel spreads its work. Every thread has an instance of this module over TensorFlow.js's memory. The
 * main thread's kernel writes arguments, then runs a phase: a command and a number of tasks that threads take one by one.
 * Helpers sit in `serve` between phases. Which thread takes which task never matters for the result.
 *
 * There is no static data here or in any kernel: it would lie in TensorFlow.js's own.
 */
import { work } from './commands';
import { ARGUMENTS, ARRIVED, COMMAND, FAILED, LEFT, NEXT_TASK, PHASE, TASK_COUNT } from './layout';

/** A helper looks for work this often before it goes to sleep: about 100 µs, as long as a step of training has gaps. */
const HELPER_SPINS: i32 = 5000;
/** As often the main thread looks for the end of a phase: about 20 µs, as long as a task takes. */
const MAIN_SPINS: i32 = 1000;

/** In the phase's word: helpers in the phase, whether others may join, and where its number begins. */
const HELPERS: i32 = 255;
const OPEN: i32 = 256;
const PHASE_BITS: i32 = 9;

/** Address of the control block. */
let control: usize = 0;

/** Says where the control block is; before anything else. */
export function attach(address: usize): void {
  control = address;
}

@inline
export function controlAddress(): usize {
  return control;
}

@inline
export function argument(index: usize): usize {
  return load<u32>(control + (index << 2), ARGUMENTS);
}

@inline
export function setArgument(index: usize, value: usize): void {
  store<u32>(control + (index << 2), <u32>value, ARGUMENTS);
}

@inline
export function realArgument(index: usize): f32 {
  return load<f32>(control + (index << 2), ARGUMENTS);
}

@inline
export function setRealArgument(index: usize, value: f32): void {
  store<f32>(control + (index << 2), value, ARGUMENTS);
}

/** Index of the next task of the phase, or −1 when all are taken. */
@inline
export function takeTask(): i32 {
  const task = atomic.add<i32>(control, 1, NEXT_TASK);
  return task < load<i32>(control, TASK_COUNT) ? task : -1;
}

/** Threads that a phase can have now, the caller's included. */
export function threadCount(): i32 {
  return atomic.load<i32>(control, ARRIVED) + 1;
}

/**
 * Runs the tasks of a command and returns when all are done. A phase in one task, or one that is not `isLarge` (less than
 * some 10 µs: waking a thread costs that), runs on this thread alone.
 *
 * A phase waits for the helpers that have joined it, not for those that are asleep or have no processor at the moment.
 * When a helper has failed, it traps.
 */
export function runPhase(command: i32, taskCount: i32, isLarge: bool): void {
  const helpers = isLarge ? min(taskCount - 1, atomic.load<i32>(control, ARRIVED)) : 0;
  store<i32>(control, command, COMMAND);
  store<i32>(control, taskCount, TASK_COUNT);
  atomic.store<i32>(control, 0, NEXT_TASK);
  if (helpers <= 0) {
    work(command, 0);
    return;
  }
  // The last phase is closed and empty, so no helper writes this word now.
  const number = (atomic.load<i32>(control, PHASE) >>> PHASE_BITS) + 1;
  atomic.store<i32>(control, (number << PHASE_BITS) | OPEN, PHASE);
  atomic.notify(control + PHASE, helpers);
  work(command, 0);
  atomic.sub<i32>(control, OPEN, PHASE);
  let spin = 0;
  for (let phase = atomic.load<i32>(control, PHASE); phase & HELPERS; phase = atomic.load<i32>(control, PHASE)) {
    if (atomic.load<i32>(control, FAILED)) unreachable();
    if (spin < MAIN_SPINS) spin += passTime(phase);
    else {
      const left = atomic.load<i32>(control, LEFT);
      if (atomic.load<i32>(control, FAILED)) unreachable();
      if (atomic.load<i32>(control, PHASE) & HELPERS) atomic.wait<i32>(control + LEFT, left, -1);
    }
  }
}

/** A helper thread's life; it ends with its worker. */
export function serve(address: usize): void {
  attach(address);
  let last = atomic.load<i32>(control, PHASE) >>> PHASE_BITS;
  const helper = atomic.add<i32>(control, 1, ARRIVED);
  while (true) {
    const phase = joinPhase(last);
    last = phase >>> PHASE_BITS;
    work(load<i32>(control, COMMAND), helper + 1);
    if (((atomic.sub<i32>(control, 1, PHASE) - 1) & (OPEN | HELPERS)) == 0) {
      atomic.add<i32>(control, 1, LEFT);
      atomic.notify(control + LEFT, 1);
    }
  }
}

// --- internal ---

/** Waits for an open phase after number `last` and joins it. Returns its word. */
function joinPhase(last: i32): i32 {
  let spin = 0;
  while (true) {
    const phase = atomic.load<i32>(control, PHASE);
    if (phase & OPEN && phase >>> PHASE_BITS != last) {
      if (atomic.cmpxchg<i32>(control, phase, phase + 1, PHASE) == phase) return phase;
    } else if (spin < HELPER_SPINS) spin += passTime(phase);
    else {
      atomic.wait<i32>(control + PHASE, phase, -1);
      spin = 0;
    }
  }
}

/**
 * 1, after some 20 ns: four square roots that wait for each other. A thread that shares the core is kept from
 * nothing but square roots of its own. WebAssembly has no instruction for a pause.
 */
@inline
function passTime(value: i32): i32 {
  const root = Math.sqrt(Math.sqrt(Math.sqrt(Math.sqrt(<f64>(<u32>value)))));
  return root < 0 ? 0 : 1;
}
