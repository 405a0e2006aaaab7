/**
 * Binned data in the pool's memory. Rows come in as blocks and become bins at once, so that a table takes one or two
 * bytes a value: row-major for histograms, and for training column-major too, where a partition reads one feature of
 * many rows. Mostly missing data is kept as sparse rows.
 */
import { AlgorithmError, ClientError } from '@algo/contract';
import {
  BIN,
  BIN_BYTES,
  BIN_CODE,
  BIN_COLUMN,
  BIN_ENTRIES,
  BIN_KIND,
  BIN_MISSING,
  BIN_RECORD_BYTES,
  BIN_RECORDS,
  BIN_SPARSE,
  BLOCK,
  BLOCK_FEATURES,
  BLOCK_FIRST_ENTRY,
  BLOCK_FIRST_ROW,
  COLUMN_BIN_BYTES,
  COLUMN_BINS,
  COLUMN_END_FEATURE,
  COLUMN_ENTRIES,
  COLUMN_FIRST_FEATURE,
  COLUMN_HISTOGRAM,
  COLUMN_RECORD_BYTES,
  COLUMN_RECORDS,
  COLUMN_STRIDE,
  COLUMNS,
  COUNT_VALUES,
  CUT_STARTS,
  CUTS,
  FEATURES,
  RANGE_BYTES,
  ROW_BINS,
  ROW_STARTS,
  ROW_STRIDE,
  ROWS,
} from '../assembly/layout.js';
import type { Cuts } from './binning.js';
import { type ColumnLayout, evaluationLayout, trainingLayout } from './columns.js';
import type { Pool } from './workers/pool.js';
import { fillRanges } from './workers/ranges.js';

