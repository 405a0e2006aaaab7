/** What keeps a worker busy does not keep /ping waiting: with one worker, whatever it is at. */
import { describe, expect, it } from 'vitest';
import { predict, startProgram, untilWorkers, waitingFor } from './running-program.js';
import { untilReady } from './running-server.js';

const BOUNDED = { ALGO_IS_BOUNDED: '1' };

describe('/ping with one worker', () => {
  it.each([
    ['a stranger’s prediction that blocks its thread', {}],
    ['a prediction of more rows than the bound, of an algorithm that has one', BOUNDED],
  ])('is answered during %s', async (_, variables) => {
    const program = await startProgram({ workers: 1, model: { boundedRows: 0 }, variables });
    await untilWorkers(program, 1);
    const finished: string[] = [];

    const busy = predict(program, [1, -1, 0]).then(() => finished.push('prediction'));
    await expect.poll(() => waitingFor(program)).toEqual(['1']);
    for (const _ping of [1, 2, 3]) await untilReady(program).then(() => finished.push('ping'));
    program.root.write('gate', '');
    await busy;

    expect(finished).toEqual(['ping', 'ping', 'ping', 'prediction']);
  });

  it('is answered while 25 MB of JSON is parsed', async () => {
    const program = await startProgram({ workers: 1 });
    await untilWorkers(program, 1);
    const finished: string[] = [];
    const body = Buffer.from(`{"instances":[${Array(3_000_000).fill('[1,0,0]').join()}]}`);
    const headers = { 'Content-Type': 'application/json' };

    const reading = fetch(`${program.url}/invocations`, { method: 'POST', headers, body }).then(async (response) => {
      finished.push(`prediction ${response.status}`);
      await response.arrayBuffer();
    });
    let isOver = false;
    void reading.then(() => (isOver = true));
    let pings = 0;
    while (!isOver) {
      expect((await fetch(`${program.url}/ping`)).status).toBe(200);
      pings += 1;
      if (pings === 10) finished.push('ten pings');
    }

    expect(finished).toEqual(['ten pings', 'prediction 200']);
  });
});
