/**
 * Trains on a shape's rows but a block of them from float32 in memory, then predicts the block, and prints the numbers:
 *
 *   node measure.js FEATURES LABELS SHAPE-AS-JSON THREADS BLOCK
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { createDatasetBuilder } from '../../src/engine/binning/binned-dataset.js';
import { createCutSketch } from '../../src/engine/binning/cuts.js';
import { type BoostState, boost } from '../../src/engine/boost.js';
import { createPool } from '../../src/engine/threads/pool.js';
import { defaultTreeParameters } from '../../src/engine/tree-parameters.js';
import { regularIterationStart } from '../../src/ensemble/tree.js';
import { createMetrics } from '../../src/evaluation/index.js';
import { createObjective } from '../../src/objectives/index.js';
import { compilePredictor } from '../../src/predict/index.js';
import type { Shape } from './shapes.js';

const [featureFile, labelFile, shapeText, threadText, blockText] = process.argv.slice(2);
const shape: Shape = JSON.parse(shapeText!);
const threads = Number(threadText);
const { rows, testRows, columns, classes, rounds } = shape;
const before = Number(blockText) * testRows;
// As in a training job, the threads start while the rows are read.
const pool = createPool(threads);
const features = readAllBut(featureFile!, columns);
const labels = readAllBut(labelFile!, 1);
const isBinary = classes === 2;
const objective = createObjective(isBinary ? 'binary:logistic' : 'multi:softprob', {
  classCount: isBinary ? 0 : classes,
});

const started = performance.now();
const sketch = createCutSketch(pool, { featureCount: columns, maxBin: 256, rows });
sketch.addBlock(features);
const builder = createDatasetBuilder(pool, sketch.finish(), { rows, purpose: 'training' });
builder.addBlock(features, labels);
const dataset = builder.finish();
const binned = performance.now();
const baseScore = objective.estimateBaseScore({ labels });
const margins = objective.toMargins(baseScore);
let state: (() => BoostState) | undefined;
for (const round of boost({
  train: dataset,
  groups: objective.groupCount,
  gradients: { kind: isBinary ? 'logistic' : 'softmax' },
  initialMargins: margins,
  tree: { ...defaultTreeParameters, maxDepth: shape.depth ?? 6 },
  rounds,
  seed: 0,
})) {
  state = round.state;
}
const trained = performance.now();
pool.close();
await setTimeout(10); // its threads end while this one waits

const trees = state!().trees;
const groups = objective.groupCount;
const predictor = compilePredictor(
  {
    booster: 'gbtree',
    objective: objective.name,
    objectiveParameters: {},
    baseScore: [...baseScore],
    trees,
    treeGroup: Int32Array.from(trees, (_, index) => index % groups),
    groupCount: groups,
    classCount: isBinary ? 0 : classes,
    numParallelTree: 1,
    iterationStart: regularIterationStart(rounds, groups),
    featureCount: columns,
    attributes: {},
  },
  undefined,
  threads,
);
const test = new Float32Array(testRows * columns);
readInto(test, featureFile!, before * columns);
const testLabels = { labels: new Float32Array(testRows) };
readInto(testLabels.labels, labelFile!, before);
const predicted = objective.transform(predictor.margins(test));
const quality = createMetrics(isBinary ? ['auc', 'logloss'] : ['merror', 'mlogloss'], objective, {
  classCount: classes,
});
const [first, loss] = quality.map((metric) => metric.prepare(testLabels)(predicted));

const predictSeconds = shortest(5, () => objective.transform(predictor.margins(test)));
const row = test.slice(0, columns);
const latencies = Array.from({ length: 20_000 }, () => {
  const start = performance.now();
  objective.transform(predictor.marginsOfRow(row));
  return (performance.now() - start) * 1000;
}).sort((a, b) => a - b);
predictor.close();
console.log(
  JSON.stringify({
    trainSeconds: (trained - started) / 1000,
    binSeconds: (binned - started) / 1000,
    predictSecondsPerMillion: (predictSeconds / testRows) * 1e6,
    rowMicroseconds: latencies[latencies.length >> 1],
    aucOrError: first,
    logloss: loss,
  }),
);

/** The rows before and after the block. */
function readAllBut(path: string, width: number): Float32Array {
  const values = new Float32Array(rows * width);
  readInto(values.subarray(0, before * width), path, 0);
  readInto(values.subarray(before * width), path, (before + testRows) * width);
  return values;
}

function readInto(values: Float32Array, path: string, first: number): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const file = openSync(path, 'r');
  for (let at = 0; at < bytes.length; ) {
    at += readSync(file, bytes, at, Math.min(2 ** 30, bytes.length - at), 4 * first + at);
  }
  closeSync(file);
}

function shortest(times: number, run: () => void): number {
  const seconds = Array.from({ length: times }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1000;
  });
  return Math.min(...seconds);
}
