/** Streamed answers that come from a worker process. */
import { afterEach, describe, expect, it } from 'vitest';
import { startProgram, untilLogged } from './running-program.js';
import { endServers, openWire, post } from './running-server.js';
import { ask } from './streaming.js';

afterEach(endServers);

describe('a stream from a worker process', () => {
  it('comes part by part, and its worker answers the next request', async () => {
    const program = await startProgram({ program: 'stream-program.ts', workers: 1 });
    await untilLogged(program, /model ready/);

    const whole = await ask(program, 'application/jsonlines', '3,100000,0\n');
    const next = await ask(program, 'text/event-stream', '2,1,0\n');

    expect(whole.text.split('\n').length).toBe(300_001);
    expect(next.text).toBe('data: {"score":0}\n\ndata: {"score":1}\n\n');
  });

  it('is ended with its caller, and the worker goes on', async () => {
    const program = await startProgram({ program: 'stream-program.ts', workers: 1 });
    await untilLogged(program, /model ready/);
    const wire = openWire(program.port);
    wire.send(post('1000000000,1,0\n'));
    await wire.until('score');

    wire.socket.resetAndDestroy();
    await untilLogged(program, /stream ended after \d+ parts, aborted=true/);

    expect((await ask(program, 'text/csv', '1,1,0\n')).text).toBe('0\n');
    expect(program.lines.join('\n')).not.toContain('is ended and replaced');
  });

  it('whose worker dies in the middle is cut', async () => {
    const program = await startProgram({ program: 'stream-program.ts', workers: 1 });
    await untilLogged(program, /model ready/);
    const wire = openWire(program.port);
    wire.send(post('2,1,1\n'));

    const received = await wire.closed();

    expect(received).toContain('score');
    expect(received).not.toMatch(/0\r\n\r\n$/);
    await untilLogged(program, /cut in the middle: The worker process ended during this answer/);
  });

  it('that takes too long in all is cut', async () => {
    const program = await startProgram({
      program: 'stream-program.ts',
      workers: 1,
      serve: { timeouts: { streamMs: 300 } },
    });
    await untilLogged(program, /model ready/);
    const wire = openWire(program.port);
    wire.send(post('1000000000,1,0\n'));

    await wire.closed();

    await untilLogged(program, /cut in the middle: A streamed answer must be complete within 0.3 s/);
    await untilLogged(program, /stream ended after \d+ parts/);
  });
});
