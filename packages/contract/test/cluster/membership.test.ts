/** A host of this machine whose other host never comes. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { createMembership } from '../../src/cluster/membership.js';
import { oneHost } from '../../src/cluster/one-host.js';
import { failureMessage } from '../../src/cluster/wire/message.js';
import { ClientError } from '../../src/errors.js';
import { freePort } from '../../src/testing/free-port.js';

const FAILURE = failureMessage(new ClientError('E_CHANNEL', 'No rows.'));

afterEach(() => vi.useRealTimers());

async function canConnect(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: '127.0.0.2', port });
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  const isThere = await promise;
  socket.destroy();
  return isThere;
}

/** Resolves once it listens. */
async function join() {
  const port = await freePort();
  const failures: string[] = [];
  const membership = createMembership({
    onConnected: () => undefined,
    onStop: () => undefined,
    onHalt: () => undefined,
    onFailure: (error) => failures.push(error.message),
  });
  membership.take({
    cluster: {
      resourceConfig: { ...oneHost('127.0.0.2'), hosts: ['127.0.0.1', '127.0.0.2'], networkInterface: 'lo' },
      trainingJobName: 'job',
      variables: { ALGO_CLUSTER_PORT: String(port) },
    },
  });
  while (!(await canConnect(port)));
  return { membership, failures };
}

it('without other hosts leaves nobody', async () => {
  const membership = createMembership({ onConnected: vi.fn(), onStop: vi.fn(), onHalt: vi.fn(), onFailure: vi.fn() });

  await membership.leave(FAILURE);

  expect(membership.isJoined).toBe(false);
});

it('until this host has joined them, all others are missing', async () => {
  const membership = createMembership({ onConnected: vi.fn(), onStop: vi.fn(), onHalt: vi.fn(), onFailure: vi.fn() });
  const hosts = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
  const cluster = { ...oneHost('127.0.0.2'), hosts, networkInterface: 'eth9' };
  const { port1, port2 } = new MessageChannel();
  const answer = once(port1, 'message');

  membership.take({ cluster: { resourceConfig: cluster, trainingJobName: 'job', variables: {} } });
  membership.take({ missing: port2 });

  expect(await answer).toEqual([['127.0.0.1', '127.0.0.3']]);
  port1.close();
});

it('a failure is reported for ten seconds to a host that does not come', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { membership } = await join();
  let hasLeft = false;

  const left = membership.leave(FAILURE).then(() => {
    hasLeft = true;
  });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(hasLeft).toBe(false);
  await vi.advanceTimersByTimeAsync(1);

  await left;
  expect(membership.isJoined).toBe(true);
});

it('a signal ends that, before it or during it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }); // no time passes
  const before = await join();
  const during = await join();

  before.membership.stop('SIGTERM');
  const left = during.membership.leave(FAILURE);
  during.membership.stop('SIGINT');

  await Promise.all([before.membership.leave(FAILURE), left]);
  expect([...before.failures, ...during.failures]).toEqual([]);
});

it('a place that cannot be joined is an error once the job asks for its communicator', async () => {
  const failure = Promise.withResolvers<string>();
  const membership = createMembership({
    onConnected: vi.fn(),
    onStop: vi.fn(),
    onHalt: vi.fn(),
    onFailure: ({ message }) => failure.resolve(message),
  });
  const cluster = { ...oneHost('127.0.0.1'), hosts: ['127.0.0.1', '127.0.0.2'], networkInterface: 'eth9' };
  const { port1, port2 } = new MessageChannel();

  membership.take({ cluster: { resourceConfig: cluster, trainingJobName: 'job', variables: {} } });
  membership.take({ program: { algorithm: 'test 1.0.0', hyperparameters: {}, settings: {} }, port: port2 });

  expect(await failure.promise).toContain('network_interface_name must be an interface of this host');
  port1.close();
});
