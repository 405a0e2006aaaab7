/**
 * A program like a container's: trains on three threads out of one bundled file and prints what it got.
 */
import { setTimeout } from 'node:timers/promises';
import { boost } from '../../../src/engine/boost.js';
import { createPool } from '../../../src/engine/threads/pool.js';
import { defaultTreeParameters } from '../../../src/engine/tree-parameters.js';
import { cutTable, makeTable, trainingData } from '../tables.js';

/** Between two looks. */
const LOOK_MS = 5;

const pool = createPool(3);
while (pool.helpers() < 2) await setTimeout(LOOK_MS);
const table = makeTable({ rows: 20_000, featureCount: 5, seed: 1, distinct: 0, missing: 0, firstCategorical: 9 });
const train = trainingData(pool, table, cutTable(pool, table));
const gradients = { computeGradients: (_: Float32Array, out: Float32Array) => out.set(table.gradients) };
const [round] = boost({
  train,
  groups: 1,
  gradients,
  initialMargins: new Float32Array(1),
  tree: defaultTreeParameters,
  rounds: 1,
  seed: 1,
});
console.log(JSON.stringify({ helpers: pool.helpers(), leaves: [...(round?.trees[0]?.condition ?? [])] }));
