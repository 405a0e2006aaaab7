/**
 * Arguments of commands: words behind the thread pool's control block, which the main thread writes before it opens a
 * phase. What each means the command's file says. There is no static data here or in any kernel: it would lie in
 * TensorFlow.js's own.
 */
import { controlBlock } from '@algo/numerics/assembly/threads';
import { ARGUMENTS } from './layout';

@inline
export function argument(index: usize): usize {
  return load<u32>(controlBlock() + (index << 2), ARGUMENTS);
}

@inline
export function setArgument(index: usize, value: usize): void {
  store<u32>(controlBlock() + (index << 2), <u32>value, ARGUMENTS);
}

@inline
export function realArgument(index: usize): f32 {
  return load<f32>(controlBlock() + (index << 2), ARGUMENTS);
}

@inline
export function setRealArgument(index: usize, value: f32): void {
  store<f32>(controlBlock() + (index << 2), value, ARGUMENTS);
}
