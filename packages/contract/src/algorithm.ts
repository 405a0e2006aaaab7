/**
 * The definition of an algorithm: what its author writes (define-algorithm.ts), and the one source from which the program,
 * the validation of hyperparameters and channels, the documents for CreateAlgorithm and CreateModelPackage and the
 * documentation are derived. It has two halves: the declaration, which is data, and the implementation, whose types follow
 * from the data.
 */
import type { z } from 'zod';
import type { Batching } from './batching/limits.js';
import type { ChannelDefinitions } from './channels/channel.js';
import type { Environment } from './environment.js';
import type { Block, FloatsOf, Precision, SparseBlock, ValuePolicy } from './formats/block.js';
import type { AnswerFormat, DeclaredType, RequestFormat } from './formats/formats.js';
import type { MediaType } from './formats/media-type.js';
import type { Log } from './log.js';
import type { AdoptedModel, ImportedModel, ModelArtifact, ModelFolder, ModelInput } from './model/model.js';
import type { AnswerDefinitions, AnswerValue, DecodedValue, InputDefinitions } from './payloads/definition.js';
import type { AvailableOutputs, ColumnsOf, OutputDefinitions, PredictRequest } from './prediction.js';
import type { TrainingJob } from './training/job.js';
import type { MetricDefinition } from './training/metrics.js';

/** What an algorithm without hyperparameters has. */
export type NoHyperparameters = z.ZodObject<Record<never, never>>;

/** Media types of rows that inference reads and writes, the default first. */
export interface RowTypes {
  readonly input?: readonly DeclaredType<RequestFormat>[];
  readonly output?: readonly DeclaredType<AnswerFormat>[];
}

/**
 * The data of a definition, as its author writes it. A product without training (a model package) leaves out
 * `hyperparameters`, `channels` and `metrics`; one that reads and writes no rows leaves out `contentTypes` and `outputs`.
 * @template S the schema of the hyperparameters @template C the channels @template K the names of the metrics
 * @template O the outputs @template T the types of rows @template I own inputs @template A own answers
 * @template F the precision of features
 */
export interface Declaration<
  S extends z.ZodObject = NoHyperparameters,
  C extends ChannelDefinitions = Record<never, never>,
  K extends string = never,
  O extends OutputDefinitions = Record<never, never>,
  T extends RowTypes = Record<never, never>,
  I extends InputDefinitions = InputDefinitions,
  A extends AnswerDefinitions = AnswerDefinitions,
  F extends Precision = 'float64',
> {
  /** Letters, digits and hyphens, at most 63: the name CreateAlgorithm gets. */
  readonly name: string;
  /** Semantic version of the algorithm; it is in the model's manifest. */
  readonly version: string;
  /** At most 1024 characters. */
  readonly description: string;
  /**
   * One zod field per hyperparameter, each with `.meta({ description, tunable })`. Rules across fields go into
   * `checkHyperparameters`.
   */
  readonly hyperparameters?: S;
  /** Problems of the hyperparameters together: one sentence each, empty when all is well. */
  checkHyperparameters?(values: z.output<S>): readonly string[];
  /**
   * Warnings about valid hyperparameters without effect, or with a different effect than they say, one sentence each,
   * for the log.
   */
  hyperparameterWarnings?(values: z.output<S>): readonly string[];
  /** Other names of hyperparameters, e.g. `{ learning_rate: 'eta' }`. */
  readonly hyperparameterAliases?: Readonly<Record<string, NoInfer<keyof S['shape'] & string>>>;
  readonly channels?: C;
  /** The metrics of this algorithm, by name: `{ 'validation:rmse': { goal: 'minimize', description: '…' } }`. */
  readonly metrics?: Readonly<Record<K, MetricDefinition>>;
  /**
   * Names of the metrics that a job with these hyperparameters and channels writes; a tuning job that asks for another
   * one fails immediately. Default: those whose channel (the part of the name before the colon) is there.
   */
  metricsOfJob?(values: z.output<S>, channels: readonly string[]): readonly string[];
  /** Formats of rows that inference reads and writes, the default first. */
  readonly contentTypes?: T;
  /** The columns of answers in rows; `score` comes first by custom. */
  readonly outputs?: O;
  /** Inputs of the algorithm's own, by media type. */
  readonly inputs?: I;
  /** Answers of the algorithm's own, by media type: `request.accept.type` in `predict` says which one is wanted. */
  readonly answers?: A;
  /** What missing and infinite values are; default: both are refused. */
  readonly values?: Partial<ValuePolicy>;
  /**
   * Element type of the features that channels and requests give, default 'float64': the readers write it directly, and
   * blocks have the type of its arrays. 'float32' for an algorithm that computes in float32 (then `values.range` is
   * 'float32' too).
   */
  readonly precision?: F;
  readonly supportsDistributedTraining?: boolean;
  readonly supportsGpu?: boolean;
  /**
   * Requests that come while the model is busy are predicted together; default: each alone. The variables
   * ALGO_BATCH_MAX_ROWS and ALGO_BATCH_MAX_DELAY_MS of a container override these numbers.
   */
  readonly batching?: Batching;
  /** Largest request body of a real-time call in bytes; default 25 MiB, what Marketplace allows. */
  readonly maxPayloadBytes?: number;
}

