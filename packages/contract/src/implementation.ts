/** The functions of an algorithm: those that work with a model, and the one that makes it. Their types follow from the data. */
import type { z } from 'zod';
import type { Batching } from './batching/limits.js';
import type { ChannelDefinitions } from './channels/channel.js';
import type { ConversationRequest } from './conversation/definition.js';
import type { Message, MessagePart } from './conversation/wire-message.js';
import type { Environment } from './environment.js';
import type { Block, FloatsOf, Precision, SparseBlock } from './formats/block.js';
import type { MediaType } from './formats/media-type.js';
import type { Log } from './log.js';
import type { AdoptedModel, ImportedModel, ModelArtifact, ModelFolder, ModelInput } from './model/model.js';
import type { AvailableOutputs, OutputDefinitions, PredictRequest } from './prediction.js';
import type { TrainingJob } from './training/job.js';

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

/** An answer that is to be charged. @template P what `predict` returned @template N the names of the declared outputs */
export interface Answered<P, N extends string = string> {
  /** Of the answer; of a stream the rows of its request. 1 for a value that has no rows. */
  readonly rows: number;
  /** What `predict` returned; undefined for a stream, whose units must be known before its first part. */
  readonly predicted: P | undefined;
  readonly request: PredictRequest<N>;
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
   * Unless it is 0, the rows of a large body of CSV may be predicted in several calls, by all workers. Default: always 0.
   */
  boundedRows?(model: NoInfer<M>, request: Pick<PredictRequest<N>, 'accept' | 'outputs'>): number;
  /**
   * One entry per row and declared output, or a value for the answer of the algorithm's own that `request.accept` names.
   * Called concurrently only if it returns promises or streams, and never where the definition says `batching`. A stream is
   * an async iterable of the same: each part is sent as it comes, and `return()` is called when its caller leaves.
   * @param input rows, or the value of an input of the algorithm's own
   */
  predict(model: NoInfer<M>, input: NoInfer<In>, request: PredictRequest<N>): Answers<P>;
  /**
   * How many inferences an answer counts as, an integer ≥ 0, where the definition says `isMetered`. An answer to no rows
   * counts as 0. Default: its rows.
   */
  units?(model: NoInfer<M>, answered: Answered<P, N>): number;
  /** As `predict`, for the rows of sparse requests (libsvm, RecordIO-protobuf with keys); without, they are made dense. */
  predictSparse?(model: NoInfer<M>, input: SparseBlock<FloatsOf<F>>, request: PredictRequest<N>): Answers<P>;
  /**
   * Holds one conversation, where the definition declares `conversation`: gets the caller's messages as they come, and yields
   * its own whenever it has one. It ends the conversation by returning. Called concurrently, for each conversation. `return()`
   * of what it gives is called when the caller leaves.
   * @throws ClientError for a mistake of the caller, who gets its text as the reason of the close
   */
  converse?(
    model: NoInfer<M>,
    messages: AsyncIterable<Message>,
    request: ConversationRequest,
  ): AsyncIterable<Message | MessagePart>;
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
