/**
 * Binned data in the pool's memory. Rows come in as blocks and become bins immediately, so a table takes one or two
 * bytes per value: row-major for histograms, and for training column-major too, where a partition reads one feature of
 * many rows. Mostly missing data is kept as sparse rows.
 */
import { AlgorithmError, ClientError, spreadRows } from '@algo/contract';
import * as Layout from '../../../assembly/layout.js';
import * as Records from '../../../assembly/records.js';
import { alone, type Team } from '../team.js';
import type { Pool } from '../threads/pool.js';
import { fillRanges } from '../threads/task-ranges.js';
import { evaluationLayout, trainingLayout } from './column-layout.js';
import type { Cuts } from './cuts.js';
import type { Dataset } from './dataset.js';
import { allocateDataset, writeTables } from './dataset-memory.js';
import { copyEntries, type SparseRows } from './sparse-rows.js';

export interface DatasetOptions {
  /** Rows that will come; with a team, none may. */
  readonly rows: number;
  readonly purpose: 'training' | 'evaluation';
  /** Label columns; default 1. */
  readonly labelCount?: number;
  readonly hasWeights?: boolean;
  /** Hosts with rows of the same table; default: this one alone. */
  readonly team?: Team;
  /** Its rows of each of two tables that were joined. */
  readonly parts?: readonly number[] | undefined;
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
/** Row numbers have 31 bits. */
const MAX_ROWS = 2 ** 31 - 1;

/** Collects blocks of rows into a dataset; nothing else may be allocated in the pool until it is finished. */
export function createDatasetBuilder(pool: Pool, cuts: Cuts, options: DatasetOptions): DatasetBuilder {
  const { rows, purpose, labelCount = 1, hasWeights = false, team = alone, parts } = options;
  if (rows < (team.hosts.size === 1 ? 1 : 0) || rows > MAX_ROWS) {
    throw new ClientError('E_DATA_SIZE', `A dataset must have 1 to ${MAX_ROWS} rows; received ${rows}.`);
  }
  const { arena } = pool;
  const { featureCount } = cuts;
  const layout = purpose === 'training' ? trainingLayout(cuts) : evaluationLayout(cuts);
  const isSparse = layout.binBytes === 0;
  const fixed = allocateDataset(pool, cuts, layout, { rows, purpose, labelCount, hasWeights, team, parts });
  const mark = arena.mark();
  const blockRows = Math.max(16, Math.min(Math.floor(BLOCK_BYTES / (4 * featureCount)), rows));
  const blockBytes = blockRows * featureCount * 4;
  const block = arena.allocate(blockBytes, 'a block of rows');
  const blockFeatures = isSparse ? arena.allocate(blockBytes, 'a block of rows') : 0;
  const tasks = arena.allocate(pool.threads * TASKS_PER_THREAD * Records.RANGE_BYTES, 'task lists');
  const tables = writeTables(pool, cuts, layout);
  const dataset = isSparse ? { ...fixed, rowBins: arena.allocate(0, 'bins by row') } : fixed;
  let filled = 0;

  const configure = (firstRow: number) => {
    useRows(dataset);
    pool.set(Layout.FEATURES, featureCount);
    pool.set(Layout.BLOCK, block);
    pool.set(Layout.BLOCK_FEATURES, blockFeatures);
    pool.set(Layout.BLOCK_FIRST_ROW, firstRow);
    pool.set(Layout.CUT_STARTS, tables.cutStarts);
    pool.set(Layout.CUTS, tables.cuts);
    pool.set(Layout.BIN_RECORDS, tables.binRecords);
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
    if (weights) dataset.weights?.set(weights, filled);
  };

  /** Makes the counts of entries of the next rows into positions, and room for the entries. */
  const placeEntries = (count: number) => {
    const words = pool.words();
    const starts = (dataset.rowStarts >> 2) + filled;
    for (let row = 0; row < count; row++) words[starts + row + 1]! += words[starts + row]!;
    arena.extend(dataset.rowBins, words[starts + count]! * 4, 'sparse rows');
  };

  const addDense = (features: Float32Array | Float64Array) => {
    const count = features.length / featureCount;
    for (let first = 0; first < count; first += blockRows) {
      const part = Math.min(blockRows, count - first);
      configure(filled);
      pool.floats().set(features.subarray(first * featureCount, (first + part) * featureCount), block >> 2);
      if (isSparse) {
        runOverRows(Layout.COUNT_VALUES, part);
        placeEntries(part);
        runOverRows(Layout.BIN_SPARSE, part);
      } else runOverRows(Layout.BIN, part);
      filled += part;
    }
  };

  const addSparse = (sparse: SparseRows) => {
    const room = blockBytes >> 2;
    const values = pool.floats().subarray(block >> 2, (block + blockBytes) >> 2);
    const features = pool.words().subarray(blockFeatures >> 2, (blockFeatures + blockBytes) >> 2);
    for (let first = 0; first < sparse.rowStarts.length - 1; ) {
      const starts = (dataset.rowStarts >> 2) + filled;
      const firstEntry = pool.words()[starts]!;
      const count = copyEntries(sparse, first, { values, features, room, rows: room }, (row, entries) => {
        pool.words()[starts + row + 1] = firstEntry + entries;
      });
      arena.extend(dataset.rowBins, pool.words()[starts + count]! * 4, 'sparse rows');
      configure(filled);
      pool.set(Layout.BLOCK_FIRST_ENTRY, firstEntry);
      runOverRows(Layout.BIN_ENTRIES, count);
      filled += count;
      first += count;
    }
  };

  return {
    addBlock(features, labels, weights) {
      addLabels(features.length / featureCount, labels, weights);
      addDense(features);
    },
    addSparseBlock(sparse, labels, weights) {
      const count = sparse.rowStarts.length - 1;
      addLabels(count, labels, weights);
      if (isSparse) return addSparse(sparse);
      for (let first = 0; first < count; first += blockRows) {
        addDense(spreadRows(sparse, first, Math.min(blockRows, count - first), featureCount));
      }
    },
    finish() {
      if (filled !== rows) {
        throw new AlgorithmError('E_ALGORITHM', `Dataset of ${rows} rows: received ${filled} rows.`);
      }
      if (!isSparse) arena.release(mark); // sparse rows are behind the buffers
      return dataset;
    },
  };
}

/** Points the kernel to this dataset's bins. */
export function useRows(dataset: Dataset): void {
  const { pool, layout } = dataset;
  pool.set(Layout.ROWS, dataset.rows);
  pool.set(Layout.ROWS_BEFORE, dataset.shared.before);
  pool.set(Layout.TURN_ROW, dataset.shared.turn);
  pool.set(Layout.ROWS_BEHIND, dataset.shared.behind);
  pool.set(Layout.COLUMNS, layout.columns.length);
  pool.set(Layout.BIN_BYTES, layout.binBytes);
  pool.set(Layout.ROW_BINS, dataset.rowBins);
  pool.set(Layout.ROW_STRIDE, dataset.rowStride);
  pool.set(Layout.ROW_STARTS, dataset.rowStarts);
  pool.set(Layout.COLUMN_BINS, dataset.columnBins);
  pool.set(Layout.COLUMN_STRIDE, dataset.columnStride);
  pool.set(Layout.COLUMN_BIN_BYTES, dataset.columnBinBytes);
  pool.set(Layout.COLUMN_RECORDS, dataset.columnRecords);
}
