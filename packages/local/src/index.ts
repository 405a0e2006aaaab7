/**
 * SageMaker on this machine: an algorithm's program run as the platform runs its container. The library never prints;
 * it tells what happens through events.
 */

// Files
export { packFolder, unpackArchive } from './archive.js';
export type { ContainerExit } from './container.js';
// Find an algorithm
export type { AlgorithmDescription, MetricDefinition } from './description.js';
export { type Endpoint, type EndpointRequest, type InvokeRequest, startEndpoint } from './endpoint.js';
export { ENGINE_NAMES, type Engine, type EngineName, findEngine } from './engine.js';
export { ArgumentError, JobError } from './errors.js';
// Listen and fail
export type { LocalEvent, OnEvent, TrainingStatus } from './events.js';
export type { BatchStrategy, ExecutionParameters } from './execution-parameters.js';
export { removeTree } from './file-tree.js';
// Images
export { buildImage, type ImageBuildRequest } from './image/build.js';
export { checkImage, type ImageCheck, type ImageCheckRequest } from './image/check.js';
export { type PushPlanRequest, planPush } from './image/push-plan.js';
export type { CheckItem } from './image/rules.js';
export { type ContainerLimits, type ImageProgram, type OpenImageRequest, openImageProgram } from './image-program.js';
// Serve
export type { Answer } from './invocation.js';
export { type Comparison, compareOutputs, type Difference, describeDifference } from './output-comparison.js';
export { checkPort, isListening } from './port.js';
export { describeProgram, type FileProgram, isImageProgram, locateProgram, type Program } from './program.js';
export type { AssembleWith } from './record-assemble.js';
export type { SplitType } from './record-split.js';
// Train
export { runTrainingJob, type TrainingJobResult } from './training-job.js';
export type { MetricValue } from './training-metrics.js';
export type { ChannelInput, InputMode, TrainingJobRequest } from './training-request.js';
// Transform
export { runTransformJob, type TransformFileResult, type TransformJobResult } from './transform-job.js';
export type { TransformJobRequest } from './transform-request.js';
// Validate
export { type StepResult, type Validation, validateAlgorithm } from './validation.js';
export { PROFILE_FILE, readValidationProfile, type ValidationProfile } from './validation-profile.js';
export type { ValidationRequest } from './validation-work.js';
