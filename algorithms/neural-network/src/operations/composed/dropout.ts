/**
 * Dropout by a mask that the host computes, so that every backend drops the same entries.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { dropoutMask } from '../../network/dropout-mask.js';
import { multiply, upload } from './kernels.js';

export function dropout(input: Tensor, rate: number, seed: number): Tensor {
  return multiply(input, upload(dropoutMask(input.size, rate, seed), input.shape));
}
