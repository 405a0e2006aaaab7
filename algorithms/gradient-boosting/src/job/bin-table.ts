/** Computes cut points and bins of a table, on which the engine trains. */
import { isSparse, type SparseEntries, spreadRows } from '@algo/contract';
import { createDatasetBuilder } from '../engine/binning/binned-dataset.js';
import { type Cuts, createCutSketch, joinCuts } from '../engine/binning/cuts.js';
import type { Dataset } from '../engine/binning/dataset.js';
import { meet, type Team } from '../engine/team.js';
import type { Pool } from '../engine/threads/pool.js';
import type { Settings } from '../hyperparameters/settings.js';
import type { Table } from './table.js';

type SparseFeatures = SparseEntries<Float32Array>;

/**
 * Cut points are computed for this many columns at a time, each taking some kilobytes; wide tables need several passes.
 */
const SLICE_COLUMNS = 16_384;
/** Sparse rows are expanded in parts of this many values, only to compute their cut points; wide ones never. */
const SPREAD_VALUES = 1 << 20;

type BinSettings = Pick<Settings, 'maxBin' | 'categoricalFeatures'>;

/**
 * Cut points of all columns, from the rows of all hosts.
 * @throws ClientError E_DATA_NUMBER for a categorical column that holds no categories; Interrupted at a stop
 */
export async function findCuts(pool: Pool, table: Table, settings: BinSettings, team: Team): Promise<Cuts> {
  const slices: Cuts[] = [];
  for (let first = 0; first < table.columns; first += SLICE_COLUMNS) {
    const count = Math.min(SLICE_COLUMNS, table.columns - first);
    slices.push(await findCutsOf({ pool, team }, table, settings, { first, count }));
  }
  return slices.length === 1 ? slices[0]! : joinCuts(slices);
}

/**
 * The table in bins, with labels and weights where the kernel's own losses read them.
 * @throws Interrupted at a stop
 */
export async function binTable(
  pool: Pool,
  table: Table,
  cuts: Cuts,
  purpose: 'training' | 'evaluation',
  team: Team,
): Promise<Dataset> {
  const { rows, labels, labelCount, weights, parts } = table;
  const hasWeights = weights !== undefined;
  const builder = createDatasetBuilder(pool, cuts, { rows, purpose, labelCount, hasWeights, team, parts });
  let row = 0;
  for await (const block of table.blocks()) {
    const ownLabels = labels.subarray(row * labelCount, (row + block.rows) * labelCount);
    const ownWeights = weights?.subarray(row, row + block.rows);
    if (isSparse(block)) builder.addSparseBlock(block, ownLabels, ownWeights);
    else builder.addBlock(block.features, ownLabels, ownWeights);
    row += block.rows;
  }
  meet(team);
  return builder.finish();
}

// --- internal ---

/** Some columns of a table, from `first` on. */
interface Columns {
  readonly first: number;
  readonly count: number;
}

interface Means {
  readonly pool: Pool;
  readonly team: Team;
}

async function findCutsOf({ pool, team }: Means, table: Table, settings: BinSettings, columns: Columns): Promise<Cuts> {
  const { weights } = table;
  const { categoricalFeatures: categorical } = settings;
  const isWhole = columns.count === table.columns;
  const sketch = createCutSketch(pool, {
    featureCount: columns.count,
    firstFeature: columns.first,
    maxBin: settings.maxBin,
    rows: table.rows,
    hasWeights: weights !== undefined,
    team,
    parts: table.parts,
    ...(categorical && {
      isCategorical: Array.from({ length: columns.count }, (_, column) => categorical.includes(columns.first + column)),
    }),
  });
  let row = 0;
  for await (const block of table.blocks()) {
    const own = weights?.subarray(row, row + block.rows);
    if (!isSparse(block)) {
      sketch.addBlock(isWhole ? block.features : denseSlice(block.features, table, columns), own);
    } else if (!isWhole) sketch.addSparseBlock(sparseSlice(block, columns), own);
    else {
      const step = Math.max(1, Math.floor(SPREAD_VALUES / columns.count));
      for (let first = 0; first < block.rows; first += step) {
        const count = Math.min(step, block.rows - first);
        sketch.addBlock(spreadRows(block, first, count, columns.count), own?.subarray(first, first + count));
      }
    }
    row += block.rows;
  }
  meet(team);
  return sketch.finish();
}

function denseSlice(features: Float32Array, { columns }: Pick<Table, 'columns'>, { first, count }: Columns) {
  const rows = features.length / columns;
  const slice = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const start = row * columns + first;
    slice.set(features.subarray(start, start + count), row * count);
  }
  return slice;
}

/** The entries of the columns, counted from the first of them. */
function sparseSlice(
  { rowStarts: starts, columnIndices: features, values }: SparseFeatures,
  { first, count }: Columns,
): SparseFeatures {
  const rows = starts.length - 1;
  const bounds = new Uint32Array(2 * rows);
  const ownStarts = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    const from = firstAtLeast(features, first, starts[row]!, starts[row + 1]!);
    const to = firstAtLeast(features, first + count, from, starts[row + 1]!);
    bounds.set([from, to], 2 * row);
    ownStarts[row + 1] = ownStarts[row]! + to - from;
  }
  const ownFeatures = new Uint32Array(ownStarts[rows]!);
  const ownValues = new Float32Array(ownStarts[rows]!);
  for (let row = 0; row < rows; row++) {
    for (let entry = bounds[2 * row]!, own = ownStarts[row]!; entry < bounds[2 * row + 1]!; entry++, own++) {
      ownFeatures[own] = features[entry]! - first;
      ownValues[own] = values[entry]!;
    }
  }
  return { rowStarts: ownStarts, columnIndices: ownFeatures, values: ownValues };
}

/** The first entry of ascending ones, from `low` to before `high`, that is `wanted` or more; `high` when none is. */
function firstAtLeast(features: Uint32Array, wanted: number, low: number, high: number): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (features[middle]! < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
