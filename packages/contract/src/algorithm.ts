/**
 * The definition of an algorithm: what its author writes, and the one source from which the program, the validation of
 * hyperparameters and channels, the documents for CreateAlgorithm and the documentation are derived.
 */
import type { z } from 'zod';
import type { Channel, ChannelDefinitions } from './channels/channel.js';
import type { CheckpointStore } from './checkpoint/store.js';
import type { Environment } from './environment.js';
import type { Block, SparseBlock, ValuePolicy } from './formats/block.js';
import type { MediaType } from './formats/media-type.js';
import type { Log } from './log.js';
import type { AdoptedModel, ImportedModel, ModelArtifact, ModelFiles } from './model/store.js';
import type { AvailableOutputs } from './serve/requested-outputs.js';
import type { MetricDefinition, MetricsWriter } from './training/metrics.js';
import type { StopSignal } from './training/stop.js';

/** One key of a prediction, such as `score`. */
export interface OutputDefinition {
  readonly description: string;
  /** Only there on request; default false: always returned. */
  readonly optional?: boolean;
}

/** Predictions as columns, one entry a row; a `width` above 1 makes each entry a list. */
export type PredictionColumn =
  | Float64Array
  | Float32Array
  | Int32Array
  | readonly string[]
  | { readonly values: Float64Array | Float32Array | Int32Array; readonly width: number };

/** The columns by output name. Where nobody asks for outputs, an answer has them in the order of the definition. */
export type Predictions = Readonly<Record<string, PredictionColumn>>;

/** What `predict` may know of the request beside its rows. */
export interface PredictRequest {
  /** The negotiated answer type with the caller's parameters, e.g. `text/csv;interval=0.95`. */
  readonly accept: MediaType;
  /**
   * The outputs that the answer will have, in its order, all of them available; undefined when nobody asked for any.
   * Others that `predict` returns are left out of the answer.
   */
  readonly outputs: readonly string[] | undefined;
  /** X-Amzn-SageMaker-Custom-Attributes, as received. */
  readonly customAttributes: string | undefined;
  /** Whether this is a batch transform (SAGEMAKER_BATCH). */
  readonly isBatch: boolean;
  /** Sets X-Amzn-SageMaker-Custom-Attributes of the answer: visible ASCII, at most 1024 characters. */
  setCustomAttributes(value: string): void;
}

/** Everything a training run gets; H is the parsed hyperparameters, C the declared channels. */
export interface TrainingJob<H = Record<string, unknown>, C extends ChannelDefinitions = ChannelDefinitions> {
  readonly hyperparameters: H;
  readonly channels: JobChannels<C>;
  readonly metrics: MetricsWriter;
  readonly log: Log;
  /** One line about how far the work is; printed at a human rate, so it may be called in every round. */
  progress(line: string): void;
  /** Set by SIGTERM; long loops look at it at each safe point, save the best model so far and return. */
  readonly stop: StopSignal;
  readonly checkpoints: CheckpointStore;
  readonly environment: Environment;
  /** The metric that a tuning job optimises, such as `validation:rmse`; its channel is there. */
  readonly objectiveMetric: string | undefined;
  /** Replaces the model in /opt/ml/model as a whole; may be called again as a better model is found. */
  saveModel(files: ModelFiles): void;
  /**
   * Runs work that cannot look at `stop` itself, such as that of a library: a stop ends the job in the middle of it, with
   * the model saved last, or none. @throws ClientError E_STOPPED when the stop came before
   */
  interruptible<T>(work: () => T | Promise<T>): Promise<T>;
  /** Writes a file of /opt/ml/output/data; returns its path. */
  writeOutput(name: string, content: string | Uint8Array): string;
}

/** A declared required channel is there; any other may be undefined. */
export type JobChannels<C extends ChannelDefinitions> = {
  readonly [Name in keyof C]: C[Name] extends { readonly required: true } ? Channel : Channel | undefined;
};

