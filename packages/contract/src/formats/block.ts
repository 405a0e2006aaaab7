/**
 * Blocks of rows as typed arrays: what a channel yields in training and a request becomes in inference. Files become
 * these arrays once and stay so; no row is ever a JavaScript object.
 */

import type { Categories, UnseenCategories } from './categories/categories.js';

/** Element type of features: the double that a text spells, or that rounded once to a float. */
export type Precision = 'float64' | 'float32';

/** The array of such numbers. */
export type FloatsOf<F extends Precision> = { readonly float64: Float64Array; readonly float32: Float32Array }[F];

/** What dense and sparse blocks have in common. */
export interface Rows {
  /** Number of rows, ≥ 1. */
  readonly rows: number;
  /** Number of feature columns, ≥ 1. */
  readonly columns: number;
  /** Label columns per row, 0 in inference. Training CSV and Parquet: `label_size` of the content type, 1 by default. */
  readonly labelCount: number;
  /** [rows × labelCount], row-major. */
  readonly labels: Float64Array;
  /** [rows], finite and ≥ 0; absent unless the data has weights and, for CSV and Parquet, they were asked for. */
  readonly weights?: Float64Array;
  /** [rows] whole numbers: the query (`qid` of libsvm) that a row belongs to; absent when the data has none. */
  readonly queryIds?: Float64Array;
  /** [columns] names of the features, where the data has them: Parquet, JSON, and CSV with a header line. */
  readonly columnNames?: readonly string[];
  /** The names behind the codes of text columns; absent when no column of the training data holds text. */
  readonly categories?: Categories;
  /** The file (relative to its channel) the rows came from; for a request, `request`. A block never spans files. */
  readonly source: string;
  /** Line (or record, from formats without lines) of the first row in `source`, from 1; row i is `firstLine + i`. */
  readonly firstLine: number;
}

/**
 * Rows × feature columns, with their labels and weights. A missing value is NaN. In a request the arrays are reused
 * after the answer: copy what is needed for longer, and do not transfer them to another thread.
 */
export interface Block<V extends Float64Array | Float32Array = Float64Array | Float32Array> extends Rows {
  /** [rows × columns], row-major; Float32Array where the definition or the reader was asked for `precision: 'float32'`. */
  readonly features: V;
}

/** Entries of sparse rows, in compressed form: row i has those from `rowStarts[i]` to `rowStarts[i + 1] - 1`. */
export interface SparseEntries<V extends Float64Array | Float32Array = Float64Array | Float32Array> {
  /** [rows + 1], from 0 to the number of entries. */
  readonly rowStarts: Uint32Array;
  /** [entries] column of each entry, from 0, ascending within a row and different. */
  readonly columnIndices: Uint32Array;
  /** [entries]; Float32Array as in Block. Zeros and NaN may occur. */
  readonly values: V;
}

/**
 * Rows with few entries. What a column without an entry means is the algorithm's to say; see `ValuePolicy`.
 *
 * `columns` of libsvm data is one more than the largest column seen so far in this pass, unless `featureCount` was
 * given: it may grow from block to block.
 */
export interface SparseBlock<V extends Float64Array | Float32Array = Float64Array | Float32Array>
  extends Rows,
    SparseEntries<V> {}

/** How a channel's rows are to be read. */
export interface BlockOptions<F extends Precision = Precision> {
  /** Default: that of the definition. */
  readonly precision?: F;
  /** Upper bound of rows in a block; default: as many as fit about 1 MiB of values. */
  readonly maxRows?: number;
  /**
   * Whether a host gets all rows that it has, also those that other connected hosts have, too, and shares them out itself.
   * Default: it gets its share; see `Channel.hosts`.
   */
  readonly isWhole?: boolean;
  /**
   * Whether the column after the labels is the row's weight (`csv_weights` of SageMaker's XGBoost). For CSV, JSON,
   * Parquet and `.npy`: libsvm rows have weights when they are written with them, RecordIO-protobuf has none.
   */
  readonly hasWeights?: boolean;
  /**
   * Feature columns that every row must have (sparse rows: at most). Default: as many as the first row has; for libsvm,
   * which does not say, as many as were seen so far.
   */
  readonly featureCount?: number;
  /**
   * Names of the features in the order that blocks give them, such as those of a model that training continues from: if
   * the data has names, they must be the same, in any order. Data without names is taken by position.
   */
  readonly featureNames?: readonly string[] | undefined;
  /**
   * Names of categories by code, such as those of a model that training resumes from; 'none' for a model that has none.
   * Default: those that the training channel has.
   */
  readonly categories?: Categories | 'none' | undefined;
  /** What a category becomes that is not among them; default 'error'. The training channel has none such by itself. */
  readonly unseenCategories?: UnseenCategories | undefined;
}

/**
 * What a reader does with values that many algorithms cannot use. Where sparse rows are made dense, a column without an
 * entry is missing for an algorithm that accepts missing values (so XGBoost reads libsvm), and 0 for one that does not.
 */
export interface ValuePolicy {
  /** 'refuse': an error that names file, line and column; 'accept': NaN in the block. */
  readonly missingValues: 'refuse' | 'accept';
  readonly infiniteValues: 'refuse' | 'accept';
  /**
   * 'accept' for an algorithm that takes categories: a column of text becomes the codes of its names, and blocks say which
   * (`categories`). Default 'refuse': text is an error, which names file, line and column.
   */
  readonly text?: 'refuse' | 'accept';
  /**
   * 'float32' for an algorithm that computes in float32: finite labels, weights and values that would become infinite
   * there are errors. Default: every double is accepted.
   */
  readonly range?: 'float32';
}

/** Blocks one after the other; each is valid until the next one is asked for. */
export type Blocks<B extends Block | SparseBlock = Block | SparseBlock> = AsyncGenerator<B, void, undefined>;

/** Whether the rows of `block` are sparse. */
export function isSparse<B extends object>(block: B): block is Extract<B, SparseEntries> {
  return 'rowStarts' in block;
}

/** The values of one column in a block: at `offset`, `offset + stride`, … */
export interface ColumnValues {
  readonly values: Float64Array | Float32Array;
  readonly offset: number;
  readonly stride: number;
  readonly rows: number;
}
