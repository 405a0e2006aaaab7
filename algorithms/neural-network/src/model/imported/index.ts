/** Models that other programs saved. */

export { adoptModel, modelFile } from './adopt.js';
export { describeShape, type ModelInput } from './inputs.js';
export {
  type ImportedModelFiles,
  type LoadedImportedModel,
  loadImportedModel,
  readImportedModel,
} from './load.js';
export { trainingNormalizations } from './training-normalization.js';
