/**
 * An algorithm: its declaration, which is data, and its implementation, whose types follow from the data. The program and
 * the test suite take it with its types closed over.
 */
import type { z } from 'zod';
import type { ChannelDefinitions } from './channels/channel.js';
import type { Definition, RowTypes } from './declaration.js';
import type { Block, FloatsOf, Precision } from './formats/block.js';
import type { Inference, Training } from './implementation.js';
import type { AnswerDefinitions, AnswerValue, DecodedValue, InputDefinitions } from './payloads/definition.js';
import type { ColumnsOf, OutputDefinitions } from './prediction.js';
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

/** Rows where a format of rows is declared, and the values of own inputs. */
export type Received<T extends RowTypes, I extends InputDefinitions, F extends Precision> =
  | (T extends { readonly input: readonly [string, ...string[]] } ? Block<FloatsOf<F>> : never)
  | DecodedValue<I, F>;
/** Columns where a format of rows is declared, and the values of own answers. */
type Answered<T extends RowTypes, O extends OutputDefinitions, A extends AnswerDefinitions> =
  | (T extends { readonly output: readonly [string, ...string[]] } ? ColumnsOf<O> : never)
  | AnswerValue<A>;
