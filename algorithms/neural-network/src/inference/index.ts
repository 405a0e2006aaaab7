/** Answers to requests. */

export { OUTPUTS } from './outputs.js';
export { predictInput } from './predict.js';
export {
  availableOutputs,
  boundedRows,
  closeModel,
  loadModel,
  modelOutputs,
  predictRows,
  type ServedModel,
  servingProcesses,
} from './serve.js';
