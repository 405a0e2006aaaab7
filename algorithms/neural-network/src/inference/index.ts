/** Answers requests. */

export { predictInput } from './predict.js';
export {
  availableOutputs,
  boundedRows,
  closeModel,
  loadModel,
  modelBatching,
  modelOutputs,
  predictRows,
  type ServedModel,
  servingProcesses,
} from './serve.js';
