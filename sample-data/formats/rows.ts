/** Rows of a sample as its files have them. */

/** A value of a row; null is missing. */
export type Cell = number | null;
export type Row = readonly Cell[];
export type Rows = readonly Row[];
