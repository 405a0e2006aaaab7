/** Models as files: written, read back, and taken in from elsewhere. */

// Ours
export { LAYERS_MODEL_FILE, NETWORK_FILE, ONNX_FILE, WEIGHTS_FILE } from './files.js';
export {
  adoptModel,
  describeShape,
  type ForeignModelFiles,
  type LoadedForeignModel,
  loadForeignModel,
  type ModelInput,
  modelFile,
  readForeignModel,
  trainingNormalizations,
  unusable,
} from './foreign/index.js';
export { readTrainedNetwork, writeModelFiles } from './trained-network.js';
