/** Models as files: written, read, and imported. */

// Ours
export { LAYERS_MODEL_FILE, NETWORK_FILE, ONNX_FILE, WEIGHTS_FILE } from './files.js';
export {
  adoptModel,
  describeShape,
  type ImportedModelFiles,
  type LoadedImportedModel,
  loadImportedModel,
  type ModelInput,
  modelFile,
  readImportedModel,
  trainingNormalizations,
} from './imported/index.js';
export { readTrainedNetwork, writeModelFiles } from './trained-network.js';
