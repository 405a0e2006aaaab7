/** Conversations of a real program, whose workers are processes. */

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { bundledProgram } from '../bundled-program.js';
import { openCaller } from './caller.js';
import { type Program, predict, startProgram, untilLogged } from './running-program.js';

const TALK = { program: 'talk-program.ts', workers: 2 };

/** A caller is refused where no worker is there in 5 s, which a busy machine may take to start one. */
async function untilThere({ url }: Program, workers: number): Promise<void> {
  const metrics = () => fetch(`${url}/metrics`).then((response) => response.text());
  await expect.poll(metrics).toContain(`\nalgo_workers ${workers}\n`);
}

it('are held by a worker, while the first process answers /ping and pings', async () => {
  const program = await startProgram(TALK);
  await untilThere(program, 2);
  const spinning = await openCaller(program.url);
  spinning.socket.send('spin 1000');
  const pong = once(spinning.socket, 'pong');
  spinning.socket.ping();
  await pong;
  const ping = await fetch(`${program.url}/ping`);

  expect(ping.status).toBe(200);
  const pid = Number((await spinning.next()).split(' ')[0]);
  expect(pid).not.toBe(program.child.pid);
});

it('are held by workers whichever process accepts their connections', async () => {
  const program = await startProgram({ ...TALK, workers: 3, variables: { BOUNDED_ROWS: '100' } });
  await untilThere(program, 3);
  const found = new Set<number>();
  const talk = async () => {
    const callers = await Promise.all(Array.from({ length: 10 }, () => openCaller(program.url)));
    for (const { socket } of callers) socket.send('hello');
    for (const { next, socket } of callers) {
      found.add(Number(/^(\d+) hello$/.exec(await next())![1]));
      socket.close(1000);
    }
  };
  // Connections are the kernel's to give out, so that each process gets some in the end.
  for (let round = 0; round < 10; round++) await talk();

  expect(found.has(program.child.pid!)).toBe(false);
  expect(found.size).toBe(3);
  expect((await predict(program, [1, 2, 3])).status).toBe(200);
});

it('are closed with 1011 when their worker dies, and the next one is held by another', async () => {
  const program = await startProgram({ ...TALK, workers: 1 });
  await untilThere(program, 1);
  const caller = await openCaller(program.url);
  caller.socket.send('die');

  expect(await caller.closed).toMatchObject({ code: 1011, reason: expect.stringContaining('worker process ended') });
  await untilLogged(program, /101 .* close=1011/);
  await untilThere(program, 1);
  const next = await openCaller(program.url);
  next.socket.send('hello');
  expect(await next.next()).toMatch(/^\d+ hello$/);
});

it('are ended by SIGTERM, and their workers exit', async () => {
  const program = await startProgram(TALK);
  await untilThere(program, 2);
  const caller = await openCaller(program.url);
  caller.socket.send('hello');
  await caller.next();
  program.child.kill('SIGTERM');

  expect((await caller.closed).code).toBe(1001);
  expect(await program.exit).toEqual({ code: 0, signal: null });
  expect(program.lines.join('\n')).toContain('conversation ended');
});

it('bring the library of WebSocket into the program that declares them, and into no other', () => {
  const [talk, stream] = ['talk-program.ts', 'stream-program.ts'].map((name) => {
    const folder = dirname(bundledProgram(join(import.meta.dirname, name)));
    const files = readdirSync(folder).filter((file) => /js$/.test(file));
    return files.some((file) => readFileSync(join(folder, file), 'utf8').includes('Sec-WebSocket-Accept'));
  });

  expect({ talk, stream }).toEqual({ talk: true, stream: false });
});
