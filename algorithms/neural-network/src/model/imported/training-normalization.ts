/**
 * Batch normalization by the batch's own statistics inside a graph, as tf_keras exports LayerNormalization (each row is a
 * channel there). TensorFlow.js takes the statistics from the empty inputs instead, and gives NaN or whatever is in
 * memory; here the node is computed as TensorFlow does.
 */
import { add, batchNorm, moments, mul, reshape, rsqrt, sub, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { ModelJson } from './model-json.js';

/** Operations of the graph that normalize so. */
export function trainingNormalizations({ modelTopology }: ModelJson): readonly string[] {
  const { node } = modelTopology;
  const found = (Array.isArray(node) ? node : []).filter(normalizesByBatch);
  return [...new Set(found.map(({ op }) => op))];
}

/** Makes TensorFlow.js's graph runtime compute these operations right, in all graphs that are loaded later. */
export async function registerNormalizations(names: readonly string[]): Promise<void> {
  const { registerOp } = await import('@tensorflow/tfjs-converter');
  for (const name of names) {
    registerOp(name, ({ inputs, attrs }) => normalize(inputs, attrs as unknown as Attributes));
  }
}

// --- internal ---

interface Attributes {
  readonly is_training?: boolean;
  readonly epsilon?: number;
  /** As TensorFlow.js hands it over: in small letters. */
  readonly data_format?: string;
}

interface Node {
  readonly op: string;
}

function normalizesByBatch(node: { op?: unknown; attr?: { is_training?: { b?: unknown } } }): node is Node {
  // Left out, it is TensorFlow's default: true.
  return /^FusedBatchNorm(V[23])?$/.test(String(node.op)) && node.attr?.is_training?.b !== false;
}

/** The normalized input, then the statistics that it was normalized by. */
function normalize(
  [input, scale, offset, mean, variance]: readonly Tensor[],
  { is_training: isTraining = true, epsilon = 1e-4, data_format: format = 'nhwc' }: Attributes,
): Tensor[] {
  const x = input as Tensor4D;
  if (!isTraining && format === 'nhwc') {
    return [batchNorm(x, mean as never, variance as never, offset as never, scale as never, epsilon), mean!, variance!];
  }
  const axes = format === 'nchw' ? [0, 2, 3] : [0, 1, 2];
  const sides = x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
  const used = isTraining ? moments(x, axes) : { mean: mean!, variance: variance! };
  const wide = (values: Tensor) => reshape(values, sides);
  const factor = mul(rsqrt(add(wide(used.variance), epsilon)), wide(scale!));
  return [add(mul(sub(x, wide(used.mean)), factor), wide(offset!)), used.mean, used.variance];
}
