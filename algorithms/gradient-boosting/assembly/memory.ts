/**
 * Reading the settings (layout.ts) and the tasks of the running phase.
 */
import * as Layout from './layout';

export { takeTask } from '@algo/numerics/assembly/threads';

@inline
export function word(address: usize): usize {
  return load<u32>(address);
}

@inline
export function real(address: usize): f64 {
  return load<f64>(address);
}

@inline
export function taskAddress(task: i32, taskBytes: usize): usize {
  return word(Layout.TASKS) + <usize>task * taskBytes;
}
