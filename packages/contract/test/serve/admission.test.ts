/**
 * More than the container can hold: refused immediately, dropped if nobody waits for it, aborted if nobody reads it.
 */
import { describe, expect, it } from 'vitest';
import { predict, predicted, startProgram, untilLogged, untilWorkers, waitingFor } from './running-program.js';
import { openWire, post } from './running-server.js';

const MEBIBYTE = 1024 * 1024;
const announce = (bytes: number, headers = 'Expect: 100-continue\r\n') =>
  `POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n${headers}Content-Length: ${bytes}\r\n\r\n`;

describe('requests that do not fit in memory together', () => {
  /** Room for bodies of 64 MiB in all. */
  const small = { workers: 1, serve: { memoryBytes: 1024 * MEBIBYTE } };

  it('are refused with 503 and Retry-After before their bodies are read; the others are answered', async () => {
    const program = await startProgram(small);
    await untilWorkers(program, 1);
    const wires = Array.from({ length: 30 }, () => openWire(program.port));

    for (const wire of wires) wire.send(announce(25 * MEBIBYTE));
    const heads = await Promise.all(wires.map((wire) => wire.until('\r\n\r\n')));

    const refused = heads.filter((head) => head.startsWith('HTTP/1.1 503 '));
    const accepted = heads.filter((head) => head.startsWith('HTTP/1.1 100 Continue'));
    expect(refused.length + accepted.length).toBe(30);
    expect(accepted.length).toBeGreaterThanOrEqual(5);
    expect(accepted.length).toBeLessThanOrEqual(10);
    expect(refused[0]).toMatch(/\r\nRetry-After: 1\r\n.*Connection: close\r\n/s);
    for (const wire of wires) wire.socket.destroy();
  });

  it('free their memory for the next one as soon as they end', async () => {
    const program = await startProgram(small);
    await untilWorkers(program, 1);
    const wires = Array.from({ length: 30 }, () => openWire(program.port));
    for (const wire of wires) wire.send(announce(25 * MEBIBYTE));
    await Promise.all(wires.map((wire) => wire.until('\r\n\r\n')));

    for (const wire of wires) wire.socket.resetAndDestroy();
    await expect
      .poll(() => program.lines.filter((line) => /POST \/invocations (aborted|503 .*E_BUSY)/.test(line)).length)
      .toBe(30);

    expect(await predict(program, [5, 0, 0])).toMatchObject({ status: 200, value: 5 });
  });

  it('are refused while their body arrives if they announced no length', async () => {
    const program = await startProgram({ workers: 1, serve: { memoryBytes: 128 * MEBIBYTE } });
    await untilWorkers(program, 1);
    const other = openWire(program.port);
    other.send(announce(1000));
    await other.until('100 Continue');
    const wire = openWire(program.port);

    wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `100000\r\n${'1'.repeat(MEBIBYTE)}\r\n`;
    for (let i = 0; i < 24; i++) wire.send(chunk);

    expect(await wire.until('E_BUSY')).toMatch(/^HTTP\/1\.1 503 .*Retry-After: 1/s);
    wire.socket.destroy();
    other.socket.destroy();
  });
});

describe('requests whose caller has left', () => {
  it('are not predicted, and do not delay the next one', async () => {
    const program = await startProgram({ workers: 1 });
    await untilWorkers(program, 1);
    const first = predict(program, [100, -1, 0]);
    await expect.poll(() => waitingFor(program)).toEqual(['100']);

    const rows = Array.from({ length: 2000 }, () => '7,0,0').join('\n');
    const leaving = Array.from({ length: 20 }, () => openWire(program.port));
    for (const [index, wire] of leaving.entries()) wire.send(post(`${200 + index},0,0\n${index % 2 ? '' : rows}`));
    for (const [index, wire] of leaving.entries()) {
      await new Promise((resolve) => wire.socket.write('', resolve)); // all before it has gone to the kernel
      if (index % 3 === 0) wire.socket.resetAndDestroy();
      else wire.socket.end();
    }
    await expect
      .poll(() => program.lines.filter((line) => /POST \/invocations (aborted|503 .*E_BUSY)/.test(line)).length)
      .toBe(20);
    const next = predict(program, [300, 0, 0]);
    program.root.write('gate', '');

    expect(await next).toMatchObject({ status: 200, value: 300 });
    expect(await first).toMatchObject({ status: 200, value: 100 });
    expect(predicted(program).filter((line) => line !== '1')).toEqual(['100', '300']);
  });
});

/** Their answer is at least 18 MB, more than the kernel takes, however few digits the numbers of processes have. */
const MANY_ROWS = '1e8,0,0\n'.repeat(1_500_000);

describe('responses that nobody reads', () => {
  it('are aborted after a time, which frees their memory', async () => {
    const program = await startProgram({
      workers: 1,
      serve: { timeouts: { unreadMs: 300 }, memoryBytes: 1024 * MEBIBYTE },
    });
    await untilWorkers(program, 1);
    const wire = openWire(program.port);
    wire.socket.pause();

    wire.send(post(MANY_ROWS));
    await untilLogged(program, /POST \/invocations 200 .*rows=1500000/);
    wire.socket.on('error', () => {});
    await untilLogged(program, /response aborted/);

    expect(await predict(program, [5, 0, 0])).toMatchObject({ status: 200 });
    wire.socket.resume();
    const received = await wire.closed();
    expect(received.length).toBeLessThan(10_000_000);
  });
});

describe('a stop of the server', () => {
  it('finishes responses that are being sent', async () => {
    const program = await startProgram({ workers: 1 });
    await untilWorkers(program, 1);
    const wire = openWire(program.port);
    wire.socket.pause();
    wire.send(post(MANY_ROWS));
    await untilLogged(program, /POST \/invocations 200 .*rows=1500000/);

    program.child.kill('SIGTERM');
    await untilLogged(program, /SIGTERM received/);
    // A connection may be taken by the system, and closed, until the socket that listens is.
    const refusal = () =>
      fetch(`${program.url}/ping`).then(
        ({ status }) => ({ status }),
        ({ cause }) => cause,
      );
    await expect.poll(refusal).toMatchObject({ code: 'ECONNREFUSED' });
    wire.socket.resume();
    const received = await wire.closed();

    const length = Number(/Content-Length: (\d+)/.exec(received)![1]);
    expect(length).toBeGreaterThanOrEqual(18_000_000);
    expect(received.length - received.indexOf('\r\n\r\n') - 4).toBe(length);
    expect(await program.exit).toEqual({ code: 0, signal: null });
  });
});
