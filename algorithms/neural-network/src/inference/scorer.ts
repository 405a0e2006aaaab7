/**
 * A model on the backend, as a function from rows to scores. Rows come as parts, those of one request each, so that
 * requests can be answered together without copying them into one array first.
 */

/** Rows of one request, or some of them. */
export interface RowPart {
  /** [rows × feature columns], row-major */
  readonly features: Float64Array | Float32Array;
  readonly rows: number;
}

/** [rows × width], row-major; whole numbers stay whole. */
export interface Scores {
  readonly values: Float32Array | Float64Array | Int32Array;
  readonly width: number;
  /** Of the model's further outputs, for the same rows, in the model's order. */
  readonly others?: readonly Omit<Scores, 'others'>[];
}

export interface Scorer {
  readonly featureCount: number;
  /** Height, width and channels where a row is an image; undefined where it is not, or nobody knows. */
  readonly imageShape?: readonly [height: number, width: number, channels: number] | undefined;
  /** Maximum batch size on the device. */
  readonly maxRows: number;
  /** Whether `score` answers synchronously, so that nothing can wait meanwhile. */
  readonly isImmediate: boolean;
  /** Products that a row takes; undefined where the model is not looked into. */
  readonly rowProducts?: number;
  /**
   * Scores of all parts, one part after the other: synchronously if the backend works in place. Not to be called again
   * before a promise has settled.
   */
  score(parts: readonly RowPart[]): Scores | Promise<Scores>;
}

export function rowCount(parts: readonly RowPart[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}
