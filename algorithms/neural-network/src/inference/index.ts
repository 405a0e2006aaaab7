/** Answers requests. */

export { predictInput, rowsOfInput } from './predict.js';
export {
  availableOutputs,
  boundedRows,
  closeModel,
  loadModel,
  modelBatching,
  modelOutputs,
  type ServedModel,
  servingProcesses,
} from './serve.js';
