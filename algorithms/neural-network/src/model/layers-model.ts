/**
 * A network as a TensorFlow.js LayersModel (the Keras functional form), of standard layers only: plain
 * `tf.loadLayersModel` reads it. Its inputs are `numeric`, rows or images as they are, and `category_<column>`, the index
 * of each category; its output is the prediction: a number in the label's unit, or probabilities.
 */
import type { LayerDefinition, NetworkDefinition, TrainedNetwork } from '../network/definition.js';
import { embeddingName, HEAD_NAME } from '../network/weights.js';
import { LAYERS_MODEL_FILE, NAMES, WEIGHTS_FILE } from './files.js';
import { storedValues, storedWeights } from './stored-weights.js';

export interface LayersModelFiles {
  readonly [LAYERS_MODEL_FILE]: string;
  readonly [WEIGHTS_FILE]: Uint8Array;
}

/** Content by file name. */
export function writeLayersModel(network: TrainedNetwork): LayersModelFiles {
  const { definition } = network;
  const values = storedValues(network);
  const stored = storedWeights(definition).map((weight) => ({ ...weight, values: values.get(weight.name)! }));
  const bytes = new Uint8Array(stored.reduce((sum, weight) => sum + weight.values.byteLength, 0));
  let offset = 0;
  for (const { values: part } of stored) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), offset);
    offset += part.byteLength;
  }
  const model = {
    format: 'layers-model',
    generatedBy: 'neural-network',
    convertedBy: null,
    modelTopology: { ...topology(definition), keras_version: 'tfjs-layers 4.22.0', backend: 'tensor_flow.js' },
    weightsManifest: [
      { paths: [WEIGHTS_FILE], weights: stored.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
    ],
  };
  return { [LAYERS_MODEL_FILE]: `${JSON.stringify(model)}\n`, [WEIGHTS_FILE]: bytes };
}

// --- internal ---

type Config = Readonly<Record<string, unknown>>;

/** Adds a layer behind others. @returns its name */
type Add = (className: string, name: string, config: Config, inputs?: string | readonly string[]) => string;

function topology(definition: NetworkDefinition) {
  const layers: object[] = [];
  const inputs: string[] = [];
  const add: Add = (class_name, name, config, given = []) => {
    const sources = typeof given === 'string' ? [given] : given;
    if (class_name === 'InputLayer') inputs.push(name);
    layers.push({
      class_name,
      name,
      config: { name, trainable: true, ...config },
      inbound_nodes: sources.length === 0 ? [] : [sources.map((source) => [source, 0, 0, {}])],
    });
    return name;
  };
  let last = addInputs(definition, add);
  for (const layer of definition.layers) last = addLayer(layer, last, add);
  last = addHead(definition, last, add);
  const references = (names: readonly string[]) => names.map((name) => [name, 0, 0]);
  return {
    class_name: 'Model',
    config: { name: 'network', layers, input_layers: references(inputs), output_layers: references([last]) },
  };
}

/** Standardized numbers and embeddings side by side. */
function addInputs({ imageShape, numericColumns, categoricalInputs }: NetworkDefinition, add: Add): string {
  const parts: string[] = [];
  if (imageShape || numericColumns.length > 0) {
    const shape = imageShape ?? [numericColumns.length];
    const input = add('InputLayer', NAMES.numericInput, inputConfig(shape, 'float32'));
    parts.push(add('BatchNormalization', NAMES.inputScaling, FIXED_SCALING, input));
  }
  for (const { column, values, dimensions } of categoricalInputs) {
    const name = embeddingName(column);
    const input = add('InputLayer', NAMES.categoryInput(column), inputConfig([1], 'int32'));
    const rows = add('Embedding', name, { input_dim: values.length + 1, output_dim: dimensions }, input);
    parts.push(add('Flatten', `${name}_flat`, {}, rows));
  }
  return parts.length === 1 ? parts[0]! : add('Concatenate', NAMES.joined, { axis: -1 }, parts);
}

function inputConfig(shape: readonly number[], dtype: string): Config {
  return { batch_input_shape: [null, ...shape], dtype, sparse: false };
}

/** Statistics in the file are exact: nothing is added to the variance. */
const FIXED_SCALING: Config = { axis: -1, momentum: 0.99, epsilon: 0, center: true, scale: true, trainable: false };

function addLayer(layer: LayerDefinition, input: string, add: Add): string {
  const { name } = layer;
  switch (layer.kind) {
    case 'dense':
      return add('Dense', name, { units: layer.units, activation: layer.activation, use_bias: true }, input);
    case 'convolution':
      return add('Conv2D', name, convolutionConfig(layer), input);
    case 'maxPooling': {
      const size = [layer.size, layer.size];
      const config = { pool_size: size, strides: size, padding: 'valid', data_format: 'channels_last' };
      return add('MaxPooling2D', name, config, input);
    }
    case 'batchNormalization': {
      const { momentum, epsilon } = layer;
      return add('BatchNormalization', name, { axis: -1, momentum, epsilon, center: true, scale: true }, input);
    }
    case 'activation':
      return add('Activation', name, { activation: layer.activation }, input);
    case 'dropout':
      return add('Dropout', name, { rate: layer.rate }, input);
    case 'flatten':
      return add('Flatten', name, {}, input);
  }
}

function convolutionConfig(layer: LayerDefinition & { readonly kind: 'convolution' }): Config {
  return {
    filters: layer.filters,
    kernel_size: [layer.kernelSize, layer.kernelSize],
    strides: [1, 1],
    padding: 'same',
    data_format: 'channels_last',
    activation: layer.activation,
    use_bias: true,
  };
}

const HEAD_ACTIVATIONS = { regression: 'linear', binary: 'sigmoid', multiclass: 'softmax' } as const;

function addHead({ task, outputCount }: NetworkDefinition, input: string, add: Add): string {
  const config = { units: outputCount, activation: HEAD_ACTIVATIONS[task], use_bias: true };
  const head = add('Dense', HEAD_NAME, config, input);
  return task === 'regression' ? add('BatchNormalization', NAMES.outputScaling, FIXED_SCALING, head) : head;
}
