/** The files of a model: TensorFlow.js's LayersModel, what is needed to read the network back exactly, and ONNX. */

/** Topology and list of weights; the name that TensorFlow.js and its users expect. */
export const LAYERS_MODEL_FILE = 'model.json';
/** All weights, float32, little-endian, one after the other. */
export const WEIGHTS_FILE = 'weights.bin';
/** The definition and the scalings in float64; it marks a model as one of ours. */
export const NETWORK_FILE = 'network.json';
export const ONNX_FILE = 'model.onnx';

/** Names of the inputs and of the parts around a network's own layers, in LayersModel and ONNX. */
export const NAMES = {
  numericInput: 'numeric',
  categoryInput: (column: number) => `category_${column}`,
  inputScaling: 'input_scaling',
  /** Numbers and embeddings side by side. */
  joined: 'inputs',
  outputScaling: 'output_scaling',
} as const;
