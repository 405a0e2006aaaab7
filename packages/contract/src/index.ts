/** @algo/contract: Amazon SageMaker's container contract, training and inference, around an algorithm of yours. */

// Define an algorithm
export {
  type Algorithm,
  type AlgorithmDefinition,
  defineAlgorithm,
  type OutputDefinition,
  type PredictionColumn,
  type Predictions,
  type PredictRequest,
  type TrainingJob,
} from './algorithm.js';
// Work with what a job gives you
export { featureNamesOf, readerOf, unpackFiles } from './channels/archive.js';
export type { Channel, ChannelDefinition, ChannelDefinitions, ChannelFile } from './channels/channel.js';
export { type DigestedChannel, digestRows } from './channels/row-digest.js';
export type { CheckpointIdentity } from './checkpoint/envelope.js';
export type { CheckpointStore } from './checkpoint/store.js';
export { allowedCpus } from './cpu-count.js';
export type { Environment } from './environment.js';
// Report what went wrong
export { AlgorithmError, ClientError, ContractError, ERROR_CODES, type ErrorCode, PlatformError } from './errors.js';
export { type Block, type BlockOptions, isSparse, type SparseBlock, type ValuePolicy } from './formats/block.js';
export type { MediaType } from './formats/media-type.js';
export type { Log } from './log.js';
export { run } from './main.js';
export { type FileKind, KIND_BYTES, type KnownFile, recognizeFile } from './model/file-kinds.js';
export type { Manifest } from './model/manifest.js';
export type { AdoptedModel, ImportedModel, ModelArtifact, ModelFiles } from './model/store.js';
export { memoryLimit } from './serve/memory-plan.js';
export type { AvailableOutputs } from './serve/requested-outputs.js';
export type {
  ChannelSpecification,
  Description,
  HyperParameterSpecification,
} from './specification/description.js';
export type { MetricDefinition, MetricsWriter } from './training/metrics.js';
// Describe it to the service
export { type StopSignal, stopNameOf } from './training/stop.js';
