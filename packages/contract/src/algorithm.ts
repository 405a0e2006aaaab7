/**
 * An algorithm: its declaration, which is data, and its implementation, whose types follow from the data. The program and
 * the test suite take it with its types closed over; an author's other files take theirs from the declaration.
 */
import type { z } from 'zod';
import type { ChannelDefinitions } from './channels/channel.js';
import type { Definition, RowTypes } from './declaration.js';
import type { Block, FloatsOf, Precision } from './formats/block.js';
import type { Inference, Training } from './implementation.js';
import type { AnswerDefinitions, AnswerValue, DecodedValue, InputDefinitions } from './payloads/definition.js';
import type { ColumnsOf, OutputDefinitions, PredictRequest } from './prediction.js';
import type { TrainingJob } from './training/job.js';

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
