/** How the processes of a server end: by a signal, by a model that cannot be used, by an error. Programs as the platform starts them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, predict, startProgram, untilLogged, untilWorkers, waitingFor } from './running-program.js';
import { openWire, untilReady } from './running-server.js';

describe('a model that workers cannot load', () => {
  it('exits with code 1 and the reason if it kills every process', async () => {
    const program = await startProgram({
      workers: 1,
      model: { load: 'die' },
      serve: { timeouts: { failedMs: 0 } },
    });

    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.lines.join('\n')).toContain(
      'The model cannot be used. 3 worker processes in a row exited while loading the model (the last with signal SIGKILL).',
    );
  });

  it('keeps /ping at 503 and SIGTERM working if loading never finishes', async () => {
    const program = await startProgram({ workers: 1, model: { load: 'hang' } });

    const response = await fetch(`${program.url}/ping`);
    program.child.kill('SIGTERM');

    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('1');
    expect(await program.exit).toEqual({ code: 0, signal: null });
  });
});

describe('the end of a server', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s answers what has begun, ends the workers, and is code 0',
    async (signal) => {
      const program = await startProgram({ workers: 2 });
      const pids = await untilWorkers(program, 2);
      const wire = openWire(program.port);
      wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n');
      await wire.until('100 Continue');

      program.child.kill(signal);
      await untilLogged(program, new RegExp(`${signal} received`));
      program.child.kill(signal); // once more
      wire.send('8,90,00');

      expect(await wire.closed()).toMatch(/\r\n\r\nHTTP\/1\.1 200 OK\r\n.*Connection: close\r\n.*\r\n8,\d+\n$/s);
      expect(await program.exit).toEqual({ code: 0, signal: null });
      expect(pids.filter(isAlive)).toEqual([]);
    },
  );

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s to the whole process group finishes the requests in flight',
    async (name) => {
      const program = await startProgram({ workers: 2, isGroup: true });
      await untilWorkers(program, 2);
      const answer = predict(program, [5, -1, 0]);
      await expect.poll(() => waitingFor(program)).toEqual(['5']);

      process.kill(-program.child.pid!, name);
      await untilLogged(program, new RegExp(`${name} received`));
      program.root.write('gate', '');

      expect(await answer).toMatchObject({ status: 200, value: 5 });
      expect(await program.exit).toEqual({ code: 0, signal: null });
    },
  );

  it('closes the model in every idle process that has one', async () => {
    const program = await startProgram({ workers: 2 });
    const pids = await untilWorkers(program, 2);

    program.child.kill('SIGTERM');

    expect(await program.exit).toEqual({ code: 0, signal: null });
    const closed = readFileSync(join(program.root.paths.base, 'closed'), 'utf8').trimEnd().split('\n').map(Number);
    expect(closed.sort()).toEqual(pids.sort());
  });

  it('by killing the first process ends the workers too', async () => {
    const program = await startProgram({ workers: 2 });
    const pids = await untilWorkers(program, 2);

    program.child.kill('SIGKILL');

    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  it('by a signal while a model that cannot be used is explained is exit code 1, and the cause is logged once', async () => {
    const prepare = (root: { paths: { model: string } }) => writeFileSync(join(root.paths.model, 'model.json'), 'x');
    const program = await startProgram({ workers: 2, prepare, serve: { timeouts: { failedMs: 2 ** 31 - 1 } } });

    await untilLogged(program, /E_MODEL/);
    const response = await fetch(`${program.url}/ping`);
    program.child.kill('SIGTERM');

    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'E_MODEL' } });
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.lines.filter((line) => line.includes('changed or damaged'))).toHaveLength(1);
  });
});

describe('an unhandled error in a worker', () => {
  it('is logged in escaped lines and affects neither its request nor the next one', async () => {
    const program = await startProgram({ workers: 1 });
    const [pid] = await untilWorkers(program, 1);

    const answers = [await predict(program, [1, 0, 3]), await predict(program, [2, 0, 0])];

    expect(answers).toMatchObject([
      { status: 200, value: 1, pid },
      { status: 200, value: 2, pid },
    ]);
    await untilLogged(program, /left behind/);
    const line = `worker ${pid}: Error: left behind\\nround=1\\u0020train:x=1, in work that nothing awaits`;
    expect(program.lines).toContain(line);
    expect(program.lines.filter((text) => /^\S*Error: left behind/.test(text))).toEqual([]);
  });

  it('is answered with 500 immediately if the request may be waiting for it', async () => {
    const program = await startProgram({ workers: 1, model: { isConcurrent: true } });
    await untilWorkers(program, 1);

    const waiting = predict(program, [1, -1, 3]);

    expect((await waiting).status).toBe(500);
    expect(await predict(program, [2, 0, 0])).toMatchObject({ status: 200, value: 2 });
  });

  it('while loading leaves a worker that answers', async () => {
    const program = await startProgram({ workers: 1, model: { load: 'leave a rejection' } });
    await untilReady(program);

    const answers = [await predict(program, [1, 0, 0]), await predict(program, [2, 0, 0])];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(program.lines.join('\n')).toContain('left behind by load');
    expect(program.lines.join('\n')).not.toContain('another starts in');
  });

  it('is answered in the usual way if the thrown value has no text', async () => {
    const program = await startProgram({ workers: 1 });
    const [pid] = await untilWorkers(program, 1);

    expect((await predict(program, [1, 0, 4])).status).toBe(500);
    expect(await predict(program, [2, 0, 0])).toMatchObject({ status: 200, pid });
    await untilLogged(program, /POST \/invocations: a value without text \(object\)/);
  });
});
