/** @algo/contract: Amazon SageMaker's container contract, training and inference, around an algorithm of yours. */

// Define an algorithm

export type { Algorithm, DefinedAlgorithm } from './algorithm.js';
export { type Batching, batchingVariables } from './batching/limits.js';
export { allClasses, bothClasses, CLASS_OUTPUTS, largestIndex, namedClasses } from './class-columns.js';
export type { ConversationDefinition, ConversationRequest } from './conversation/definition.js';
export type { Message, MessagePart } from './conversation/wire-message.js';
export type { Declaration, Definition, HyperparameterRules, NoHyperparameters, RowTypes } from './declaration.js';
export { declareAlgorithm, defineAlgorithm } from './define-algorithm.js';
export type { Answered, LoadContext } from './implementation.js';
export type { AnswerDefinition, DecoderContext, InputDefinition, PayloadContext } from './payloads/definition.js';
export type {
  AvailableOutputs,
  ColumnsOf,
  OutputDefinition,
  PredictionColumn,
  Predictions,
  PredictRequest,
  Session,
} from './prediction.js';
export type { MetricDefinition } from './training/metrics.js';
export type {
  AnswerOf,
  HyperparametersOf,
  InputOf,
  JobOf,
  MetricNameOf,
  PredictionsOf,
  RequestOf,
} from './types-of.js';

// Make it a program

export { run } from './main.js';

// Work with what a training job gives you

export { featureNamesOf, readerOf, unpackFiles } from './channels/archive.js';
export type {
  AttributeValue,
  Channel,
  ChannelDefinition,
  ChannelDefinitions,
  ChannelFile,
  ChannelItem,
  EitherChannel,
  FileChannel,
  JobChannels,
  JsonValue,
} from './channels/channel.js';
export {
  type ReplayableRows,
  type ReplayOptions,
  replayableRows,
  replayableStoredRows,
} from './channels/replayable-rows.js';
export { placeOfRow } from './channels/row-place.js';
export type { RowsForm } from './channels/rows-form.js';
export { type ChannelHosts, describeShare, type RowNumbers } from './channels/sharing.js';
export {
  type FittingRule,
  openStartModel,
  requireFitting,
  requireStartColumns,
  type StartModel,
  type StartModelJob,
} from './channels/start-model.js';
export type { CheckpointIdentity } from './checkpoint/envelope.js';
export { type JobCheckpoint, type JobCheckpointOptions, requireReach } from './checkpoint/job-checkpoint.js';
export type { CheckpointStore } from './checkpoint/store.js';
export { definedValues, HISTORY_FILE, type HistoryEntry, historyReport } from './training/history.js';
export type { TrainingJob } from './training/job.js';
export type { MetricsWriter } from './training/metrics.js';
export { type StopSignal, stopNameOf } from './training/stop.js';
export { isStopError, stoppedBefore } from './training/stopped.js';

// Declare hyperparameters and content types that many algorithms have

export { ANSWER_TYPES, MODEL_TYPES, REQUEST_TYPES, TRAINING_TYPES } from './formats/content-types.js';
export { csvWeights, fixed, seed, tunable } from './hyperparameters/fields.js';
export { isWhole, nameList, numberGroups, numberList } from './hyperparameters/lists.js';
export { isNumberList, parseNestedList } from './hyperparameters/nested-list.js';

// Rows, in training and in inference

export {
  type Block,
  type BlockOptions,
  type FloatsOf,
  isSparse,
  type Precision,
  type SparseBlock,
  type SparseEntries,
  type ValuePolicy,
} from './formats/block.js';
export type { Categories, UnseenCategories } from './formats/categories/categories.js';
export { spreadRows } from './formats/densify.js';
export type { MediaType } from './formats/media-type.js';
export { denseRows, isRows } from './payloads/rows.js';

// Models, of your own and of other programs

export { type FileKind, KIND_BYTES, type KnownFile, recognizeFile } from './model/file-kinds.js';
export type {
  AdoptedModel,
  ImportedModel,
  ModelArtifact,
  ModelContent,
  ModelFiles,
  ModelFolder,
  ModelInput,
} from './model/model.js';
export { writeModel } from './model/save.js';

// The machine and the platform

export { type Communicator, type Numbers, oneHost } from './cluster/communicator.js';
export { type PeersJob, type PeersOptions, waitForPeers } from './cluster/peers.js';
export type { InstanceGroup, ResourceConfig } from './cluster/resource-config.js';
export { toolkitVariables } from './cluster/toolkit-variables.js';
export { allowedCpus } from './cpu-count.js';
export type { Environment } from './environment.js';
export type { Log } from './log.js';
export { memoryLimit } from './serve/memory-plan.js';
export { servingThreads } from './serve/process-count.js';

// Report what went wrong

export { AlgorithmError, ClientError, ContractError, ERROR_CODES, type ErrorCode, PlatformError } from './errors.js';

// Describe it to the service

export type { FieldDescription, PayloadDescription } from './payloads/describe.js';
export type {
  ChannelSpecification,
  Description,
  HyperParameterSpecification,
} from './specification/description.js';
