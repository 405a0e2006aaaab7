/** Rows as a reader's block has them. */
export interface Rows {
  readonly rows: number;
  /** [rows × featureCount], row-major, finite */
  readonly features: Float64Array | Float32Array;
  /** [rows], finite */
  readonly labels: Float64Array;
  /** [rows], finite and >= 0 */
  readonly weights?: Float64Array;
}
