/** Answers to requests. */

export { OUTPUTS, type OutputName } from './outputs.js';
export { availableOutputs, loadModel, modelOutputs, predictRows, type ServedModel, servingProcesses } from './serve.js';
