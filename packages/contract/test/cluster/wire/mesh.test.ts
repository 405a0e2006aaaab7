/** Main threads on addresses of this machine; a host that hangs is a connection that says who it is, and then nothing. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { ClusterPlan } from '../../../src/cluster/plan.js';
import type { ProgramFacts } from '../../../src/cluster/program-facts.js';
import { joinMesh, type Mesh } from '../../../src/cluster/wire/mesh.js';
import { type Failure, failureMessage, lineOf } from '../../../src/cluster/wire/message.js';
import { ClientError, type ContractError } from '../../../src/errors.js';
import { freePort } from '../../../src/testing/free-port.js';

const PROGRAM: ProgramFacts = { algorithm: 'test 1.0.0', hyperparameters: {} };
const HOSTS = ['algo-1', 'algo-2', 'algo-3'];
const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];

interface Joined extends Omit<Mesh, 'ready' | 'leave'> {
  readonly ready: Promise<void>;
  leave(failure?: Failure, patience?: Promise<void>): Promise<void>;
  /** What has happened, in order. */
  readonly seen: string[];
  readonly failure: Promise<ContractError>;
  readonly stopped: Promise<string>;
  readonly halted: Promise<ContractError>;
}

let port: number;
/** Ranks that are connected with all others. */
let connected: number[];
const meshes: Mesh[] = [];
const sockets: Socket[] = [];
beforeEach(async () => {
  port = await freePort();
  connected = [];
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(meshes.splice(0).map((mesh) => mesh.leave(undefined, Promise.resolve())));
});

function join(rank: number, { size = 3, beatMs = 600_000, timeoutMs = 600_000, program = PROGRAM } = {}): Joined {
  const seen: string[] = [];
  const failure = Promise.withResolvers<ContractError>();
  const stopped = Promise.withResolvers<string>();
  const halted = Promise.withResolvers<ContractError>();
  const plan: ClusterPlan = {
    ...{ job: 'job', hosts: HOSTS.slice(0, size), addresses: ADDRESSES.slice(0, size), rank },
    ...{ port, beatMs, networkInterface: 'lo' },
  };
  const mesh = joinMesh(plan, {
    onConnected: () => void connected.push(rank),
    onStop: (name, host) => {
      seen.push(`${name} of ${host}`);
      stopped.resolve(`${name} of ${host}`);
    },
    onHalt: (error) => halted.resolve(error),
    onFailure: (error) => {
      seen.push(error.message);
      failure.resolve(error);
    },
  });
  meshes.push(mesh);
  const ready = mesh.ready(program, timeoutMs);
  ready.catch(() => undefined); // of tests that look at the failure
  return {
    ...{ ...mesh, ready, seen, failure: failure.promise, stopped: stopped.promise, halted: halted.promise },
    leave: (reason, patience = Promise.resolve()) => mesh.leave(reason, patience),
  };
}

const helloOf = (host: string) =>
  lineOf({ kind: 'hello', host, job: 'job' }) + lineOf({ kind: 'ready', program: PROGRAM });

/** The second host of the plan, which only says who it is. */
async function silentHost(hello = helloOf('algo-2'), localAddress = ADDRESSES[1]) {
  for (;;) {
    const socket = connect({ host: ADDRESSES[0]!, port, localAddress: localAddress! });
    sockets.push(socket);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    if (!(await promise)) continue; // nobody listens yet
    socket.write(hello);
    return socket;
  }
}

it('is ready once each host is connected with each other one, in whatever order they come', async () => {
  const third = join(2);
  const second = join(1);
  const first = join(0);

  await Promise.all([first.ready, second.ready, third.ready]);

  expect([first.seen, second.seen, third.seen]).toEqual([[], [], []]);
  expect(connected.sort()).toEqual([0, 1, 2]);
});

it('a signal of one host reaches all others', async () => {
  const [first, second, third] = [join(0), join(1), join(2)];
  await Promise.all([first.ready, second.ready, third.ready]);

  second.stop('SIGINT');

  expect(await Promise.all([first.stopped, third.stopped])).toEqual(['SIGINT of algo-2', 'SIGINT of algo-2']);
});