/** A declaration with what it leaves out filled in. */
export interface Definition<
  S extends z.ZodObject = z.ZodObject,
  C extends ChannelDefinitions = ChannelDefinitions,
  K extends string = string,
  O extends OutputDefinitions = OutputDefinitions,
  T extends RowTypes = RowTypes,
  I extends InputDefinitions = InputDefinitions,
  A extends AnswerDefinitions = AnswerDefinitions,
  F extends Precision = Precision,
> extends Declaration<S, C, K, O, T, I, A, F> {
  readonly hyperparameters: S;
  readonly channels: C;
  readonly metrics: Readonly<Record<K, MetricDefinition>>;
  readonly contentTypes: T & Required<RowTypes>;
  readonly outputs: O;
  readonly inputs: I;
  readonly answers: A;
  readonly values: ValuePolicy;
}

/** What `load` gets. */
export interface LoadContext {
  /** The model; of a model package whose files are in the image, an empty one. */
  readonly artifact: ModelArtifact;
  /** Further artifacts of a model package, by the ChannelName of its AdditionalModelDataSources. */
  readonly additional: Readonly<Record<string, ModelFolder>>;
  readonly environment: Environment;
  readonly log: Log;
  /** Bytes that all processes of the container may use together. */
  readonly memoryLimitBytes: number;
}

/**
 * The functions of a definition that work with a model.
 * @template M the loaded model, which `load` returns @template P what `predict` returns @template In what it gets
 * @template F the precision of features @template N the names of the declared outputs
 */
export interface Inference<M, P, In, F extends Precision = Precision, N extends string = string> {
  /**
   * Describes a model directory without a manifest, one that another program left, so that it can be served too.
   * Undefined when the files are no model that `load` reads. Without this function a manifest is required.
   */
  adoptModel?(model: ImportedModel): AdoptedModel | undefined;
  /** The model from its files, once per serving process. */
  load(context: LoadContext): Promise<M> | M;
  /** Frees what the model holds, such as threads or a device: called once, when nothing asks this model any more. */
  close?(model: NoInfer<M>): Promise<void> | void;
  /** The rows that a loaded model takes, where no manifest says so: of a model package whose files are as they are. */
  modelInput?(model: NoInfer<M>): ModelInput;
  /** The outputs of one loaded model, where they are others than `outputs`: a model of another program names its own. */
  modelOutputs?(model: NoInfer<M>): OutputDefinitions;
  /**
   * Maximum number of workers for this model, called once it is loaded: 1 for a model on a device that one process
   * should own. Default: one for each allowed CPU. SAGEMAKER_MODEL_SERVER_WORKERS overrides both.
   */
  servingProcesses?(model: NoInfer<M>): number;
  /**
   * How requests are predicted together with this model, in place of `batching`.
   * @param asked what the variables ALGO_BATCH_MAX_ROWS and ALGO_BATCH_MAX_DELAY_MS say, where they are set
   */
  modelBatching?(model: NoInfer<M>, asked: Partial<Batching>): Batching | undefined;
  /**
   * The rows of this model that a decoded value is, such as the pixels of an image: `predict` gets them in its place, together
   * with those of other requests where the definition says `batching`. Undefined: `predict` gets the value, alone.
   * @throws ClientError for a value that this model does not take
   */
  rowsOf?(model: NoInfer<M>, value: NoInfer<In>): Block | undefined | Promise<Block | undefined>;
  /**
   * The outputs that a caller may ask for (`Accept: …;output=a,b`, SAGEMAKER_INFERENCE_OUTPUT), by the model and the other
   * parameters of Accept. Default: all declared ones.
   */
  availableOutputs?(model: NoInfer<M>, accept: MediaType): AvailableOutputs;
  /**
   * Maximum number of rows of a request that are predicted in about a millisecond, whatever their values: the process
   * that owns the sockets answers up to this many by itself, which is faster than sending them to a worker. Called for
   * each small request; 0 if its outputs or the model make a row expensive, or if a device belongs to one process.
   * Default: always 0.
   */
  boundedRows?(model: NoInfer<M>, request: Pick<PredictRequest<N>, 'accept' | 'outputs'>): number;
  /**
   * One entry per row and declared output, or a value for the answer of the algorithm's own that `request.accept` names.
   * Called concurrently only if it returns promises or streams, and never where the definition says `batching`. A stream is
   * an async iterable of the same: each part is sent as it comes, and `return()` is called when its caller leaves.
   * @param input rows, or the value of an input of the algorithm's own
   */
  predict(model: NoInfer<M>, input: NoInfer<In>, request: PredictRequest<N>): Answers<P>;
  /** As `predict`, for the rows of sparse requests (libsvm, RecordIO-protobuf with keys); without, they are made dense. */
  predictSparse?(model: NoInfer<M>, input: SparseBlock<FloatsOf<F>>, request: PredictRequest<N>): Answers<P>;
}

