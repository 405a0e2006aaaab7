/**
 * Memory of a dataset: its bins, and the lookup tables of the kernel for binning and training.
 */
import * as Records from '../../../assembly/records.js';
import { shareRows, type Team } from '../team.js';
import type { Pool } from '../threads/pool.js';
import type { ColumnLayout } from './column-layout.js';
import type { Cuts } from './cuts.js';
import type { Dataset } from './dataset.js';

/** A dense column-major copy of sparse data pays while it takes at most this many bytes per value that is there. */
const COPY_BYTES_PER_VALUE = 12;

export interface DatasetShape {
  readonly rows: number;
  readonly purpose: 'training' | 'evaluation';
  readonly labelCount: number;
  readonly hasWeights: boolean;
  readonly team: Team;
  readonly parts: readonly number[] | undefined;
}

/** Room for a dataset; sparse rows have none yet for their entries, `rowBins` is 0. */
export function allocateDataset(pool: Pool, cuts: Cuts, layout: ColumnLayout, shape: DatasetShape): Dataset {
  const { rows, purpose, labelCount, hasWeights, team, parts } = shape;
  const { arena } = pool;
  const columnCount = layout.columns.length;
  const binBytes = layout.binBytes;
  const columnBinBytes = purpose === 'training' ? copyBytes(layout, cuts) : 0;
  const columnRecords = arena.allocate(columnCount * Records.COLUMN_RECORD_BYTES, 'columns');
  const labels = arena.allocate(rows * labelCount * 4, 'labels');
  const weights = hasWeights ? arena.allocate(rows * 4, 'weights') : 0;
  const rowStarts = binBytes === 0 ? arena.allocateZeros((rows + 1) * 4, 'sparse rows') : 0;
  // Columns of bundles begin as zeros.
  const allocateBins = cuts.bundles.length > 0 ? arena.allocateZeros : arena.allocate;
  const rowStride = alignedStride(columnCount * binBytes);
  const columnStride = rows * columnBinBytes;
  const columnBins = columnBinBytes ? allocateBins(columnCount * columnStride, 'bins by column') : 0;
  const rowBins = binBytes === 0 ? 0 : allocateBins(rows * rowStride, 'bins by row');
  writeColumnRecords(pool, layout, columnRecords);
  if (binBytes === 0 && columnBins) {
    for (const [column, { entries }] of layout.columns.entries()) {
      pool.bytes().fill(entries, columnBins + column * columnStride, columnBins + (column + 1) * columnStride);
    }
  }
  const floats = (address: number, length: number) => new Float32Array(arena.memory.buffer, address, length);
  return {
    pool,
    cuts,
    layout,
    rows,
    team,
    shared: shareRows(team, rows, parts),
    rowBins,
    rowStride,
    rowStarts,
    columnBins,
    columnStride,
    columnBinBytes,
    columnRecords,
    labels: floats(labels, rows * labelCount),
    labelCount,
    weights: weights ? floats(weights, rows) : undefined,
  };
}

/** What binning looks up: the cuts and where each feature's bins go. */
export function writeTables(pool: Pool, cuts: Cuts, layout: ColumnLayout) {
  const { arena } = pool;
  const cutStarts = arena.allocate(cuts.starts.byteLength, 'cut points');
  const values = arena.allocate(cuts.values.byteLength, 'cut points');
  const binRecords = arena.allocate(cuts.featureCount * Records.BIN_RECORD_BYTES, 'features');
  pool.integers().set(cuts.starts, cutStarts >> 2);
  pool.floats().set(cuts.values, values >> 2);
  for (const [feature, place] of layout.places.entries()) {
    const record = (binRecords + feature * Records.BIN_RECORD_BYTES) >> 2;
    pool.words()[record + (Records.BIN_COLUMN >> 2)] = place.column;
    pool.words()[record + (Records.BIN_KIND >> 2)] = place.kind;
    pool.words()[record + (Records.BIN_MISSING >> 2)] = place.missing;
    pool.words()[record + (Records.BIN_CODE >> 2)] = place.code;
  }
  return { cutStarts, cuts: values, binRecords };
}

// --- internal ---

const CACHE_LINE_BYTES = 64;
/** A row takes at most this many times its bytes, so that few of its lines are shared with its neighbours. */
const MOST_PADDING = 4 / 3;

/**
 * Bytes from one row of bins to the next: a row that lies across two cache lines costs twice the wait for memory when
 * rows are read out of order, so rows are padded to a divisor or a multiple of a line where that takes little.
 */
function alignedStride(bytes: number): number {
  let stride = 1;
  while (stride < bytes && stride < CACHE_LINE_BYTES) stride *= 2;
  if (stride < bytes) stride = Math.ceil(bytes / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
  return stride <= bytes * MOST_PADDING ? stride : bytes;
}

/** Bytes of a bin in the column-major copy; sparse data has one only where it is not much larger than the entries. */
function copyBytes(layout: ColumnLayout, cuts: Cuts): 0 | 1 | 2 {
  if (layout.binBytes !== 0) return layout.binBytes;
  const missing = cuts.missing.reduce((sum, count) => sum + count, 0);
  const values = cuts.rows * cuts.featureCount - missing;
  const fitsByte = layout.columns.every((column) => column.entries < 256);
  return fitsByte && cuts.rows * layout.columns.length <= COPY_BYTES_PER_VALUE * values ? 1 : 0;
}

function writeColumnRecords(pool: Pool, layout: ColumnLayout, address: number): void {
  const words = pool.words();
  let feature = 0;
  for (const [index, column] of layout.columns.entries()) {
    const record = (address + index * Records.COLUMN_RECORD_BYTES) >> 2;
    words[record + (Records.COLUMN_HISTOGRAM >> 2)] = column.start * 16;
    words[record + (Records.COLUMN_ENTRIES >> 2)] = column.entries;
    words[record + (Records.COLUMN_FIRST_FEATURE >> 2)] = feature;
    feature += column.features.length;
    words[record + (Records.COLUMN_END_FEATURE >> 2)] = feature;
  }
}
