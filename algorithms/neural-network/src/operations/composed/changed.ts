/**
 * Values of many tensors changed as one array: joined on the device, so that they come and go in one copy each.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { concatenate, download, reshape, split, upload } from './kernels.js';

export async function changed(
  tensors: readonly Tensor[],
  change: (values: Float32Array) => void,
): Promise<readonly Tensor[]> {
  const flat = tensors.map((tensor) => reshape(tensor, [tensor.size]));
  const values = await download(concatenate(flat, 0));
  change(values);
  const sizes = tensors.map(({ size }) => size);
  const parts = split(upload(values, [values.length]), sizes, 0);
  return parts.map((part, index) => reshape(part, tensors[index]!.shape));
}