/** What an algorithm's author writes. */
export interface AlgorithmDefinition<S extends z.ZodObject, C extends ChannelDefinitions, M> {
  /** Letters, digits and hyphens, at most 63: the name CreateAlgorithm gets. */
  readonly name: string;
  /** Semantic version of the algorithm; stands in the model's manifest. */
  readonly version: string;
  /** At most 1024 characters. */
  readonly description: string;
  /**
   * One zod field a hyperparameter, each with `.meta({ description, tunable })`. Rules across fields go into
   * `checkHyperparameters`.
   */
  readonly hyperparameters: S;
  /** Problems of the hyperparameters together: one sentence each, empty when all is well. */
  checkHyperparameters?(values: z.output<S>): readonly string[];
  /** What of valid hyperparameters does nothing, or not what it says, a sentence each: a warning in the log. */
  hyperparameterWarnings?(values: z.output<S>): readonly string[];
  /** Other names of hyperparameters, e.g. `{ learning_rate: 'eta' }`. */
  readonly hyperparameterAliases?: Readonly<Record<string, string>>;
  readonly channels: C;
  /** Lets channels through that are not declared; default false: an error that lists the known ones. */
  readonly allowUnknownChannels?: boolean;
  /** The metrics of this algorithm, by name: `{ 'validation:rmse': { goal: 'minimize', description: '…' } }`. */
  readonly metrics: Readonly<Record<string, MetricDefinition>>;
  /**
   * Names of the metrics that a job with these hyperparameters and channels writes; a tuning job that asks for another
   * one fails at once. Default: those whose channel is there, the part of the name before the colon.
   */
  metricsOfJob?(values: z.output<S>, channels: readonly string[]): readonly string[];
  /** Media types read and written by inference, the default first. */
  readonly contentTypes: {
    readonly input: readonly [string, ...string[]];
    readonly output: readonly [string, ...string[]];
  };
  /** The keys of a prediction; `score` comes first by custom. */
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
  /** The outputs of one loaded model, where they are others than `outputs`: a model of another program names its own. */
  modelOutputs?(model: M): Readonly<Record<string, OutputDefinition>>;
  readonly values: ValuePolicy;
  /**
   * Element type of the features that channels and requests give, default 'float64': the readers write it at once.
   * 'float32' for an algorithm that computes in float32 (then `values.range` is 'float32' too).
   */
  readonly precision?: 'float64' | 'float32';
  readonly supportsDistributedTraining?: boolean;
  readonly supportsGpu?: boolean;
  /** Sends the request's custom attributes back when `predict` sets none. */
  readonly echoCustomAttributes?: boolean;
  /** Largest request body of a real-time call in bytes; default 25 MiB, what Marketplace allows. */
  readonly maxPayloadBytes?: number;
  /** Reads the channels, saves a model through `job.saveModel`. */
  train(job: TrainingJob<z.output<S>, C>): Promise<void> | void;
  /**
   * Describes a model directory without a manifest, one that another program left, so that it can be served too.
   * Undefined when the files are no model that `load` reads. Without this function a manifest is required.
   */
  adoptModel?(model: ImportedModel): AdoptedModel | undefined;
  /** The model back from its files, once a serving process. */
  load(artifact: ModelArtifact, environment: Environment, log: Log): Promise<M> | M;
  /**
   * Most workers that may answer with this model, asked once it is loaded: 1 for a model on a device that one process
   * should own. Default: one for each allowed CPU. SAGEMAKER_MODEL_SERVER_WORKERS overrides both.
   */
  servingProcesses?(model: M): number;
  /**
   * The outputs that a caller may ask for (`Accept: …;output=a,b`, SAGEMAKER_INFERENCE_OUTPUT), by the model and the other
   * parameters of Accept. Default: all declared ones.
   */
  availableOutputs?(model: M, accept: MediaType): AvailableOutputs;
  /**
   * Most rows of a request that are predicted in about a millisecond, whatever their values: so few the process that
   * owns the sockets answers by itself, which is faster than to hand them to a worker. Asked for each small request; 0
   * where its outputs or the model make a row dear, or where a device belongs to one process. Without: always 0.
   */
  boundedRows?(model: M, request: Pick<PredictRequest, 'accept' | 'outputs'>): number;
  /** One entry a row and declared output; called concurrently only if it returns promises. */
  predict(model: M, input: Block, request: PredictRequest): Promise<Predictions> | Predictions;
  /** As `predict`, for the rows of sparse requests (libsvm, RecordIO-protobuf with keys); without, they are made dense. */
  predictSparse?(model: M, input: SparseBlock, request: PredictRequest): Promise<Predictions> | Predictions;
}

/** A definition with the types of its parts closed over, as the SDK's programs take it. */
export type Algorithm = AlgorithmDefinition<z.ZodObject, ChannelDefinitions, unknown>;

/**
 * The definition as it stands, with `train`, `load` and `predict` typed by the schema and the channels beside them.
 * Nothing runs here: `train` and `describe` check the definition, and so does the shared test suite.
 */
export function defineAlgorithm<S extends z.ZodObject, const C extends ChannelDefinitions, M>(
  definition: AlgorithmDefinition<S, C, M>,
): Algorithm {
  return definition;
}
