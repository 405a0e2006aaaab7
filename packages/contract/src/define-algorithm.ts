/** How an author writes a definition: two functions whose types refuse what does not fit together. */
import type { z } from 'zod';
import type { DefinedAlgorithm, Received } from './algorithm.js';
import type { ChannelDefinition, ChannelDefinitions } from './channels/channel.js';
import type { Declaration, Definition, NoHyperparameters, RowTypes } from './declaration.js';
import { AlgorithmError } from './errors.js';
import type { Precision, ValuePolicy } from './formats/block.js';
import type { Inference, Training } from './implementation.js';
import type {
  AnswerDefinition,
  AnswerDefinitions,
  AnswerValue,
  InputDefinition,
  InputDefinitions,
} from './payloads/definition.js';
import type { ColumnsOf, OutputDefinition, OutputDefinitions } from './prediction.js';
import type { MetricDefinition } from './training/metrics.js';

/**
 * The data of an algorithm, checked by the compiler and filled in, for its other files to take their types from. Nothing
 * runs here: `describe` and the shared test suite check what types cannot see.
 */
export function declareAlgorithm<
  S extends z.ZodObject = NoHyperparameters,
  const C extends ChannelDefinitions = Record<never, never>,
  const K extends string = never,
  const O extends OutputDefinitions = Record<never, never>,
  const T extends RowTypes = Record<never, never>,
  const I extends InputDefinitions = InputDefinitions,
  const A extends AnswerDefinitions = AnswerDefinitions,
  const F extends Precision = 'float64',
>(declaration: Declaration<S, C, K, O, T, I, A, F> & NoOthers<C, O, T, I, A>): Definition<S, C, K, O, T, I, A, F> {
  let schema: S | undefined;
  return withProperties(declaration, {
    get hyperparameters() {
      schema ??= schemaOf(declaration);
      return schema;
    },
    async loadHyperparameters() {
      schema ??= (await declaration.loadHyperparameters?.()) ?? schemaOf(declaration);
      return schema;
    },
    channels: declaration.channels ?? ({} as C),
    metrics: declaration.metrics ?? ({} as Readonly<Record<K, MetricDefinition>>),
    contentTypes: { input: [], output: [], ...declaration.contentTypes } as T & Required<RowTypes>,
    outputs: declaration.outputs ?? ({} as O),
    inputs: declaration.inputs ?? ({} as I),
    answers: declaration.answers ?? ({} as A),
    values: { missingValues: 'refuse', infiniteValues: 'refuse', ...declaration.values } satisfies ValuePolicy,
  });
}

/** The algorithm: its declared data, and the functions that do the work. */
export function defineAlgorithm<
  S extends z.ZodObject,
  const C extends ChannelDefinitions,
  K extends string,
  const O extends OutputDefinitions,
  const T extends RowTypes,
  const I extends InputDefinitions,
  const A extends AnswerDefinitions,
  F extends Precision,
  M,
  P extends Returned<T, O, A, P>,
>(
  definition: Definition<S, C, K, O, T, I, A, F>,
  implementation: Training<S, C, K, F> & Inference<M, P, Received<T, I, F>, F, NoInfer<keyof O & string>>,
): DefinedAlgorithm<S, C, K, O, T, I, A, F, M>;
/** Both together, for an algorithm of one file. */
export function defineAlgorithm<
  M,
  P extends Returned<T, O, A, P>,
  S extends z.ZodObject = NoHyperparameters,
  const C extends ChannelDefinitions = Record<never, never>,
  const K extends string = never,
  const O extends OutputDefinitions = Record<never, never>,
  const T extends RowTypes = Record<never, never>,
  const I extends InputDefinitions = InputDefinitions,
  const A extends AnswerDefinitions = AnswerDefinitions,
  const F extends Precision = 'float64',