/** What `predict` returns: an answer, or a stream of its parts, synchronously or as a promise. */
type Answers<P> = Promise<P | AsyncIterable<P>> | P | AsyncIterable<P>;

/** `train`, of an algorithm that has channels; a model package has none. */
export type Training<
  S extends z.ZodObject,
  C extends ChannelDefinitions,
  K extends string,
  F extends Precision,
> = keyof C extends never
  ? { readonly train?: never }
  : {
      /** Reads the channels, saves a model through `job.saveModel`. */
      train(job: TrainingJob<z.output<NoInfer<S>>, NoInfer<C>, NoInfer<K>, NoInfer<F>>): Promise<void> | void;
    };

/** A definition with the types of its parts closed over, as the SDK's programs take it. */
export interface Algorithm extends Definition, Inference<unknown, unknown, unknown> {
  train?(job: TrainingJob): Promise<void> | void;
}

/** An algorithm with its exact types. Its use does not decide them: it may be assigned to `Algorithm`. */
export type DefinedAlgorithm<
  S extends z.ZodObject,
  C extends ChannelDefinitions,
  K extends string,
  O extends OutputDefinitions,
  T extends RowTypes,
  I extends InputDefinitions,
  A extends AnswerDefinitions,
  F extends Precision,
  M,
> = Definition<NoInfer<S>, NoInfer<C>, NoInfer<K>, NoInfer<O>, NoInfer<T>, NoInfer<I>, NoInfer<A>, NoInfer<F>> &
  Training<NoInfer<S>, NoInfer<C>, NoInfer<K>, NoInfer<F>> &
  Inference<
    NoInfer<M>,
    Answered<NoInfer<T>, NoInfer<O>, NoInfer<A>>,
    Received<NoInfer<T>, NoInfer<I>, NoInfer<F>>,
    NoInfer<F>,
    NoInfer<keyof O & string>
  >;

/** The parsed hyperparameters of a definition. */
export type HyperparametersOf<D extends Definition> = z.output<D['hyperparameters']>;
/** What `train` of a definition gets: `type Job = JobOf<typeof definition>`. */
export type JobOf<D extends Definition> = TrainingJob<
  HyperparametersOf<D>,
  D['channels'],
  keyof D['metrics'] & string,
  PrecisionOf<D>
>;
/** The names of its metrics. */
export type MetricNameOf<D extends Definition> = keyof D['metrics'] & string;
/** What `predict` gets. */
export type InputOf<D extends Definition> = Received<D['contentTypes'], D['inputs'], PrecisionOf<D>>;
/** What `predict` gets besides. */
export type RequestOf<D extends Definition> = PredictRequest<keyof D['outputs'] & string>;
/** The columns that `predict` returns for an answer in rows. */
export type PredictionsOf<D extends Definition> = ColumnsOf<D['outputs']>;
/** The values that `predict` returns for the algorithm's own answers. */
export type AnswerOf<D extends Definition> = AnswerValue<D['answers']>;

/** Of the features that its channels and requests give. */
type PrecisionOf<D extends Definition> = NonNullable<D['precision']>;

/** Rows where a format of rows is declared, and the values of own inputs. */
export type Received<T extends RowTypes, I extends InputDefinitions, F extends Precision> =
  | (T extends { readonly input: readonly [string, ...string[]] } ? Block<FloatsOf<F>> : never)
  | DecodedValue<I, F>;
/** Columns where a format of rows is declared, and the values of own answers. */
type Answered<T extends RowTypes, O extends OutputDefinitions, A extends AnswerDefinitions> =
  | (T extends { readonly output: readonly [string, ...string[]] } ? ColumnsOf<O> : never)
  | AnswerValue<A>;
