/** @algo/contract/testing: an /opt/ml tree, training and invocations in memory, and the shared suite. */

// The shared suite

export { algorithmChecks, checkAlgorithm } from './check-algorithm.js';
export type { Check, CheckOptions, RegisterTest } from './checks/check.js';

// Its parts, for tests of your own

export { readCheckpoint } from './checkpoint.js';
export { type ContainerContents, type ContainerRoot, makeContainerRoot } from './container-root.js';
export type { ConverseInMemory, ConverseOptions } from './converse.js';
export { type EncodedType, type EncodeOptions, encodeRows } from './encode-rows.js';
export {
  type Host,
  type HostContents,
  type HostResult,
  type Hosts,
  type HostsJob,
  type HostsNetwork,
  useHosts,
} from './hosts.js';
export { type HyperparameterDeclaration, type ReadHyperparameters, readHyperparameters } from './hyperparameters.js';
export { type InvokeAnswer, type InvokeRequest, openInvocations, openModel } from './invoke.js';
export { type Jobs, type JobsOptions, outputOf, stopWhen, useJobs, watchEntries } from './jobs.js';
export { blocksOf, type MemoryChannel, memoryChannel, type TableOptions, type TableRows } from './memory-channel.js';
export type { RunningProgram } from './program.js';
export { checkReadme, fillHyperparameters, type ReadmeOptions } from './readme.js';
export { openSample, type SampleData } from './sample.js';
export { binaryTable, type CsvTableOptions, classTable, csvTable, regressionTable } from './small-tables.js';
export { tarOf } from './tar-of.js';
export { runPipeTraining, runTraining, type TrainingResult } from './training.js';
