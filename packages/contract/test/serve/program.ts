/**
 * A program as an algorithm's main.ts is one, for tests that need real processes. A row is [value, busy, ends]: the
 * prediction is the value and the process that made it, without a turn of the event loop after `busy` million steps of
 * work; where `busy` is negative, once the file "gate" is there. With `ends` = 1 in a worker, the process dies instead;
 * with 2 it throws, with 3 it leaves a rejected promise behind, and with 4 it throws what has no text.
 * The model says what its algorithm is like. Each prediction leaves a line in the file "predicted", and each process that
 * closed its model one in "closed".
 */
import cluster from 'node:cluster';
import { appendFileSync, existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { type Algorithm, AlgorithmError, defineAlgorithm, run } from '@algo/contract';
import { z } from 'zod';
// The options are no part of the package's face: an algorithm's program has none.
import { readEnvironment } from '../../dist/environment.js';
import { consoleLog } from '../../dist/log.js';
import { serve } from '../../dist/serve/serve.js';

const base = process.env.SAGEMAKER_BASE_DIR ?? '/opt/ml';
const gate = join(base, 'gate');

const model = z.object({
  processes: z.int().default(64),
  /** Maximum number of rows that the first process answers by itself. */
  boundedRows: z.int().default(0),
  /** Whether predictions are promises. */
  isConcurrent: z.boolean().default(false),
  /** What loading does. */
  load: z.enum(['well', 'hang', 'die', 'die once ready', 'leave a rejection']).default('well'),
});

const echo = defineAlgorithm({
  name: 'echo',
  version: '1.0.0',
  description: 'Predicts the value it is given.',
  contentTypes: { input: ['text/csv', 'application/json'], output: ['text/csv'] },
  outputs: { score: { description: 'The value.' }, process: { description: 'Its process.' } },
  load({ artifact }) {
    const loaded = artifact.readJson('model.json', model);
    if (loaded.load === 'hang') for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    if (loaded.load === 'die' && cluster.isWorker) process.kill(process.pid, 'SIGKILL');
    if (loaded.load === 'leave a rejection') void Promise.reject(new Error('left behind by load'));
    return loaded;
  },
  close: () => appendFileSync(join(base, 'closed'), `${process.pid}\n`),
  servingProcesses: ({ processes }) => processes,
  predict({ isConcurrent }, { rows, columns, features }) {
    const score = new Float64Array(rows);
    const predictions = { score, process: new Int32Array(rows).fill(process.pid) };
    let isWaiting = false;
    for (let row = 0; row < rows; row++) {
      const [value = 0, busy = 0, ends = 0] = features.subarray(row * columns, (row + 1) * columns);
      if (ends === 1 && cluster.isWorker) process.kill(process.pid, 'SIGKILL');
      if (ends === 2) throw new AlgorithmError('E_ALGORITHM', 'the secret of the algorithm');
      if (ends === 3) void Promise.reject(new Error('left behind\nround=1 train:x=1'));
      if (ends === 4) throw Object.create(null);
      for (let step = 0; step < busy * 1e6; step++) score[row] = Math.sqrt(step);
      if (busy < 0) appendFileSync(join(base, 'waiting'), `${value}\n`);
      if (busy < 0 && isConcurrent) isWaiting = true;
      else while (busy < 0 && !existsSync(gate)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      score[row] = value;
    }
    if (rows < 10) appendFileSync(join(base, 'predicted'), `${score.join(' ')}\n`);
    if (!isConcurrent) return predictions;
    return (isWaiting ? gateOpened() : Promise.resolve()).then(() => predictions);
  },
});

/** Whether there is the function at all decides who loads the model first. */
const program: Algorithm = {
  ...echo,
  ...(process.env.ALGO_HAS_SESSIONS && { sessions: {} }),
  ...(process.env.ALGO_IS_BOUNDED && { boundedRows: (loaded) => model.parse(loaded).boundedRows }),
};

function gateOpened(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!existsSync(gate)) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(base, look);
    look();
  });
}

const options = process.env.SERVE_OPTIONS;
if (options === undefined) await run(program);
else
  process.exit(
    await serve({ ...JSON.parse(options), algorithm: program, environment: readEnvironment(), log: consoleLog }),
  );