it('the failure of one host ends the job on all others, with its cause', async () => {
  const [first, second, third] = [join(0), join(1), join(2)];
  await Promise.all([first.ready, second.ready, third.ready]);

  await third.leave({ kind: 'failed', cause: 'ClientError', code: 'E_CHANNEL', text: 'Channel "train" is empty.' });

  const failures = await Promise.all([first.failure, second.failure]);
  expect(failures[0]).toBeInstanceOf(ClientError);
  expect(failures.map(({ message }) => message)).toEqual(
    Array(2).fill('Host algo-3 failed: Channel "train" is empty.'),
  );
});

it('a failure that one host passes on keeps the name of the host that has it', async () => {
  const [first, second] = [join(0), join(1)];
  const third = await silentHost(helloOf('algo-3'), ADDRESSES[2]);
  await first.ready;

  third.write(lineOf(failureMessage(new ClientError('E_CHANNEL', 'Channel "train" is empty.'))));
  await first.leave(failureMessage(await first.failure));

  expect((await second.failure).message).toBe('Host algo-3 failed: Channel "train" is empty.');
});

it('a host that is done may leave, and is not missed', async () => {
  const [first, second, third] = [join(0), join(1), join(2)];
  await Promise.all([first.ready, second.ready, third.ready]);

  await second.leave();
  third.stop('SIGTERM');

  expect(await first.stopped).toBe('SIGTERM of algo-3');
  expect(first.seen).toEqual(['SIGTERM of algo-3']);
});

it('a host whose connection ends before the training does is lost', async () => {
  const first = join(0, { size: 2 });
  const second = await silentHost();
  await first.ready;

  second.destroy();

  const error = await first.failure;
  expect([error.name, error.code]).toEqual(['PlatformError', 'E_HOST']);
  expect(error.message).toBe(
    'The host algo-2 was lost: its connection ended before the training did. Its own log may say why.',
  );
});

it('a host that hangs is lost after three beats, while the connection stays', async () => {
  const first = join(0, { size: 2, beatMs: 10 });
  await silentHost();
  await first.ready;

  expect((await first.failure).message).toBe(
    'The host algo-2 was lost: no sign of life for 0.03 s. Its own log may say why.',
  );
});

it('a host that hears none of several others says that it is cut off itself', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const first = join(0, { beatMs: 1000 });
  await silentHost();
  await silentHost(helloOf('algo-3'), ADDRESSES[2]);
  await first.ready;

  vi.advanceTimersByTime(4000);

  expect((await first.failure).message).toMatch(
    /^The host algo-1 is cut off: no sign of life of algo-[23], algo-[23] for 3 s\.$/,
  );
});

it('a host that hangs is lost although another one is late by less than three beats', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const first = join(0, { beatMs: 1000 });
  const second = await silentHost();
  await silentHost(helloOf('algo-3'), ADDRESSES[2]);
  await first.ready;

  vi.advanceTimersByTime(2000);
  second.write(lineOf({ kind: 'stop', name: 'SIGTERM' })); // a sign of life that is seen
  await first.stopped;
  vi.advanceTimersByTime(2000);

  expect((await first.failure).message).toBe(
    'The host algo-3 was lost: no sign of life for 3 s. Its own log may say why.',
  );
});

it('hosts that do not come in time are named', async () => {
  const first = join(0, { timeoutMs: 20 });

  await expect(first.ready).rejects.toThrow(
    'The hosts algo-2, algo-3 were lost: no connection after 0 s. Their own logs may say why.',
  );
});

it.each([
  ['another job', lineOf({ kind: 'hello', host: 'algo-2', job: 'other' }), ADDRESSES[1]],
  ['an address that is not its own', lineOf({ kind: 'hello', host: 'algo-2', job: 'job' }), '127.0.0.9'],
  ['the name of a host elsewhere', lineOf({ kind: 'hello', host: 'algo-3', job: 'job' }), ADDRESSES[1]],
  ['something else', 'GET / HTTP/1.1\n', ADDRESSES[1]],
  [
    'a host after something else',
    `GET / HTTP/1.1\n${lineOf({ kind: 'hello', host: 'algo-2', job: 'job' })}`,
    ADDRESSES[1],
  ],
])('a connection of %s is closed', async (_what, hello, address) => {
  const first = join(0);

  const socket = await silentHost(hello, address);
  socket.resume();

  await once(socket, 'close');
  expect(first.seen).toEqual([]);
});

