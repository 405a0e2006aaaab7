/**
 * Reading the control block and the settings. Addresses stand in layout.ts.
 */
import { NEXT_TASK, TASK_COUNT, TASKS } from './layout';

@inline
export function word(address: usize): usize {
  return load<u32>(address);
}

@inline
export function real(address: usize): f64 {
  return load<f64>(address);
}

/** Index of the next task of the phase, or −1 when all are taken. */
@inline
export function takeTask(): i32 {
  const task = atomic.add<i32>(NEXT_TASK, 1);
  return task < load<i32>(TASK_COUNT) ? task : -1;
}

@inline
export function taskAddress(task: i32, taskBytes: usize): usize {
  return word(TASKS) + <usize>task * taskBytes;
}
