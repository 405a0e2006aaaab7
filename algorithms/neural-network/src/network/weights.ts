/**
 * Which weights a network has: names, shapes, how they start, and whether training changes them. The order is that of
 * TensorFlow.js's own layers: embeddings, then layer by layer, kernel before bias, then the head.
 */
import type { LayerDefinition, NetworkDefinition } from './definition.js';

export interface WeightDefinition {
  /** `layer/weight`, e.g. `dense_1/kernel`. */
  readonly name: string;
  /** Of a dense kernel [inputs × units], of a convolution [height × width × channels × filters]. */
  readonly shape: readonly number[];
  readonly initializer: 'glorotUniform' | 'heNormal' | 'embeddingUniform' | 'zeros' | 'ones';
  /** False for moving statistics, which a forward pass of training moves. */
  readonly isTrainable: boolean;
  /** Whether l1, l2 and weight decay apply: kernels and embeddings, not biases and scales. */
  readonly isRegularized: boolean;
}

export const HEAD_NAME = 'output';

/** Name of the embedding of a categorical column. */
export function embeddingName(column: number): string {
  return `embedding_${column}`;
}

/** All weights in order. */
export function weightDefinitions(definition: NetworkDefinition): WeightDefinition[] {
  const { categoricalInputs, layers, outputCount } = definition;
  const found: WeightDefinition[] = categoricalInputs.map(({ column, values, dimensions }) => ({
    name: `${embeddingName(column)}/embeddings`,
    shape: [values.length + 1, dimensions],
    initializer: 'embeddingUniform',
    isTrainable: true,
    isRegularized: true,
  }));
  let shape = inputShape(definition);
  for (const layer of layers) {
    for (const weights of layerWeights(layer, shape)) found.push(weights);
    shape = outputShape(layer, shape);
  }
  for (const weights of denseWeights(HEAD_NAME, sizeOf(shape), outputCount, 'linear')) found.push(weights);
  return found;
}

/** Shape of one row as the first layer sees it: embeddings follow the numeric columns. */
export function inputShape({ imageShape, numericColumns, categoricalInputs }: NetworkDefinition): readonly number[] {
  return imageShape ?? [categoricalInputs.reduce((sum, { dimensions }) => sum + dimensions, numericColumns.length)];
}

/** Shape of one row behind a layer. */
export function outputShape(layer: LayerDefinition, shape: readonly number[]): readonly number[] {
  switch (layer.kind) {
    case 'dense':
      return [layer.units];
    case 'convolution':
      return [shape[0]!, shape[1]!, layer.filters];
    case 'maxPooling':
      return [Math.floor(shape[0]! / layer.size), Math.floor(shape[1]! / layer.size), shape[2]!];
    case 'flatten':
      return [sizeOf(shape)];
    default:
      return shape;
  }
}

/** Values in one row of the widest layer, the input included. */
export function widestLayer(definition: NetworkDefinition): number {
  let shape = inputShape(definition);
  let widest = sizeOf(shape);
  for (const layer of definition.layers) {
    shape = outputShape(layer, shape);
    widest = Math.max(widest, sizeOf(shape));
  }
  return widest;
}

/** Values in a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}

// --- internal ---

function layerWeights(layer: LayerDefinition, shape: readonly number[]): WeightDefinition[] {
  const channels = shape.at(-1)!;
  switch (layer.kind) {
    case 'dense':
      return denseWeights(layer.name, channels, layer.units, layer.activation);
    case 'convolution':
      return kernelAndBias(layer.name, [layer.kernelSize, layer.kernelSize, channels, layer.filters], layer.activation);
    case 'batchNormalization':
      return [
        { name: `${layer.name}/gamma`, initializer: 'ones', isTrainable: true },
        { name: `${layer.name}/beta`, initializer: 'zeros', isTrainable: true },
        { name: `${layer.name}/moving_mean`, initializer: 'zeros', isTrainable: false },
        { name: `${layer.name}/moving_variance`, initializer: 'ones', isTrainable: false },
      ].map((weight) => ({ ...weight, shape: [channels], isRegularized: false }) as WeightDefinition);
    default:
      return [];
  }
}

function denseWeights(name: string, inputs: number, units: number, activation: string): WeightDefinition[] {
  return kernelAndBias(name, [inputs, units], activation);
}

/** He's initializer suits activations that are zero for half of their inputs, Glorot's the others. */
function kernelAndBias(name: string, shape: readonly number[], activation: string): WeightDefinition[] {
  const isRectifier = ['relu', 'elu', 'gelu', 'swish'].includes(activation);
  const initializer = isRectifier ? 'heNormal' : 'glorotUniform';
  return [
    { name: `${name}/kernel`, shape, initializer, isTrainable: true, isRegularized: true },
    { name: `${name}/bias`, shape: [shape.at(-1)!], initializer: 'zeros', isTrainable: true, isRegularized: false },
  ];
}
