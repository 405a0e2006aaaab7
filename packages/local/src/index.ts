/**
 * SageMaker on this machine: an algorithm's program run as the platform runs its container. The library never prints;
 * it reports what happens through events.
 */

// Find an algorithm: a program or an image

export { bundleOfFolder } from './container/bundle.js';
export type { AlgorithmDescription } from './container/description.js';
export { ENGINE_NAMES, type Engine, type EngineName, findEngine } from './container/engine.js';
export {
  type ContainerLimits,
  type ImageProgram,
  type OpenImageRequest,
  openImageProgram,
} from './container/image-program.js';
export { describeProgram, type FileProgram, isImageProgram, locateProgram, type Program } from './container/program.js';
export type { MetricDefinition } from './training/metric-definition.js';

// Containers and processes that a killed server left

export { isImageReference } from './container/image-reference.js';
export { removeLeftovers } from './container/leftovers.js';
export { killProcesses } from './container/processes.js';
export { killRecorded } from './container/program-record.js';

// Train

export type { ContainerExit } from './container/container.js';
export type { ChannelInput, InputMode } from './training/channel-input.js';
export type { CheckpointRequest } from './training/checkpoint-request.js';
export { type LaidOutChannel, type LayOutRequest, layOutTrainingJob } from './training/lay-out.js';
export { runTrainingJob, type TrainingJobResult } from './training/training-job.js';
export { createMetricFinder, type MetricValue, metricProblem } from './training/training-metrics.js';
export type { TrainingJobRequest } from './training/training-request.js';

// One container at a time, for checks of the contract

export type { Container, ContainerOptions } from './container/container.js';
export { createOptMl, type OptMl, type OptMlTree, writeTrainingConfig } from './container/opt-ml.js';
export { hasVariable, openFiles, readProcesses } from './container/process-table.js';
export { describeAttempts, type OutwardAttempts } from './container/sandbox.js';
export { startContainer } from './container/start-container.js';
export { prepareModel } from './endpoint/model.js';
export { reservePort } from './endpoint/port.js';
export { locateChannels, provideChannels } from './training/channels.js';
export { type InstanceGroup, instanceCountOf, MAX_INSTANCES } from './training/instance-groups.js';
export type { PipeChannel } from './training/pipe-channel.js';

// Serve

export type { Answer } from './endpoint/answer.js';
export { type Endpoint, type EndpointRequest, type InvokeRequest, startEndpoint } from './endpoint/endpoint.js';
export { startEndpoints } from './endpoint/endpoint-group.js';
export type { BatchStrategy, ExecutionParameters } from './endpoint/execution-parameters.js';
export { callPipeline } from './endpoint/pipeline.js';
export { checkPort, isListening } from './endpoint/port.js';
export type { ServerRequest } from './endpoint/server-request.js';
export { ModelNotFound, ModelNotLoaded, ModelNotReady } from './endpoint/target-model-errors.js';
export type { ModelMetric, TargetModels } from './endpoint/target-models.js';

// Transform

export { type DataProcessing, type ProcessedData, planDataProcessing } from './transform/data-processing-rules.js';
export { checkInferenceIds } from './transform/inference-ids.js';
export type { AssembleWith } from './transform/record-assemble.js';
export type { SplitType } from './transform/record-split.js';
export { runTransformJob, type TransformFileResult, type TransformJobResult } from './transform/transform-job.js';
export type { TransformJobRequest } from './transform/transform-request.js';

// Validate

export { checkMetricBounds } from './validation/metric-bounds.js';
export {
  type Comparison,
  compareOutputs,
  type Difference,
  describeDifference,
} from './validation/output-comparison.js';
export { PROFILE_FILE, readValidationProfile } from './validation/profile.js';
export type { ValidationProfile } from './validation/profile-schema.js';
export { checkStoredOutputs, type OutputPair } from './validation/stored-outputs.js';
export { requireSameProduct } from './validation/two-programs.js';
export { type StepResult, type Validation, validateAlgorithm } from './validation/validation.js';
export type { ValidationRequest } from './validation/validation-request.js';

// Images

export { buildImage, type ImageBuildRequest } from './image/build.js';
export { checkImage } from './image/check.js';
export type { CheckItem } from './image/check-item.js';
export type { ImageCheck, ImageCheckRequest } from './image/check-request.js';
export { engineImage } from './image/engine-image.js';
export { pullLocalImage } from './image/pull.js';
export { type PushPlanRequest, planPush } from './image/push-plan.js';
export type { ImageBlob, ImageContent, ImageSource, PushableImage } from './image/pushable.js';

// Files and their content

export { digestFile, listFiles, type TreeFile } from './files/file-tree.js';
export { prepareOutput } from './files/folder.js';
export type { InputDataType } from './files/input-files.js';
export { type Manifest, parseManifest } from './files/manifest.js';
export { packFolder } from './files/pack-archive.js';
export { removeTree } from './files/remove-tree.js';
export { textFault, textOf } from './files/text.js';
export { unpackArchive } from './files/unpack-archive.js';
export { mediaTypeOf } from './media-type.js';
export { splitFields } from './transform/csv-fields.js';

// Time, events and errors

export { callAfter } from './call-after.js';
export { ArgumentError, JobError, messageOf, systemCode } from './errors.js';
export type { LocalEvent, OnEvent, TrainingStatus } from './events.js';
