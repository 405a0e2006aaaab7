/** Runs of boosting for tests: a table with labels, options, and all rounds of a run. */

import { createRandom } from '@algo/numerics';
import type { Dataset } from '../../src/engine/binning/dataset.js';
import { type BoostOptions, boost } from '../../src/engine/boost.js';
import type { Pool } from '../../src/engine/threads/pool.js';
import { defaultTreeParameters, type TreeParameters } from '../../src/engine/tree-parameters.js';
import { cutTable, makeTable, type Table, trainingData } from './tables.js';

export const SHAPE = { rows: 700, featureCount: 6, seed: 11, distinct: 0, missing: 0.1, firstCategorical: 4 };
export const table = makeTable({ ...SHAPE, distinct: 6 });

/** Labels 0 and 1 that depend on the features. */
function labelsOf(source: Table): Float32Array {
  const random = createRandom(2);
  return Float32Array.from({ length: source.rows }, (_, row) => {
    const [a = 0, b = 0] = source.features.subarray(row * source.featureCount);
    return random.uniform() < 1 / (1 + Math.exp(-((a || 0) - (b || 0)))) ? 1 : 0;
  });
}

export function labelled(pool: Pool, source: Table = table): Dataset {
  const data = trainingData(pool, source, cutTable(pool, source));
  data.labels.set(labelsOf(source));
  return data;
}

export function options(
  train: Dataset,
  changes: Partial<BoostOptions> & { readonly treeChanges?: Partial<TreeParameters> } = {},
): BoostOptions {
  const { treeChanges, ...rest } = changes;
  return {
    train,
    groups: 1,
    gradients: { kind: 'logistic' },
    initialMargins: Float32Array.of(0.25),
    tree: { ...defaultTreeParameters, maxDepth: 4, ...treeChanges },
    rounds: 6,
    seed: 5,
    ...rest,
  };
}

/** All rounds of a run; margins copied, since they are live views. */
export function collect(given: BoostOptions) {
  const rounds = [];
  for (const round of boost(given)) {
    rounds.push({
      ...round,
      trainMargins: round.trainMargins.slice(),
      evaluationMargins: round.evaluationMargins.map((margins) => margins.slice()),
    });
  }
  return rounds;
}