>(
  algorithm: Declaration<S, C, K, O, T, I, A, F> &
    NoOthers<C, O, T, I, A> &
    Training<S, C, K, F> &
    Inference<M, P, Received<T, I, F>, F, NoInfer<keyof O & string>>,
): DefinedAlgorithm<S, C, K, O, T, I, A, F, M>;
export function defineAlgorithm(
  definition: Declaration<
    z.ZodObject,
    ChannelDefinitions,
    string,
    OutputDefinitions,
    RowTypes,
    InputDefinitions,
    AnswerDefinitions,
    Precision
  >,
  implementation: object = {},
): object {
  return withProperties(declareAlgorithm(definition), implementation);
}

// --- internal ---

type Schemas<S> = Pick<Declaration, 'name'> & {
  readonly hyperparameters?: S | (() => S);
  readonly loadHyperparameters?: () => Promise<S>;
};

function schemaOf<S extends z.ZodObject>({ name, hyperparameters: given, loadHyperparameters }: Schemas<S>): S {
  if (given) return typeof given === 'function' ? given() : given;
  if (!loadHyperparameters) return NO_FIELDS as unknown as S;
  throw new AlgorithmError(
    'E_ALGORITHM',
    `The hyperparameters of ${name} are loaded by loadHyperparameters; await it.`,
  );
}

/** What is used of an object's schema, for one without fields: no zod is loaded for it. */
const NO_FIELDS = { shape: {}, parse: () => ({}), safeParse: () => ({ success: true, data: {} }) };

/** Both; unlike with `…`, what is made when it is asked for is not made for it. */
function withProperties<A extends object, B extends object>(first: A, second: B): Omit<A, keyof B> & B {
  const descriptors = { ...Object.getOwnPropertyDescriptors(first), ...Object.getOwnPropertyDescriptors(second) };
  return Object.defineProperties({}, descriptors) as Omit<A, keyof B> & B;
}

/** What `predict` may return, where it returns P. */
type Returned<T extends RowTypes, O extends OutputDefinitions, A extends AnswerDefinitions, P> =
  | (T extends { readonly output: readonly [string, ...string[]] } ? Exactly<O, Exclude<P, AnswerValue<A>>> : never)
  | AnswerValue<A>;

/**
 * The columns of the outputs, and no others: the compiler looks for no excess keys in what a function returns. Columns
 * whose names only the program knows are checked when they come.
 */
type Exactly<O extends OutputDefinitions, P> = ColumnsOf<O> & {
  readonly [Name in OtherKeys<P, keyof O>]: 'is not a declared output';
};
type OtherKeys<P, Known> = P extends unknown ? (string extends keyof P ? never : Exclude<GivenKeys<P>, Known>) : never;
/** Of alternatives the compiler gives each the keys of the others, as ones that are never there. */
type GivenKeys<P> = { [Name in keyof P]-?: [P[Name]] extends [undefined] ? never : Name }[keyof P];

/**
 * Refuses misspelt keys within channels, outputs, row types, inputs and answers: the compiler looks for no excess keys in what a type is
 * inferred from.
 */
interface NoOthers<
  C extends ChannelDefinitions,
  O extends OutputDefinitions,
  T extends RowTypes,
  I extends InputDefinitions,
  A extends AnswerDefinitions,
> {
  readonly channels?: { readonly [Name in keyof C]: OnlyKeys<C[Name], ChannelDefinition> };
  readonly outputs?: { readonly [Name in keyof O]: OnlyKeys<O[Name], OutputDefinition> };
  readonly contentTypes?: OnlyKeys<T, RowTypes>;
  readonly inputs?: { readonly [Type in keyof I]: OnlyKeys<I[Type], InputDefinition> };
  readonly answers?: { readonly [Type in keyof A]: OnlyKeys<A[Type], AnswerDefinition> };
}
type OnlyKeys<G, Known> = { readonly [Key in Exclude<keyof G, KeysOf<Known>>]?: never };
type KeysOf<U> = U extends unknown ? keyof U : never;
