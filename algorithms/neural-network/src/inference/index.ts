/** Answers requests. */

export { closeModel, loadModel, type ServedModel } from './load.js';
export { availableOutputs, boundedRows, modelBatching, modelOutputs, servingProcesses } from './model-traits.js';
export { predictInput, rowsOfInput } from './predict.js';
