/**
 * Threads: how a kernel spreads its work. Every thread has an instance of this module over TensorFlow.js's memory. The
 * main thread's kernel writes arguments, then runs a phase: a command and a number of tasks that threads take one by one.
 * Helpers sit in `serve` between phases. Which thread takes which task never matters for the result.
 *
 * There is no static data here or in any kernel: it would lie in TensorFlow.js's own.
 */
import { work } from './commands';
import { ARGUMENTS, ARRIVED, COMMAND, DONE, EPOCH, NEXT_TASK, TASK_COUNT } from './layout';

/** Looks at a word this often before going to sleep: about 50 µs, longer than JavaScript needs between two kernels. */
const SPINS = 10000;

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
 */
export function runPhase(command: i32, taskCount: i32, isLarge: bool): void {
  const helpers = isLarge && taskCount > 1 ? atomic.load<i32>(control, ARRIVED) : 0;
  store<i32>(control, command, COMMAND);
  store<i32>(control, taskCount, TASK_COUNT);
  atomic.store<i32>(control, 0, NEXT_TASK);
  if (!helpers) {
    work(command, 0);
    return;
  }
  atomic.store<i32>(control, 0, DONE);
  atomic.store<i32>(control, (((atomic.load<i32>(control, EPOCH) >>> 8) + 1) << 8) | helpers, EPOCH);
  atomic.notify(control + EPOCH, helpers);
  work(command, 0);
  let done = atomic.load<i32>(control, DONE);
  for (let spin = 0; done < helpers && spin < SPINS; spin++) done = atomic.load<i32>(control, DONE);
  while (done < helpers) {
    atomic.wait<i32>(control + DONE, done, -1);
    done = atomic.load<i32>(control, DONE);
  }
}

/** A helper thread's life; it ends with its worker. */
export function serve(address: usize): void {
  attach(address);
  let seen = atomic.load<i32>(control, EPOCH);
  const helper = atomic.add<i32>(control, 1, ARRIVED);
  while (true) {
    let epoch = atomic.load<i32>(control, EPOCH);
    for (let spin = 0; epoch == seen && spin < SPINS; spin++) epoch = atomic.load<i32>(control, EPOCH);
    while (epoch == seen) {
      atomic.wait<i32>(control + EPOCH, seen, -1);
      epoch = atomic.load<i32>(control, EPOCH);
    }
    seen = epoch;
    const helpers = epoch & 255;
    if (helper >= helpers) continue; // arrived after this phase had begun
    work(load<i32>(control, COMMAND), helper + 1);
    if (atomic.add<i32>(control, 1, DONE) + 1 == helpers) atomic.notify(control + DONE, 1);
  }
}
