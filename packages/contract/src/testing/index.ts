/** @algo/contract/testing: an /opt/ml tree, training and invocations in memory, and the shared suite. */

// The shared suite
export { algorithmChecks, checkAlgorithm } from './check-algorithm.js';
export type { Check, CheckOptions } from './checks/check.js';

// Its parts, for tests of your own
export { type ContainerContents, type ContainerRoot, makeContainerRoot } from './container-root.js';
export { type InvokeAnswer, type InvokeRequest, openInvocations } from './invoke.js';
export { fillHyperparameters } from './readme.js';
export { tarOf } from './tar-of.js';
export { runPipeTraining, runTraining, type TrainingResult } from './training.js';
