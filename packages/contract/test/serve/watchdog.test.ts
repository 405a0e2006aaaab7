/** Predictions that never end, in real processes: their worker is replaced, and nobody else notices. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, predict, startProgram, untilWorkers, waitingFor } from './running-program.js';
import { openWire, post } from './running-server.js';

/** Loaded into the program: an hour is over at SIGUSR2. */
const HOUR_PASSES = { execArgv: ['--import', join(import.meta.dirname, 'hour-passes.ts')] };

describe('a prediction that never ends', () => {
  it('is answered with 504 after its limit, and its worker is replaced immediately', async () => {
    const variables = { SAGEMAKER_MODEL_SERVER_TIMEOUT_SECONDS: '3600' };
    const program = await startProgram({ workers: 1, variables, ...HOUR_PASSES });
    const [pid] = await untilWorkers(program, 1);

    const stuck = predict(program, [1, -1, 0]);
    await expect.poll(() => waitingFor(program)).toEqual(['1']);
    program.child.kill('SIGUSR2');
    const answer = await stuck;
    const next = await predict(program, [2, 0, 0]);

    expect(answer.status).toBe(504);
    expect(JSON.parse(answer.text).error).toEqual({
      code: 'E_TIMEOUT',
      message: 'The prediction must finish within 3600 s; it took longer and was stopped. Send fewer rows per request.',
    });
    expect(next).toMatchObject({ status: 200, value: 2 });
    expect(isAlive(pid!)).toBe(false);
    expect(program.lines).toContain(`worker ${pid} is stopped and replaced: a request was not answered within 3600 s`);
    expect(program.lines.join('\n')).not.toContain('another starts in');
  });

  it('delays neither the requests behind it nor /ping', async () => {
    const variables = { SAGEMAKER_MODEL_SERVER_TIMEOUT: '3600' };
    const program = await startProgram({ workers: 1, variables, ...HOUR_PASSES });
    await untilWorkers(program, 1);

    const stuck = predict(program, [1, -1, 0]);
    await expect.poll(() => waitingFor(program)).toEqual(['1']);
    const behind = [2, 3].map((value) => predict(program, [value, 0, 0]));
    const pings = new Set<number>();
    let isOver = false;
    const pinging = (async () => {
      while (!isOver) pings.add((await fetch(`${program.url}/ping`)).status);
    })();
    program.child.kill('SIGUSR2');

    expect((await stuck).status).toBe(504);
    expect((await Promise.all(behind)).map(({ status, value }) => [status, value])).toEqual([
      [200, 2],
      [200, 3],
    ]);
    isOver = true;
    await pinging;
    expect([...pings]).toEqual([200]);
  });

  it('delays a stop at most as long as the drain time', async () => {
    const program = await startProgram({ workers: 2, serve: { timeouts: { drainMs: 200 } } });
    const pids = await untilWorkers(program, 2);
    const wires = [1, 2].map((value) => {
      const wire = openWire(program.port);
      wire.send(post(`${value},-1,0`));
      return wire;
    });
    await expect.poll(() => waitingFor(program).length).toBe(2);

    program.child.kill('SIGTERM');

    expect(await program.exit).toEqual({ code: 0, signal: null });
    for (const wire of wires) expect(await wire.closed()).toBe('');
    expect(pids.filter(isAlive)).toEqual([]);
    expect(program.lines).toContain('stopped with 2 requests unanswered');
  });

  it('does not delay a stop if its caller has disconnected', async () => {
    const program = await startProgram({ workers: 1, serve: { timeouts: { drainMs: 2 ** 31 - 1 } } });
    const pids = await untilWorkers(program, 1);
    const wire = openWire(program.port);
    wire.send(post('1,-1,0'));
    await expect.poll(() => waitingFor(program)).toEqual(['1']);
    wire.socket.resetAndDestroy();

    program.child.kill('SIGTERM');

    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
