/** Hosts that fail, or are not what they should be, before all are connected by MPI: the others wait for them. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from '../../../src/testing/free-port.js';
import type { HostContents } from '../../../src/testing/hosts.js';
import { type Host, startHosts } from './cluster.js';

const codesOf = (all: readonly Host[]) => Promise.all(all.map((host) => host.ended()));
const failuresOf = (all: readonly Host[]) => all.map(({ root }) => root.readFailure());

it.each<[string, string, HostContents, string]>([
  [
    'a wrong hyperparameter',
    'collectives',
    { hyperparameters: { nonsense: '1' } },
    'ClientError: Unknown hyperparameter "nonsense"',
  ],
  [
    'a wrong file of channels',
    'collectives',
    { inputDataConfig: { train: { TrainingInputMode: 'Slowly' } } },
    'inputdataconfig.json, train.TrainingInputMode: ',
  ],
  ['an algorithm that throws', 'fail-before-joining', {}, 'ClientError: The second host has no data.'],
  [
    'an algorithm that exits',
    'exit-before-joining',
    {},
    'AlgorithmError: The algorithm ended without returning from train: it called process.exit(3).',
  ],
])(
  'a host that fails before it joins is named by those that wait for it: %s',
  async (_what, behaviour, second, text) => {
    const all = await startHosts({ size: 3, behaviour, second });

    expect(await codesOf(all), all.map((host) => host.output()).join('\n')).toEqual([1, 1, 1]);
    const [first, own, third] = failuresOf(all);
    expect(own).toContain(text);
    expect(own).not.toContain('Host ');
    const [cause, reason] = /^(\w+): (.*)/.exec(own!)!.slice(1);
    for (const other of [first, third]) expect(other).toContain(`${cause}: Host 127.0.0.2 failed: ${reason}`);
  },
);

it('hosts with other hyperparameters are refused, with the first difference', async () => {
  const all = await startHosts({ size: 2, behaviour: 'collectives', second: { hyperparameters: { note: 'b' } } });

  expect(await codesOf(all)).toEqual([1, 1]);
  expect(failuresOf(all)).toEqual(
    Array(2).fill(
      'ClientError: The hosts of a job must have the same hyperparameters: "note" is not set on 127.0.0.1, and "b" on 127.0.0.2.',
    ),
  );
});

it.each<[string, HostContents, string]>([
  ['checkpoints', { hasCheckpoints: true }, 'CheckpointConfig is "not set" on 127.0.0.1, and "set" on 127.0.0.2.'],
  [
    'another order of hosts',
    { resourceConfig: { hosts: ['127.0.0.2', '127.0.0.1'] } },
    'hosts in resourceconfig.json is "127.0.0.1, 127.0.0.2" on 127.0.0.1, and "127.0.0.2, 127.0.0.1" on 127.0.0.2.',
  ],
])('hosts of which one has %s are refused', async (_what, second, text) => {
  const all = await startHosts({ size: 2, behaviour: 'collectives', second });

  expect(await codesOf(all), all.map((host) => host.output()).join('\n')).toEqual([1, 1]);
  for (const failure of failuresOf(all)) expect(failure?.split(': ').slice(2).join(': ')).toBe(text);
});

it('a host whose port is taken fails, and reports it to the others', async () => {
  const port = await freePort(); // on the other host, too: the system's own choice may be in use there
  const taken = createServer().listen(port, '127.0.0.2');
  await once(taken, 'listening');
  const ALGO_CLUSTER_PORT = String(port);

  const all = await startHosts({ size: 2, behaviour: 'collectives', variables: { ALGO_CLUSTER_PORT } });

  expect(await codesOf(all), all.map((host) => host.output()).join('\n')).toEqual([1, 1]);
  for (const failure of failuresOf(all)) expect(failure).toContain(`127.0.0.2:${port}: listen EADDRINUSE`);
  taken.close();
});

it('a host that ends without joining is named by those that wait for it', async () => {
  const all = await startHosts({ size: 2, behaviour: 'never-join' });

  expect(await codesOf(all)).toEqual([1, 0]);
  expect(failuresOf(all)[0]).toBe(
    'PlatformError: The host 127.0.0.2 was lost: its program ended without asking for a communicator. Its own log may say why.',
  );
});

it('a host that fails while others are not there yet ends at a signal, with its own failure', async () => {
  const [host] = await startHosts({
    size: 1,
    behaviour: 'fail-before-joining',
    second: {},
    resourceConfig: { current_host: '127.0.0.2', hosts: ['127.0.0.1', '127.0.0.2'] },
  });
  await host!.printed('The second host has no data.');

  host!.process.kill('SIGTERM');

  expect(await host!.ended()).toBe(1);
  expect(host!.root.readFailure()).toBe('ClientError: The second host has no data.');
});

it('hosts that are stopped name the one that has not come', async () => {
  const resourceConfig = { hosts: ['127.0.0.1', '127.0.0.2', '127.0.0.3'] };
  const all = await startHosts({ size: 2, behaviour: 'collectives', resourceConfig });
  await Promise.all(all.map((host) => host.printed('hosts=3')));

  for (const host of all) host.process.kill('SIGTERM'); // as the platform does: they may not be connected yet

  expect(await codesOf(all)).toEqual([1, 1]);
  for (const failure of failuresOf(all)) {
    expect(failure).toMatch(/^ClientError: .*stopped by SIGTERM while it waited for .*127\.0\.0\.3, before all hosts/);
  }
});
