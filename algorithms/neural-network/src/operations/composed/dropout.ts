/**
 * Dropout by a mask that the host computes, so that every backend drops the same entries. A mask is used twice, forward
 * and backward, and computed once.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { dropoutMask, dropoutMaskOfRows } from '../../network/dropout-mask.js';
import type { Operations } from '../operations.js';
import { multiply, upload } from './kernels.js';

/** More than a network has dropout layers, so that no mask is lost between forward and backward. */
const MOST_MASKS = 32;

/** A function with masks of its own. */
export function createDropout(): Operations['dropout'] {
  const waiting = new Map<string, Float32Array>();
  return (input, rate, seed, rows) => {
    const key = `${seed} ${rate} ${input.size}`;
    const known = waiting.get(key);
    const mask = known ?? maskOf(input, rate, seed, rows);
    if (known === undefined) waiting.set(key, mask);
    else waiting.delete(key);
    // Masks whose backward pass never came.
    if (waiting.size > MOST_MASKS) waiting.clear();
    return multiply(input, upload(mask, input.shape));
  };
}

// --- internal ---

function maskOf({ size }: Tensor, rate: number, seed: number, rows: Int32Array | undefined): Float32Array {
  return rows ? dropoutMaskOfRows(size / rows.length, rate, seed, rows) : dropoutMask(size, rate, seed);
}
