/** Processes that accept connections next to the first one. */
import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Server, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../src/log.js';
import { countDoors, createDoors } from '../../src/serve/doors/doors.js';
import { createRequestCounts } from '../../src/serve/metrics/request-counts.js';
import type { WorkerProcess } from '../../src/serve/worker-process.js';
import { type Program, predict, startProgram, untilLogged } from './running-program.js';
import { openWire, post } from './running-server.js';

const MEBIBYTE = 1024 * 1024;
const COUNTED = 'algo_requests_total{route="/invocations",status="200"} 3';
const LIMITS = { keepAliveMs: 1, headersMs: 1, checkMs: 1, unreadMs: 1, maxBytes: 1 };

/** A connection that the door has accepted, since the first process is stopped meanwhile, and who the door is. */
async function atDoor({ child, port }: Program) {
  process.kill(child.pid!, 'SIGSTOP');
  const wire = openWire(port);
  wire.send(post('7,0,0'));
  const answer = await wire.until('7,');
  process.kill(child.pid!, 'SIGCONT');
  return { wire, pid: Number(/7,(\d+)/.exec(answer)![1]) };
}

describe('a container with two workers and small requests that cost little', () => {
  const options = { workers: 2, model: { boundedRows: 2 }, variables: { ALGO_IS_BOUNDED: '1' } };

  it('answers them in two processes, hands others over with their connection, and counts all', async () => {
    const program = await startProgram(options);
    await expect.poll(() => doorsOf(program).length).toBe(1);
    const { wire, pid } = await atDoor(program);

    wire.send(post('8,0,0\n'.repeat(3)) + post('9,0,0'));
    const received = await wire.until('9,');
    wire.socket.destroy();
    await expect.poll(() => fetch(`${program.url}/metrics`).then((answer) => answer.text())).toContain(COUNTED);
    process.kill(pid, 'SIGKILL');
    await untilLogged(program, new RegExp(`worker ${pid} ended \\(signal SIGKILL\\); another starts in 0\\.25 s`));

    expect(pid).not.toBe(program.child.pid);
    const [byDoor, byWorker, byFirst] = received.match(/(?<=[789],)\d+/g)!.filter((_, i) => [0, 1, 4].includes(i));
    expect([Number(byDoor), Number(byFirst)]).toEqual([pid, program.child.pid]);
    expect([pid, program.child.pid]).not.toContain(Number(byWorker));
    expect(await predict(program, [1, 0, 0])).toMatchObject({ status: 200, value: 1 });
  });

  it('answers what has begun at a door, and closes what is idle there, when it is stopped', async () => {
    const program = await startProgram(options);
    await expect.poll(() => doorsOf(program).length).toBe(1);
    const { wire: idle } = await atDoor(program);
    const { wire: busy } = await atDoor(program);
    busy.send(post('8,0,0').slice(0, -1));

    program.child.kill('SIGTERM');
    await idle.closed();
    busy.send('0');

    expect(await busy.closed()).toMatch(/Connection: close\r\nDate: .*\r\n\r\n8,\d+\n$/);
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.lines.filter((line) => line.startsWith('POST /invocations 200'))).toHaveLength(3);
  });
});

describe('doors', () => {
  it.each([
    [1, 50, 1_000, 0],
    [2, 50, 1_000, 1],
    [4, 50, 1_000, 3],
    [64, 50, 100_000, 7],
    [4, 100, 1_000, 2],
    [4, 200, 1_000, 0],
  ])('for %i workers of %i MiB each in %i MiB are %i', (workers, processMiB, limitMiB, expected) => {
    expect(countDoors(workers, processMiB * MEBIBYTE, limitMiB * MEBIBYTE)).toBe(expected);
  });

  it('get the socket when they are ready, learn whether the container can answer, and add what they count', async () => {
    const { start, sent, report } = fakeDoor();
    const counts = createRequestCounts();
    const [taken, handedIn] = [createRequestCounts(), [] as Buffer[]];
    const server = { listening: new Server(), handIn: (_: Socket, unread: Buffer) => void handedIn.push(unread) };
    const doors = createDoors({ server, counts, limits: LIMITS, log: memoryLog(), start });

    doors.open(1);
    await expect.poll(() => sent.length).toBe(2);
    doors.setAvailable(false);
    doors.setAvailable(false);
    doors.setAvailable(true);
    taken.count('/invocations', 200, 3, 5);
    for (let i = 0; i < 2; i++) report({ kind: 'counts', counts: taken.take() });
    report({ kind: 'connection', unread: Buffer.from('GET').toString('base64') }, new Socket());
    report({ kind: 'connection', unread: '' });
    const drained = doors.drain();
    report({ kind: 'drained' });
    await drained;
    await doors.stop();

    expect(sent).toEqual([
      { kind: 'open', limits: LIMITS },
      { kind: 'available', isAvailable: true },
      { kind: 'available', isAvailable: false },
      { kind: 'available', isAvailable: true },
      { kind: 'drain' },
    ]);
    expect(handedIn.map(String)).toEqual(['GET']);
    expect(counts.rows).toBe(5);
    expect(counts.routes().map(({ route, statuses, latency }) => [route, statuses[200], latency?.seconds])).toEqual([
      ['/invocations', 1, 0.003],
    ]);
  });
});

/** A door without a process. */
function fakeDoor() {
  const sent: object[] = [];
  const channel = Object.assign(new EventEmitter(), { send: (task: object) => sent.push(task) > 0 });
  const ended = Promise.withResolvers<string>();
  const facts = { processBytes: 1, maxProcesses: undefined, isConcurrent: false, isBatched: false, isForFront: true };
  const door = {
    ...{ pid: 1, isReady: true, openCount: 0, talkCount: 0, ready: Promise.resolve(facts), ended: ended.promise },
    channel,
    end: () => ended.resolve('exit code 0'),
  };
  return {
    sent,
    start: () => door as unknown as WorkerProcess,
    report: (message: object, socket?: Socket) => void channel.emit('message', message, socket),
  };
}

/** The other processes that hold the listening socket: proc(5), `children`, `fd` and `net/tcp`. */
function doorsOf({ child, port }: Program): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  const inode = sockets
    .find((line) => line.includes(`:${hex} 00000000:0000 0A`))
    ?.trim()
    .split(/\s+/)[9];
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
  return children.filter((pid) => isStarted(pid) && filesOf(pid).includes(`socket:[${inode}]`));
}

/** Before it has become another program, a new process has all files of the first one. */
function isStarted(pid: string): boolean {
  return readFileSync(`/proc/${pid}/environ`, 'utf8').includes('NODE_UNIQUE_ID=');
}

function filesOf(pid: string): string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
}
