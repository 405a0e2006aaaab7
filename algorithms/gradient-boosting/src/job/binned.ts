/** From a table to what the engine trains on: cut points, bins, and the margins that every row starts from. */
import { type Cuts, createCutSketch } from '../binning.js';
import { createDatasetBuilder, type Dataset } from '../dataset.js';
import type { Hyperparameters } from '../hyperparameters.js';
import type { Pool } from '../workers/pool.js';
import type { SparseFeatures, Table } from './table.js';

/** Sparse rows are spread out so many values at a time, only to find their cut points. */
const SPREAD_VALUES = 1 << 20;

/** Cut points of all columns. @throws ClientError E_DATA_NUMBER for a categorical column that holds no categories */
export async function findCuts(pool: Pool, table: Table, values: Hyperparameters): Promise<Cuts> {
  const { columns: featureCount, weights } = table;
  const { categorical_features: categorical } = values;
  const sketch = createCutSketch(pool, {
    featureCount,
    maxBin: values.max_bin,
    rows: table.rows,
    hasWeights: weights !== undefined,
    ...(categorical && {
      isCategorical: Array.from({ length: featureCount }, (_, feature) => categorical.includes(feature)),
    }),
  });
  let row = 0;
  for await (const block of table.blocks()) {
    const own = weights?.subarray(row, row + block.rows);
    if (block.features) sketch.addBlock(block.features, own);
    if (block.sparse) {
      for (const { features, first, count } of spread(block.sparse, block.rows, featureCount)) {
        sketch.addBlock(features, own?.subarray(first, first + count));
      }
    }
    row += block.rows;
  }
  return sketch.finish();
}

/** The table in bins, with labels and weights where the kernel's own losses read them. */
export async function binTable(
  pool: Pool,
  table: Table,
  cuts: Cuts,
  purpose: 'training' | 'evaluation',
): Promise<Dataset> {
  const { rows, labels, labelCount, weights } = table;
  const hasWeights = weights !== undefined;
  const builder = createDatasetBuilder(pool, cuts, { rows, purpose, labelCount, hasWeights });
  let row = 0;
  for await (const block of table.blocks()) {
    const ownLabels = labels.subarray(row * labelCount, (row + block.rows) * labelCount);
    const ownWeights = weights?.subarray(row, row + block.rows);
    if (block.features) builder.addBlock(block.features, ownLabels, ownWeights);
    if (block.sparse) builder.addSparseBlock(block.sparse, ownLabels, ownWeights);
    row += block.rows;
  }
  return builder.finish();
}

// --- internal ---

function* spread({ starts, features, values }: SparseFeatures, rows: number, featureCount: number) {
  const step = Math.max(1, Math.floor(SPREAD_VALUES / featureCount));
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first);
    const dense = new Float32Array(count * featureCount).fill(Number.NaN);
    for (let row = 0; row < count; row++) {
      for (let entry = starts[first + row]!; entry < starts[first + row + 1]!; entry++) {
        dense[row * featureCount + features[entry]!] = values[entry]!;
      }
    }
    yield { features: dense, first, count };
  }
}
