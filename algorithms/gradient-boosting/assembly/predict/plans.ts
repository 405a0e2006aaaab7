/**
 * What the quantiser reads: plans that src/predict/compiled-model.ts lays out. Offsets are in bytes; a column's offset is that of
 * its 16 lanes within a group.
 */

/** Rows of one vector of codes. */
export const LANES: i32 = 16;

/** Thresholds of one chunk: ranks 0 to 254 and 255 for missing-goes-right fit a byte. */
export const CHUNK: i32 = 254;

/** How to rank the values of one feature, 48 bytes. */
@unmanaged export class FeaturePlan {
  /** Byte offset in a row. */
  offset: u32;
  /** Ascending float32, then NaN up to a multiple of 4 and at least `steps` powers of two more. */
  thresholds: usize;
  /** Thresholds to compare all of when `cells` is 0; a multiple of 4. */
  count: i32;
  /** Rank at the lower end of each grid cell, u16. */
  table: usize;
  /** Last cell of a grid over the thresholds, as a float; 0 when there is none. */
  lastCell: f32;
  /** A value is in cell trunc((x − origin) × scale), within 0 … lastCell. */
  origin: f32;
  scale: f32;
  /** Binary search steps within a cell. */
  steps: i32;
  /** Byte offset in a group, −1 for none. A feature with more than 254 thresholds has `chunks` columns side by side. */
  low: i32;
  high: i32;
  chunks: i32;
  unused: i32;
}

/** Category plan, 24 bytes: byte offset in a row, bitset, its bits, column, code of a missing value. */
@unmanaged export class CategoryPlan {
  offset: u32;
  bits: usize;
  bitCount: u32;
  column: i32;
  missing: i32;
  unused: i32;
}

/** The quantiser of a model, 32 bytes. */
@unmanaged export class Quantizer {
  features: usize;
  featureCount: i32;
  categories: usize;
  categoryCount: i32;
  /** Columns of a row. */
  columns: i32;
  /** Address of the plan of each column, 0 for an unused one. */
  planOf: usize;
  /** Codes of 16 rows in which everything is missing; 0 when rows shall never be read by their present values. */
  template: usize;
  /** Bytes of the codes of 16 rows. */
  groupBytes: i32;
}
