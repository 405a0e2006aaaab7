/** Jobs on hosts with networks of their own, whose links are cut. */

import { type HostNetwork, makeHostNetwork } from '@algo/bench';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Host, startHosts } from './cluster.js';

const SIZE = 3;

let network: HostNetwork;
let hosts: readonly Host[];
beforeEach(() => {
  network = makeHostNetwork(SIZE);
});
afterEach(() => network.remove());

async function start(behaviour: string, beatMs?: number): Promise<void> {
  hosts = await startHosts({ size: SIZE, behaviour, beatMs, network });
}

const failures = () => hosts.map(({ root }) => root.readFailure());
const lost = (host: string, reason: string) =>
  `PlatformError: The host ${host} was lost: ${reason}. Its own log may say why.`;

it('hosts find each other by name, and use the cluster’s interface only', async () => {
  await start('sum-until-stop');
  await Promise.all(hosts.map((host) => host.printed('summing')));

  const used = hosts.map((_, i) => new Set(network.localAddresses(i)));
  hosts[2]!.process.kill('SIGTERM');

  expect(await Promise.all(hosts.map((host) => host.ended()))).toEqual([0, 0, 0]);
  expect(used).toEqual(network.addresses.map((address) => new Set([address])));
});

describe('hosts get the same from each other, and lose none, over a network', () => {
  it.each<[string, () => unknown]>([
    ['that loses 3 % of what a host is sent', () => network.lose(1, 3)],
    ['with a slow link', () => network.slow(0, 2e8)],
    ['with a long way to a host', () => network.delay(2, 20)],
  ])('%s', async (_case, spoil) => {
    await spoil();
    await start('collectives', 10_000);

    expect(await Promise.all(hosts.map((host) => host.ended()))).toEqual([0, 0, 0]);
    for (const host of hosts)
      expect(host.result().sums).toMatchObject({ long: Array(3).fill('3'), float32: ['3', '1.5'] });
  });
});

it('a host whose link is cut ends the others, which name it, and itself', async () => {
  await start('sum-until-stop', 1000);
  await Promise.all(hosts.map((host) => host.printed('summing')));

  network.cut(1);

  expect(await Promise.all(hosts.map((host) => host.ended()))).toEqual([1, 1, 1]);
  const [first, second, third] = failures();
  expect([first, third]).toEqual(Array(2).fill(lost('algo-2', 'no sign of life for 3 s')));
  expect(second).toMatch(/^PlatformError: The host algo-[13] was lost: no sign of life for 3 s\./);
});

it('a host that is killed ends the others, which name it', async () => {
  await start('sum-until-stop');
  await Promise.all(hosts.map((host) => host.printed('summing')));

  hosts[1]!.process.kill('SIGKILL');

  expect(await Promise.all(hosts.map((host) => host.ended()))).toEqual([1, 'SIGKILL', 1]);
  const [first, , third] = failures();
  expect([first, third]).toEqual(Array(2).fill(lost('algo-2', 'its connection ended before the training did')));
});

it('a host that waits in MPI for one that is cut off is ended, too', async () => {
  await start('wait-for-second', 1000);
  await Promise.all(hosts.map((host) => host.printed('of 3 hosts')));

  network.cut(1);

  expect(await Promise.all([hosts[0]!.ended(), hosts[2]!.ended()])).toEqual([1, 1]);
  expect(failures()[0]).toBe(lost('algo-2', 'no sign of life for 3 s'));
});
