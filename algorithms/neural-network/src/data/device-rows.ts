/**
 * Encoded rows on the device: uploaded as they are, put in another order by one gather, cut into batches by slices. The
 * tensors belong to no scope: the caller disposes them.
 */
import { keep, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { NetworkDefinition } from '../network/definition.js';
import type { InputTensors } from '../network/forward.js';
import type { Operations } from '../operations/operations.js';
import type { Batch } from '../training/trainer.js';
import { labelWidth } from './labels.js';
import type { Window } from './row-chunks.js';

export interface DeviceRows {
  readonly rows: number;
  readonly inputs: InputTensors;
  readonly labels: Tensor;
  readonly weights: Tensor | undefined;
  /** [rows] the same as `weights`, on the host. */
  readonly hostWeights: Float32Array | undefined;
}

/** @param lossWeights [rows] of rows and classes together; undefined for 1 each */
export function uploadRows(
  definition: NetworkDefinition,
  { rows, inputs, labels }: Window,
  lossWeights: Float32Array | undefined,
): DeviceRows {
  const { imageShape, numericColumns, task, outputCount } = definition;
  const width = labelWidth(task, outputCount);
  const shape = imageShape ? [rows, ...imageShape] : [rows, numericColumns.length];
  const numeric = inputs.numeric.subarray(0, rows * numericColumns.length);
  const labelShape = task === 'multiclass' ? [rows] : [rows, width];
  const labelValues = labels.subarray(0, rows * width);
  return {
    rows,
    inputs: {
      numeric: tensor(numeric, shape, 'float32'),
      categories: inputs.categories.map((indices) => tensor(indices.subarray(0, rows), [rows], 'int32')),
    },
    labels: tensor(labelValues, labelShape, task === 'multiclass' ? 'int32' : 'float32'),
    weights: lossWeights && tensor(lossWeights.subarray(0, rows), [rows], 'float32'),
    hostWeights: lossWeights?.subarray(0, rows),
  };
}

/** The same rows in another order. @param order [rows] row numbers */
export function reorderRows(operations: Operations, from: DeviceRows, order: Int32Array): DeviceRows {
  const { hostWeights } = from;
  const indices = tensor(order, [order.length], 'int32');
  const reordered = mapTensors(from, (values) => operations.gather(values, indices));
  indices.dispose();
  return {
    ...reordered,
    rows: order.length,
    hostWeights: hostWeights && Float32Array.from(order, (row) => hostWeights[row]!),
  };
}

/** `count` rows from `first` on. */
export function sliceRows(operations: Operations, from: DeviceRows, first: number, count: number): Batch {
  const sliced = mapTensors(from, (values) =>
    count > 0 ? operations.slice(values, first, count) : withoutRows(values),
  );
  return { ...sliced, rows: count, weightSum: weightOf(from, first, count) };
}

/** Sum of the weights of `count` rows from `first` on. */
export function weightOf({ hostWeights }: Pick<DeviceRows, 'hostWeights'>, first: number, count: number): number {
  return hostWeights?.subarray(first, first + count).reduce((sum, weight) => sum + weight, 0) ?? count;
}

export function disposeRows({ inputs, labels, weights }: Pick<DeviceRows, 'inputs' | 'labels' | 'weights'>): void {
  inputs.numeric.dispose();
  for (const indices of inputs.categories) indices.dispose();
  labels.dispose();
  weights?.dispose();
}

// --- internal ---

/** Every tensor through `change`. */
function mapTensors(
  { inputs, labels, weights }: Pick<DeviceRows, 'inputs' | 'labels' | 'weights'>,
  change: (values: Tensor) => Tensor,
): Pick<DeviceRows, 'inputs' | 'labels' | 'weights'> {
  // A table of categories alone has no numbers, and a host may have no rows, which some kernels do not take: nobody reads them.
  const changed = (values: Tensor) => (values.size === 0 ? values.clone() : tidy(() => keep(change(values))));
  return {
    inputs: {
      numeric: changed(inputs.numeric),
      categories: inputs.categories.map(changed),
    },
    labels: changed(labels),
    weights: weights && changed(weights),
  };
}

function withoutRows({ shape, dtype }: Tensor): Tensor {
  return tensor([], [0, ...shape.slice(1)], dtype);
}
