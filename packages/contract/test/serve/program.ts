/**
 * A program as an algorithm's main.ts is one, for tests that need real processes. A row is [value, busy, ends]: the
 * prediction is the value and the process that made it, without a turn of the event loop after `busy` million steps of
 * work; where `busy` is negative, once the file "gate" is there. With `ends` = 1 in a worker, the process dies instead. The model may say how many processes it is for.
 */
import cluster from 'node:cluster';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineAlgorithm, run } from '@algo/contract';
import { z } from 'zod';

const GATE = join(process.env.SAGEMAKER_BASE_DIR ?? '/opt/ml', 'gate');

const program = defineAlgorithm({
  name: 'echo',
  version: '1.0.0',
  description: 'Predicts the value it is given.',
  hyperparameters: z.object({}),
  channels: {},
  metrics: {},
  contentTypes: { input: ['text/csv'], output: ['text/csv'] },
  outputs: { score: { description: 'The value.' }, process: { description: 'Its process.' } },
  values: { missingValues: 'refuse', infiniteValues: 'refuse' },
  train: () => {},
  load: (artifact) => artifact.readJson('model.json', z.object({ processes: z.int().default(64) })),
  servingProcesses: ({ processes }) => processes,
  predict(_, { rows, columns, features }) {
    const score = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const [value = 0, busy = 0, ends = 0] = features.subarray(row * columns, (row + 1) * columns);
      if (ends === 1 && cluster.isWorker) process.kill(process.pid, 'SIGKILL');
      for (let step = 0; step < busy * 1e6; step++) score[row] = Math.sqrt(step);
      while (busy < 0 && !existsSync(GATE)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      score[row] = value;
    }
    return { score, process: new Int32Array(rows).fill(process.pid) };
  },
});

await run(program);
