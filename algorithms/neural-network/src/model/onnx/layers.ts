/**
 * A network's layers as ONNX nodes. ONNX has channels first, the network last: images are turned once at the start and
 * once where they become rows of numbers, and kernels when they are written.
 */
import type { ActivationName, LayerDefinition, Weights } from '../../network/definition.js';
import type { GraphBuilder } from './graph.js';

/** What goes into a layer. */
export interface LayerInput {
  /** Name of the values: [rows × columns], or [rows × channels × height × width]. */
  readonly value: string;
  /** Shape of one row as the network has it: channels last. */
  readonly shape: readonly number[];
  readonly weights: Weights;
}

/** @returns the name of the layer's output */
export function addLayer(graph: GraphBuilder, layer: LayerDefinition, input: LayerInput): string {
  const { name } = layer;
  const { value, shape, weights } = input;
  switch (layer.kind) {
    case 'dense':
      return addActivated(graph, layer.activation, name, (before) =>
        addDense(graph, before, value, layer.units, weights, name),
      );
    case 'convolution':
      return addActivated(graph, layer.activation, name, (before) => addConvolution(graph, before, layer, input));
    case 'maxPooling': {
      const size = [layer.size, layer.size];
      return graph.node('MaxPool', name, [value], { kernel_shape: size, strides: size });
    }
    case 'batchNormalization': {
      const channels = shape.at(-1)!;
      const parts = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((part) =>
        graph.constant(`${name}/${part}`, [channels], weights.get(`${name}/${part}`)!),
      );
      return graph.node('BatchNormalization', name, [value, ...parts], { epsilon: { float: layer.epsilon } });
    }
    case 'activation':
      return addActivation(graph, layer.activation, name, value);
    case 'dropout':
      return value;
    case 'flatten':
      return shape.length > 1 ? addFlatten(graph, name, value) : value;
  }
}

/** input · kernel + bias. @param layer whose weights it has, when the node's name is another */
export function addDense(
  graph: GraphBuilder,
  name: string,
  input: string,
  units: number,
  weights: Weights,
  layer = name,
): string {
  const values = weights.get(`${layer}/kernel`)!;
  const kernel = graph.constant(`${layer}/kernel`, [values.length / units, units], values);
  const bias = graph.constant(`${layer}/bias`, [units], weights.get(`${layer}/bias`)!);
  return graph.node('Gemm', name, [input, kernel, bias]);
}

/** The activation as one node, or as the few that it is made of. */
export function addActivation(graph: GraphBuilder, activation: ActivationName, name: string, input: string): string {
  switch (activation) {
    case 'linear':
      return graph.node('Identity', name, [input]);
    case 'relu':
      return graph.node('Relu', name, [input]);
    case 'tanh':
      return graph.node('Tanh', name, [input]);
    case 'sigmoid':
      return graph.node('Sigmoid', name, [input]);
    case 'elu':
      return graph.node('Elu', name, [input], { alpha: { float: 1 } });
    case 'swish': {
      return graph.node('Mul', name, [input, graph.node('Sigmoid', `${name}_sigmoid`, [input])]);
    }
    case 'gelu':
      return addGelu(graph, name, input);
  }
}

// --- internal ---

/** An image as a row of numbers, channels last as the network counts them. */
function addFlatten(graph: GraphBuilder, name: string, input: string): string {
  const channelsLast = graph.node('Transpose', `${name}_channels_last`, [input], { perm: [0, 2, 3, 1] });
  return graph.node('Flatten', name, [channelsLast], { axis: 1 });
}

/** A layer whose own node has another name when an activation follows, so that the layer's name is that of its output. */
function addActivated(
  graph: GraphBuilder,
  activation: ActivationName,
  name: string,
  addLinear: (name: string) => string,
): string {
  if (activation === 'linear') return addLinear(name);
  return addActivation(graph, activation, name, addLinear(`${name}_linear`));
}

/** x · (1 + erf(x ÷ √2)) ÷ 2; an operator of its own came with a later operator set. */
function addGelu(graph: GraphBuilder, name: string, input: string): string {
  const scalar = (key: string, value: number) => graph.constant(`${name}/${key}`, [], Float32Array.of(value));
  const scaled = graph.node('Mul', `${name}_scaled`, [input, scalar('scale', Math.SQRT1_2)]);
  const error = graph.node('Erf', `${name}_erf`, [scaled]);
  const shifted = graph.node('Add', `${name}_shifted`, [error, scalar('one', 1)]);
  const share = graph.node('Mul', `${name}_share`, [shifted, scalar('half', 0.5)]);
  return graph.node('Mul', name, [input, share]);
}

function addConvolution(
  graph: GraphBuilder,
  node: string,
  { name, filters, kernelSize }: LayerDefinition & { readonly kind: 'convolution' },
  { value, shape, weights }: LayerInput,
): string {
  const channels = shape.at(-1)!;
  const values = filtersFirst(weights.get(`${name}/kernel`)!, kernelSize ** 2, channels, filters);
  const kernel = graph.constant(`${name}/kernel`, [filters, channels, kernelSize, kernelSize], values);
  const bias = graph.constant(`${name}/bias`, [filters], weights.get(`${name}/bias`)!);
  const margin = (kernelSize - 1) / 2;
  return graph.node('Conv', node, [value, kernel, bias], {
    kernel_shape: [kernelSize, kernelSize],
    pads: [margin, margin, margin, margin],
  });
}

/** [places × channels × filters] to [filters × channels × places]. */
function filtersFirst(kernel: Float32Array, places: number, channels: number, filters: number): Float32Array {
  const turned = new Float32Array(kernel.length);
  for (let place = 0, from = 0; place < places; place++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let filter = 0; filter < filters; filter++, from++) {
        turned[(filter * channels + channel) * places + place] = kernel[from]!;
      }
    }
  }
  return turned;
}