/** Rows with bins, labels and weights. Addresses are the pool's. */
export interface Dataset {
  readonly pool: Pool;
  readonly cuts: Cuts;
  readonly layout: ColumnLayout;
  readonly rows: number;
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

/** Rows as lists of (feature, value): row i has entries starts[i] … starts[i + 1] − 1, features ascending. */
export interface SparseRows {
  /** [rows + 1] */
  readonly starts: Int32Array | Uint32Array;
  readonly features: Int32Array | Uint32Array;
  /** NaN is missing, as an absent entry is. */
  readonly values: Float32Array;
}

export interface DatasetOptions {
  /** Rows that will come. */
  readonly rows: number;
  readonly purpose: 'training' | 'evaluation';
  /** Label columns; default 1. */
  readonly labelCount?: number;
  readonly hasWeights?: boolean;
  /** Sparse training data: values that are there; default: what the cuts have counted. */
  readonly values?: number;
}

export interface DatasetBuilder {
  /**
   * @param features [rows × features], row-major; NaN is missing
   * @param labels [rows × labelCount]
   * @param weights [rows]; required when `hasWeights`
   * @throws AlgorithmError E_ALGORITHM when more rows come than were announced
   */
  addBlock(
    features: Float32Array | Float64Array,
    labels: Float32Array | Float64Array,
    weights?: Float32Array | Float64Array,
  ): void;
  addSparseBlock(rows: SparseRows, labels: Float32Array | Float64Array, weights?: Float32Array | Float64Array): void;
  /** @throws AlgorithmError E_ALGORITHM when fewer rows came than were announced */
  finish(): Dataset;
}

const BLOCK_BYTES = 1 << 20;
/** Tasks a thread of binning a block. */
const TASKS_PER_THREAD = 4;
/** Row numbers within a shard have 16 bits, and u32 entry numbers are enough for any memory; rows have 31 bits. */
const MAX_ROWS = 2 ** 31 - 1;
/** A dense column-major copy of sparse data pays while it takes at most this many bytes a value that is there. */
const COPY_BYTES_PER_VALUE = 12;

/** Collects blocks of rows into a dataset. */
export function createDatasetBuilder(pool: Pool, cuts: Cuts, options: DatasetOptions): DatasetBuilder {
  const { rows, purpose, labelCount = 1, hasWeights = false } = options;
  if (rows < 1 || rows > MAX_ROWS) {
    throw new ClientError('E_DATA_SIZE', `A dataset must have 1 to ${MAX_ROWS} rows; received ${rows}.`);
  }
  const layout = purpose === 'training' ? trainingLayout(cuts) : evaluationLayout(cuts);
  const dataset = allocate(pool, cuts, layout, { ...options, labelCount, hasWeights });
  const featureCount = cuts.featureCount;
  const blockRows = Math.max(16, Math.min(Math.floor(BLOCK_BYTES / (4 * featureCount)), rows));
  const mark = pool.arena.mark();
  const block = pool.arena.allocate(Math.max(blockRows * featureCount * 4, BLOCK_BYTES), 'a block of rows');
  const blockFeatures = layout.binBytes === 0 ? pool.arena.allocate(BLOCK_BYTES, 'a block of rows') : 0;
  const tasks = pool.arena.allocate(pool.threads * TASKS_PER_THREAD * RANGE_BYTES, 'task lists');
  const tables = writeTables(pool, cuts, layout);
  let filled = 0;

  const configure = (firstRow: number) => {
    useRows(dataset);
    pool.set(FEATURES, featureCount);
    pool.set(BLOCK, block);
    pool.set(BLOCK_FEATURES, blockFeatures);
    pool.set(BLOCK_FIRST_ROW, firstRow);
    pool.set(CUT_STARTS, tables.cutStarts);
    pool.set(CUTS, tables.cuts);
    pool.set(BIN_RECORDS, tables.binRecords);
  };
  const runOverRows = (command: number, count: number) => {
    const step = Math.ceil(count / (pool.threads * TASKS_PER_THREAD));
    pool.run(command, fillRanges(pool, tasks, count, step), tasks);
  };

  const addLabels = (count: number, labels: ArrayLike<number>, weights?: ArrayLike<number>) => {
    if (filled + count > rows) {
      throw new AlgorithmError('E_ALGORITHM', `Dataset of ${rows} rows: received ${filled + count} rows.`);
    }
    dataset.labels.set(labels, filled * labelCount);
    if (hasWeights && weights) dataset.weights?.set(weights, filled);
  };

  /** Makes counts of entries at rowStarts[first + 1 …] into positions. */
  const accumulate = (first: number, count: number) => {
    const words = pool.words();
    const starts = (dataset.rowStarts >> 2) + first;
    for (let row = 0; row < count; row++) words[starts + row + 1]! += words[starts + row]!;
  };

  const addDense = (features: Float32Array | Float64Array, count: number) => {
    for (let first = 0; first < count; first += blockRows) {
      const part = Math.min(blockRows, count - first);
      configure(filled + first);
      pool.floats().set(features.subarray(first * featureCount, (first + part) * featureCount), block >> 2);
      if (layout.binBytes !== 0) runOverRows(BIN, part);
      else {
        runOverRows(COUNT_VALUES, part);
        accumulate(filled + first, part);
        runOverRows(BIN_SPARSE, part);
      }
    }
  };

  return {
    addBlock(features, labels, weights) {
      const count = features.length / featureCount;
      addLabels(count, labels, weights);
      addDense(features, count);
      filled += count;
    },
    addSparseBlock(sparse, labels, weights) {
      const count = sparse.starts.length - 1;
      addLabels(count, labels, weights);
      if (layout.binBytes !== 0) {
        for (let first = 0; first < count; first += blockRows) {
          const part = Math.min(blockRows, count - first);
          addDense(densify(sparse, first, part, featureCount), part);
          filled += part;
        }
        return;
      }
      const room = BLOCK_BYTES >> 2;
      for (let first = 0; first < count; ) {
        let part = 0;
        let used = 0;
        const starts = (dataset.rowStarts >> 2) + filled;
        const words = pool.words();
        for (; first + part < count && part < BLOCK_BYTES; part++) {
          const from = sparse.starts[first + part]!;
          const end = sparse.starts[first + part + 1]!;
          if (used + end - from > room) break;
          for (let entry = from; entry < end; entry++) {
            const value = sparse.values[entry]!;
            if (Number.isNaN(value)) continue;
            pool.floats()[(block >> 2) + used] = value;
            words[(blockFeatures >> 2) + used++] = sparse.features[entry]!;
          }
          words[starts + part + 1] = words[starts]! + used;
        }
        configure(filled);
        pool.set(BLOCK_FIRST_ENTRY, pool.words()[starts]!);
        runOverRows(BIN_ENTRIES, part);
        filled += part;
        first += part;
      }
    },
    finish() {
      if (filled !== rows) {
        throw new AlgorithmError('E_ALGORITHM', `Dataset of ${rows} rows: received ${filled} rows.`);
      }
      pool.arena.release(mark);
      return dataset;
    },
  };
}

/** Points the kernel to this dataset's bins. */
export function useRows(dataset: Dataset): void {
  const { pool, layout } = dataset;
  pool.set(ROWS, dataset.rows);
  pool.set(COLUMNS, layout.columns.length);
  pool.set(BIN_BYTES, layout.binBytes);
  pool.set(ROW_BINS, dataset.rowBins);
  pool.set(ROW_STRIDE, dataset.rowStride);
  pool.set(ROW_STARTS, dataset.rowStarts);
  pool.set(COLUMN_BINS, dataset.columnBins);
  pool.set(COLUMN_STRIDE, dataset.columnStride);
  pool.set(COLUMN_BIN_BYTES, dataset.columnBinBytes);
  pool.set(COLUMN_RECORDS, dataset.columnRecords);
}

// --- internal ---

function allocate(
  pool: Pool,
  cuts: Cuts,
  layout: ColumnLayout,
  options: DatasetOptions & { readonly labelCount: number; readonly hasWeights: boolean },
): Dataset {
  const { rows, purpose, labelCount, hasWeights } = options;
  const { arena } = pool;
  const columnCount = layout.columns.length;
  const binBytes = layout.binBytes;
  const counted = cuts.rows * cuts.featureCount - cuts.missing.reduce((sum, count) => sum + count, 0);
  const values = options.values ?? (purpose === 'training' ? counted : rows * cuts.featureCount);
  const columnBinBytes = purpose === 'training' ? copyBytes(layout, rows, values) : 0;
  const columnRecords = arena.allocate(columnCount * COLUMN_RECORD_BYTES, 'columns');
  const labels = arena.allocate(rows * labelCount * 4, 'labels');
  const weights = hasWeights ? arena.allocate(rows * 4, 'weights') : 0;
  const rowStarts = binBytes === 0 ? arena.allocateZeros((rows + 1) * 4, 'sparse rows') : 0;
  // Columns of bundles begin as zeros.
  const allocateBins = cuts.bundles.length > 0 ? arena.allocateZeros : arena.allocate;
  const rowStride = columnCount * binBytes;
  const columnStride = rows * columnBinBytes;
  const columnBins = columnBinBytes ? allocateBins(columnCount * columnStride, 'bins by column') : 0;
  const rowBins = allocateBins(binBytes === 0 ? values * 4 : rows * rowStride, 'bins by row');
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

/** Bytes of a bin in the column-major copy; sparse data has one only where it is not much larger than the entries. */
function copyBytes(layout: ColumnLayout, rows: number, values: number): 0 | 1 | 2 {
  if (layout.binBytes !== 0) return layout.binBytes;
  const fitsByte = layout.columns.every((column) => column.entries < 256);
  return fitsByte && rows * layout.columns.length <= COPY_BYTES_PER_VALUE * values ? 1 : 0;
}

function writeColumnRecords(pool: Pool, layout: ColumnLayout, address: number): void {
  const words = pool.words();
  let feature = 0;
  for (const [index, column] of layout.columns.entries()) {
    const record = (address + index * COLUMN_RECORD_BYTES) >> 2;
    words[record + (COLUMN_HISTOGRAM >> 2)] = column.start * 16;
    words[record + (COLUMN_ENTRIES >> 2)] = column.entries;
    words[record + (COLUMN_FIRST_FEATURE >> 2)] = feature;
    feature += column.features.length;
    words[record + (COLUMN_END_FEATURE >> 2)] = feature;
  }
}

/** What binning looks up: the cuts and where each feature's bins go. */
function writeTables(pool: Pool, cuts: Cuts, layout: ColumnLayout) {
  const { arena } = pool;
  const cutStarts = arena.allocate(cuts.starts.byteLength, 'cut points');
  const values = arena.allocate(cuts.values.byteLength, 'cut points');
  const binRecords = arena.allocate(cuts.featureCount * BIN_RECORD_BYTES, 'features');
  pool.integers().set(cuts.starts, cutStarts >> 2);
  pool.floats().set(cuts.values, values >> 2);
  for (const [feature, place] of layout.places.entries()) {
    const record = (binRecords + feature * BIN_RECORD_BYTES) >> 2;
    pool.words()[record + (BIN_COLUMN >> 2)] = place.column;
    pool.words()[record + (BIN_KIND >> 2)] = place.kind;
    pool.words()[record + (BIN_MISSING >> 2)] = place.missing;
    pool.words()[record + (BIN_CODE >> 2)] = place.code;
  }
  return { cutStarts, cuts: values, binRecords };
}

function densify(sparse: SparseRows, first: number, count: number, featureCount: number): Float32Array {
  const block = new Float32Array(count * featureCount).fill(Number.NaN);
  for (let row = 0; row < count; row++) {
    const end = sparse.starts[first + row + 1]!;
    for (let entry = sparse.starts[first + row]!; entry < end; entry++) {
      block[row * featureCount + sparse.features[entry]!] = sparse.values[entry]!;
    }
  }
  return block;
}
