/**
 * The data of an algorithm: what its author declares (define-algorithm.ts), and the one source from which the validation of
 * hyperparameters and channels, the documents for CreateAlgorithm and CreateModelPackage and the documentation are derived.
 */
import type { z } from 'zod';
import type { Batching } from './batching/limits.js';
import type { ChannelDefinitions } from './channels/channel.js';
import type { ConversationDefinition } from './conversation/definition.js';
import type { Precision, ValuePolicy } from './formats/block.js';
import type { AnswerFormat, DeclaredType, RequestFormat } from './formats/formats.js';
import type { AnswerDefinitions, InputDefinitions } from './payloads/definition.js';
import type { OutputDefinitions } from './prediction.js';
import type { Sessions } from './serve/sessions/session-rules.js';
import type { MetricDefinition } from './training/metrics.js';

/** What an algorithm without hyperparameters has. */
export type NoHyperparameters = z.ZodObject<Record<never, never>>;

/** Rules across hyperparameters that each are valid on their own. @template S the schema of the hyperparameters */
export interface HyperparameterRules<S extends z.ZodObject = z.ZodObject> {
  /** Problems of the hyperparameters together: one sentence each, empty when all is well. */
  checkHyperparameters?(values: z.output<S>): readonly string[];
  /**
   * Warnings about valid hyperparameters without effect, or with a different effect than they say, one sentence each,
   * for the log.
   */
  hyperparameterWarnings?(values: z.output<S>): readonly string[];
}

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
> extends HyperparameterRules<S> {
  /** Letters, digits and hyphens, at most 63: the name CreateAlgorithm gets. */
  readonly name: string;
  /** Semantic version of the algorithm; it is in the model's manifest. */
  readonly version: string;
  /** At most 1024 characters. */
  readonly description: string;
  /**
   * One zod field per hyperparameter, each with `.meta({ description, tunable })`. Rules across fields go into
   * `checkHyperparameters`. A function that makes it is called when a job or `describe` needs it: a server does without
   * it, and the fields of a long list take milliseconds at every start.
   */
  readonly hyperparameters?: S | (() => S);
  /**
   * In place of `hyperparameters`, from a module that a server does not load, nor zod for it:
   * `async () => (await import('./hyperparameters.js')).hyperparameters`. The definition has it once this has ended.
   */
  loadHyperparameters?(): Promise<S>;
  /**
   * Called when a job begins, for `checkHyperparameters` and `hyperparameterWarnings` in place of those here:
   * `() => import('./rules.js')`. A server then does not load the module and what it imports.
   */
  loadHyperparameterRules?(): Promise<HyperparameterRules<S>>;
  /** Other names of hyperparameters, e.g. `{ learning_rate: 'eta' }`. */
  readonly hyperparameterAliases?: Readonly<Record<string, NoInfer<keyof S['shape'] & string>>>;
  readonly channels?: C;
  /**
   * The name of a further channel, by custom `hyperparameters`, with hyperparameters that are too long or too many for a job:
   * JSON files, each an object of values by name. Those of the job itself come before them.
   */
  readonly hyperparameterChannel?: string;
  /**
   * Whether the variables `SM_…` of AWS's training toolkit are set when `train` begins, for code that reads them and for
   * programs that are started; default false.
   */
  readonly setsToolkitVariables?: boolean;
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
  /** Conversations over an endpoint's bidirectional stream, which `converse` holds; default: none. */
  readonly conversation?: ConversationDefinition;
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
   * Whether a process may hold one model only, as where a library has global state. A container of many models then has a
   * worker for each, which takes more memory; default false.
   */
  readonly hasOneModelPerProcess?: boolean;
  /**
   * Requests that come while the model is busy are predicted together; default: each alone. The variables
   * ALGO_BATCH_MAX_ROWS and ALGO_BATCH_MAX_DELAY_MS of a container override these numbers.
   */
  readonly batching?: Batching;
  /**
   * Callers may open stateful sessions, whose state `predict` gets as `request.session`. Default: a request that names
   * a session is refused.
   */
  readonly sessions?: Sessions;
  /**
   * Whether 2xx answers say how many inferences they count as (X-Amzn-Inference-Metering), for a product that is priced by
   * inference: their rows, or what `units` says. Default false: without the header each successful call is one inference.
   */
  readonly isMetered?: boolean;
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
  /** @throws AlgorithmError where the declaration has `loadHyperparameters`, before that has ended */
  readonly hyperparameters: S;
  /** The same; loads it where the declaration says so. */
  loadHyperparameters(): Promise<S>;
  readonly channels: C;
  readonly metrics: Readonly<Record<K, MetricDefinition>>;
  readonly contentTypes: T & Required<RowTypes>;
  readonly outputs: O;
  readonly inputs: I;
  readonly answers: A;
  readonly values: ValuePolicy;
}
