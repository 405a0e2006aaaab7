/** Answers to requests. */

export { OUTPUTS } from './outputs.js';
export {
  availableOutputs,
  boundedRows,
  loadModel,
  modelOutputs,
  predictRows,
  type ServedModel,
  servingProcesses,
} from './serve.js';
