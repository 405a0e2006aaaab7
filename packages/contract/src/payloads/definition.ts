/**
 * Inputs and answers of an algorithm's own, by media type: JSON that a zod schema describes, or bytes that a function of
 * the algorithm decodes or encodes. Rows of numbers need neither; see formats/.
 */
import type { z } from 'zod';
import type { Block, FloatsOf, Precision, SparseBlock } from '../formats/block.js';

/** What a decoder or encoder gets besides the bytes or the value. */
export interface PayloadContext {
  /** Of the content type or of Accept, by lower-case name, such as `{ charset: 'utf-8' }`. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface DecoderContext extends PayloadContext {
  /** Bytes that the decoded value may take: what would be larger is to be refused before memory is taken for it. */
  readonly maxBytes: number;
}

interface Described {
  /** For buyers: what the payload is, its sizes and units. */
  readonly description: string;
}

/** JSON: checked by the schema before `predict`, and described to buyers by it, `.meta({ description })` included. */
export interface JsonInput<V = unknown> extends Described {
  readonly schema: z.ZodType<V>;
}

/** Any bytes. */
export interface DecodedInput<V = unknown> extends Described {
  /** Largest decoded value in bytes, default 64 MiB: a larger one is refused with 413. */
  readonly maxBytes?: number;
  /**
   * The value that `predict` gets: rows (`denseRows`) or anything else. What it throws is the caller's mistake, 400: the text of
   * a ClientError as it is, of another error behind the media type.
   */
  decode(bytes: Uint8Array, context: DecoderContext): V | Promise<V>;
}

export type InputDefinition = JsonInput | DecodedInput;

/** JSON: what `predict` returns is checked by the schema; what does not fit is the algorithm's error, 500. */
export interface JsonAnswer<V = unknown> extends Described {
  readonly schema: z.ZodType<V>;
}

/** Any bytes. */
export interface EncodedAnswer<V = never> extends Described {
  /** The body of the answer from what `predict` returned. What it throws is the algorithm's error, 500. */
  encode(value: V, context: PayloadContext): Uint8Array | string | Promise<Uint8Array | string>;
}

export type AnswerDefinition = JsonAnswer | EncodedAnswer;

/** By media type, without parameters. */
export type InputDefinitions = Readonly<Record<string, InputDefinition>>;
export type AnswerDefinitions = Readonly<Record<string, AnswerDefinition>>;

/** What `predict` gets of such inputs, rows in the precision of the definition; nothing where none is declared. */
export type DecodedValue<I extends InputDefinitions, F extends Precision = Precision> = {
  [Type in Declared<I>]: I[Type] extends { readonly schema: z.ZodType<infer V> }
    ? V
    : I[Type] extends { decode(...context: never): infer V }
      ? InPrecision<Awaited<V>, F>
      : never;
}[Declared<I>];

type InPrecision<V, F extends Precision> = V extends Block
  ? Block<FloatsOf<F>>
  : V extends SparseBlock
    ? SparseBlock<FloatsOf<F>>
    : V;

/** What `predict` may return for such answers; nothing where none is declared. */
export type AnswerValue<A extends AnswerDefinitions> = {
  [Type in Declared<A>]: A[Type] extends { readonly schema: infer S extends z.ZodType }
    ? z.input<S>
    : A[Type] extends { encode(value: infer V, ...context: never): unknown }
      ? V
      : never;
}[Declared<A>];

/** The keys that an author wrote: a record of any key is one of none. */
type Declared<D> = string extends keyof D ? never : keyof D;
