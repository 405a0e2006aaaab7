/**
 * What an algorithm predicts: the outputs it declares, the columns that `predict` returns for them, and what it knows
 * about the request besides its rows.
 */
import type { MediaType } from './formats/media-type.js';

/** One key of a prediction, such as `score`. */
export interface OutputDefinition {
  readonly description: string;
  /** `predict` may leave it out; default false: always returned. */
  readonly optional?: boolean;
}

export type OutputDefinitions = Readonly<Record<string, OutputDefinition>>;

/** Predictions as columns, one entry per row; a `width` above 1 makes each entry a list. */
export type PredictionColumn =
  | Float64Array
  | Float32Array
  | Int32Array
  | readonly string[]
  | { readonly values: Float64Array | Float32Array | Int32Array | readonly string[]; readonly width: number };

/** The columns by output name. Where nobody asks for outputs, an answer has them in the order of the definition. */
export type Predictions = Readonly<Record<string, PredictionColumn>>;

/** The columns of these outputs: the required ones, and any of the optional ones; undefined is left out. */
export type ColumnsOf<O extends OutputDefinitions> = {
  readonly [Name in keyof O as O[Name] extends { readonly optional: true } ? never : Name]: PredictionColumn;
} & {
  readonly [Name in keyof O as O[Name] extends { readonly optional: true } ? Name : never]?:
    | PredictionColumn
    | undefined;
};

/** The outputs that a loaded model can give. */
export interface AvailableOutputs {
  readonly names: readonly string[];
  /** What decides them, to end an error with: `objective "reg:gamma"`. */
  readonly of?: string;
  /** A clause about those that are missing, in place of `of`: `lower and upper need the parameter interval`. */
  readonly reason?: string;
}

/** A stateful session, the same object for all of its requests, which are predicted one after the other in one process. */
export interface Session {
  /** As its caller knows it. */
  readonly id: string;
  /** What the requests before have left here; undefined in the first one. */
  state: unknown;
  /** When it ends by itself: milliseconds since 1970. */
  readonly expiresAt: number;
  /** Ends it with this answer, of a stream before its first part. */
  close(): void;
}

/** What `predict` may know about the request besides its rows. @template N the names of the declared outputs */
export interface PredictRequest<N extends string = string> {
  /** The type of the request's body with the caller's parameters. */
  readonly contentType: MediaType;
  /** The negotiated answer type with the caller's parameters, e.g. `text/csv;interval=0.95`. */
  readonly accept: MediaType;
  /**
   * The outputs that the answer will have, in its order, all of them available; undefined when nobody asked for any.
   * Others that `predict` returns are left out of the answer.
   */
  readonly outputs: readonly N[] | undefined;
  /** X-Amzn-SageMaker-Custom-Attributes, as received. */
  readonly customAttributes: string | undefined;
  /** Of a request to a session (X-Amzn-SageMaker-Session-Id), where the definition declares `sessions`. */
  readonly session: Session | undefined;
  /** X-Amzn-SageMaker-Inference-Id; undefined also for requests that are predicted together. */
  readonly inferenceId: string | undefined;
  /** The caller's place in a trace (W3C Trace Context), for spans of your own; undefined as above. */
  readonly traceparent: string | undefined;
  /** Whether this is a batch transform (SAGEMAKER_BATCH). */
  readonly isBatch: boolean;
  /** Aborted when the caller has gone away or its time is over: nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** When the answer must be there, or the first part of a streamed one: milliseconds since 1970. */
  readonly deadline: number;
  /** Sets X-Amzn-SageMaker-Custom-Attributes of the answer: visible ASCII, at most 1024 characters. */
  setCustomAttributes(value: string): void;
}
