/**
 * A block of rows as typed arrays: what a channel yields in training and a request becomes in inference. Files become
 * these arrays once and stay so; no row is ever a JavaScript object.
 */

/** Rows × feature columns, with labels and weights beside them. A missing value is NaN. */
export interface Block {
  /** Number of rows, ≥ 1. */
  readonly rows: number;
  /** Number of feature columns, ≥ 1. */
  readonly columns: number;
  /** [rows × columns], row-major; Float32Array only when the reader was asked for `precision: 'float32'`. */
  readonly features: Float64Array | Float32Array;
  /** Label columns a row: `label_size` of the content type in training (1 by default), 0 in inference. */
  readonly labelCount: number;
  /** [rows × labelCount], row-major. */
  readonly labels: Float64Array;
  /** [rows], finite and ≥ 0; absent unless weights were asked for. */
  readonly weights?: Float64Array;
  /** The file (relative to its channel) the rows came from; for a request, `request`. A block never spans files. */
  readonly source: string;
  /** Line of the first row in `source`, from 1; row i stands on line `firstLine + i`. */
  readonly firstLine: number;
}

/** How a channel's rows are to be read. */
export interface BlockOptions {
  /** Element type of `features`; default 'float64'. 'float32' rounds the parsed double once. */
  readonly precision?: 'float64' | 'float32';
  /** Upper bound of rows in a block; default: as many as fit about 1 MiB of values. */
  readonly maxRows?: number;
  /** Whether the column after the labels is the row's weight (`csv_weights` of SageMaker's XGBoost). */
  readonly hasWeights?: boolean;
}

/** What a reader does with values that many algorithms cannot use. */
export interface ValuePolicy {
  /** 'refuse': an error that names file, line and column; 'accept': NaN in the block. */
  readonly missingValues: 'refuse' | 'accept';
  readonly infiniteValues: 'refuse' | 'accept';
}
