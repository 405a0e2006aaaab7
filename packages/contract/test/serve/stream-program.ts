/**
 * A program whose answers are streams. A row is [parts, rows, dies]: the number of parts, and of rows in each, each the
 * number of its part; with `dies` = 1 the process dies after the first part, on another turn of the event loop.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { defineAlgorithm, run } from '@algo/contract';
import { readEnvironment } from '../../dist/environment.js';
import { consoleLog } from '../../dist/log.js';
import { serve } from '../../dist/serve/serve.js';

const program = defineAlgorithm({
  name: 'echo',
  version: '1.0.0',
  description: 'Counts.',
  contentTypes: { input: ['text/csv'], output: ['application/jsonlines', 'text/csv'] },
  outputs: { score: { description: 'The part.' } },
  load: () => undefined,
  async *predict(_model, { features }, { signal }) {
    const [parts = 0, rows = 0, dies = 0] = features;
    let part = 0;
    try {
      for (; part < parts; part++) {
        yield { score: new Float64Array(rows).fill(part) };
        await nextTurn();
        if (dies === 1) process.kill(process.pid, 'SIGKILL');
      }
    } finally {
      console.log(`stream ended after ${part} parts, aborted=${signal.aborted}`);
    }
  },
});

const options = process.env.SERVE_OPTIONS;
if (options === undefined) await run(program);
else
  process.exit(
    await serve({ ...JSON.parse(options), algorithm: program, environment: readEnvironment(), log: consoleLog }),
  );
