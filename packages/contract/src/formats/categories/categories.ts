/**
 * Categories: columns of text as numbers. A column is text when all its cells that are not missing are text, or when the
 * content type declares it (`text_columns`). Its texts are the names of categories; block and model have their codes.
 *
 * The dictionary of a column is the set of its names in the order of their UTF-8 bytes, and the code of a name is its
 * place in it. It depends on nothing but the set: not on the order of rows and files, the format, the input mode, or the
 * hosts that have parts of the rows. So the training channel is read once more, before its first block is given: only when a
 * look at the start of its files finds text. In Pipe mode this takes one epoch.
 *
 * The dictionary is saved in the model's manifest, which codes the texts of requests. What a name means that training has
 * not seen is the model's choice (`UnseenCategories`).
 */

/** Names of the categories of each column, by code; undefined for a column of numbers. */
export interface Categories {
  /** [label columns] names of classes. */
  readonly labels: readonly (readonly string[] | undefined)[];
  /** [feature columns] */
  readonly features: readonly (readonly string[] | undefined)[];
}

/**
 * What a name that training has not seen becomes: an error, a missing value, or a category of its own, whose code is the
 * number of names. A label must be a known name.
 */
export type UnseenCategories = 'error' | 'missing' | 'other';

/** Names that a column may have: an embedding or a split of more is hardly ever meant. */
export const MAX_CATEGORIES = 100_000;
/** Bytes of one name: longer texts are not names. */
export const MAX_NAME_BYTES = 1024;
/** Bytes of all names: they are loaded with the model by every process that serves it. */
export const MAX_DICTIONARY_BYTES = 16 * 1024 * 1024;

/** `names` in the order of their codes. */
export function sortNames(names: Iterable<string>): string[] {
  const keyed = Array.from(names, (name) => ({ name, bytes: Buffer.from(name) }));
  return keyed.sort((one, other) => Buffer.compare(one.bytes, other.bytes)).map(({ name }) => name);
}
