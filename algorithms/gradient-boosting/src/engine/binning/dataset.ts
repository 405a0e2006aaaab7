/** The interface of binned data: where its bins are in the pool's memory, and its labels and weights. */
import type { SharedRows, Team } from '../team.js';
import type { Pool } from '../threads/pool.js';
import type { ColumnLayout } from './column-layout.js';
import type { Cuts } from './cuts.js';

/** Rows with bins, labels and weights. Addresses are the pool's. */
export interface Dataset {
  readonly pool: Pool;
  readonly cuts: Cuts;
  readonly layout: ColumnLayout;
  readonly rows: number;
  /** Who has the other rows of the same table, and where these are among them. */
  readonly team: Team;
  readonly shared: SharedRows;
  readonly rowBins: number;
  readonly rowStride: number;
  readonly rowStarts: number;
  /** 0 for evaluation data and for very sparse training data. */
  readonly columnBins: number;
  readonly columnStride: number;
  readonly columnBinBytes: 0 | 1 | 2;
  readonly columnRecords: number;
  /** [rows × labelCount] */
  readonly labels: Float32Array;
  readonly labelCount: number;
  /** [rows] */
  readonly weights: Float32Array | undefined;
}