it.each([
  ['from a stranger’s address, before it says anything', '', '127.0.0.9', 600_000],
  ['with what only a rank of this machine may say', 'cmd=abort exitcode=3\n', ADDRESSES[1], 600_000],
  ['that says nothing for as long as a host may be silent', '', ADDRESSES[1], 10],
  ['that stays in the middle of its first line as long', '{"kind":"hel', ADDRESSES[1], 10],
])('a connection %s is closed', async (_what, text, address, beatMs) => {
  const first = join(0, { beatMs });

  const socket = await silentHost(text, address);
  socket.resume();

  await once(socket, 'close');
  expect(first.seen).toEqual([]);
});

it('a port that is taken fails the job, with its address', async () => {
  const taken = createServer().listen(port, ADDRESSES[0]);
  await once(taken, 'listening');

  const first = join(0);

  expect((await first.failure).message).toContain(
    `The hosts of the job must be able to meet at 127.0.0.1:${port}: listen EADDRINUSE`,
  );
  taken.close();
});

it('hosts that run other programs are refused, and both say which', async () => {
  const first = join(0, { size: 2 });
  const second = join(1, { size: 2, program: { algorithm: 'test 1.1.0', hyperparameters: {} } });

  const failures = await Promise.all([first.failure, second.failure]);

  expect(failures.map(({ code }) => code)).toEqual(['E_CLUSTER', 'E_CLUSTER']);
  const text = 'The hosts of a job must run the same program: it is test 1.0.0 on algo-1, and test 1.1.0 on algo-2.';
  expect(failures.map(({ message }) => message)).toEqual([text, text]);
});

it('a host that has failed stays until the others have come, and reports it', async () => {
  const second = join(1);

  const left = second.leave(
    { kind: 'failed', cause: 'ClientError', code: 'E_CHANNEL', text: 'No rows.' },
    new Promise(() => undefined),
  );
  const [first, third] = [join(0), join(2)];

  const failures = await Promise.all([first.failure, third.failure]);
  expect(failures.map(({ message }) => message)).toEqual(Array(2).fill('Host algo-2 failed: No rows.'));
  await left;
});

it('it leaves earlier when its patience ends', async () => {
  const second = join(1);

  await second.leave({ kind: 'failed', cause: 'ClientError', code: 'E_CHANNEL', text: 'No rows.' }, Promise.resolve());

  expect(second.seen).toEqual([]);
});

it('a signal of one host reaches those that come later', async () => {
  const second = join(1);

  second.stop('SIGTERM');

  expect(await join(0).stopped).toBe('SIGTERM of algo-2');
});

it('a host that ends without waiting for the others is named by those that wait', async () => {
  const first = join(0, { size: 2 });
  const second = await silentHost(lineOf({ kind: 'hello', host: 'algo-2', job: 'job' }));

  second.write(lineOf({ kind: 'done' }));

  expect((await first.failure).message).toBe(
    'The host algo-2 was lost: its program ended without asking for a communicator. Its own log may say why.',
  );
});

it.each<[string, Failure | undefined, boolean]>([
  ['with a model', undefined, true],
  ['without one', { kind: 'failed', cause: 'ClientError', code: 'E_STOPPED', text: 'Stopped.' }, false],
])('a host whose work a stop has ended hears how the leader ends: %s', async (_how, failure, hasModel) => {
  const [first, second, third] = [join(0), join(1), join(2)];
  await Promise.all([first.ready, second.ready, third.ready]);

  const kept = second.halt('The job was stopped.');
  const halted = await Promise.all([first.halted, third.halted]);
  const keptByThird = third.halt();
  expect(await first.halt()).toBe(false);
  await first.leave(failure);

  expect(halted.map(({ code, message }) => [code, message])).toEqual(
    Array(2).fill(['E_STOPPED', 'Host algo-2: The job was stopped.']),
  );
  expect(await Promise.all([kept, keptByThird])).toEqual([hasModel, hasModel]);
});

it('a host whose work a stop has ended hears that the leader is lost', async () => {
  const second = join(1, { size: 2 });
  const first = createServer().listen(port, ADDRESSES[0]);
  const [socket] = await once(first, 'connection');
  sockets.push(socket);
  socket.write(lineOf({ kind: 'ready', program: PROGRAM }));
  await second.ready;

  const kept = second.halt('The job was stopped.');
  socket.destroy();

  expect(await kept).toBe(false);
  first.close();
});
