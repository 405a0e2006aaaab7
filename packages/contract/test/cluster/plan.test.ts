import { expect, it } from 'vitest';
import { planCluster } from '../../src/cluster/plan.js';
import type { ResourceConfig } from '../../src/cluster/resource-config.js';

const interfaces = {
  lo: [{ address: '127.0.0.1', cidr: '127.0.0.1/8' }],
  eth0: [
    { address: 'fe80::1', cidr: 'fe80::1/64' },
    { address: '10.0.1.7', cidr: '10.0.1.7/24' },
  ],
  eth1: [{ address: '192.168.5.7', cidr: '192.168.5.7/24' }],
};

function plan(
  resources: Partial<ResourceConfig> = {},
  found: Readonly<Record<string, readonly string[]>> = { 'algo-1': ['10.0.1.5'], 'algo-2': ['10.0.1.7'] },
  variables: Readonly<Record<string, string>> = {},
) {
  const config = { currentHost: 'algo-2', hosts: ['algo-1', 'algo-2'], networkInterface: 'eth0', ...resources };
  return planCluster(config as ResourceConfig, new Map(Object.entries(found)), { job: 'a', variables }, interfaces);
}

it('has the hosts in their order, this one’s rank, and an address of each', () => {
  expect(plan()).toEqual({
    job: 'a',
    hosts: ['algo-1', 'algo-2'],
    rank: 1,
    addresses: ['10.0.1.5', '10.0.1.7'],
    networkInterface: 'eth0',
    port: 7791,
    beatMs: 10_000,
  });
});

it('takes of several addresses the one in the network of the cluster’s interface', () => {
  const found = { 'algo-1': ['fe80::5', '192.168.5.5', '10.0.1.5'], 'algo-2': ['192.168.5.7', '10.0.1.7'] };

  expect(plan({}, found).addresses).toEqual(['10.0.1.5', '10.0.1.7']);
  expect(plan({ networkInterface: 'eth1' }, found).addresses).toEqual(['192.168.5.5', '192.168.5.7']);
});

it('takes the interface’s own address where the name of this host means another one', () => {
  const found = { 'algo-1': ['10.0.1.5'], 'algo-2': ['127.0.1.1'] };

  expect(plan({}, found).addresses).toEqual(['10.0.1.5', '10.0.1.7']);
});

it('takes the interface that this host’s address is on where no file names one', () => {
  const found = { 'algo-1': ['192.168.5.5'], 'algo-2': ['192.168.5.7'] };

  expect(plan({ networkInterface: undefined }, found).networkInterface).toBe('eth1');
});

it('takes the one in whose network that address is where none has it', () => {
  const found = { 'algo-1': ['127.0.0.1'], 'algo-2': ['127.0.0.2'] };

  const { networkInterface, addresses } = plan({ networkInterface: undefined }, found);

  expect([networkInterface, addresses]).toEqual(['lo', ['127.0.0.1', '127.0.0.2']]);
});

it.each([
  [
    { networkInterface: 'ens5' },
    {},
    {},
    'interface of this host with an IPv4 address, one of lo, eth0, eth1; received "ens5"',
  ],
  [
    {},
    { 'algo-1': ['10.0.1.7'] },
    {},
    'Each host must have an address of its own; algo-1 and algo-2 both have 10.0.1.7.',
  ],
  [{}, { 'algo-1': ['fe80::5'] }, {}, 'The host algo-1 must have an IPv4 address; it has fe80::5.'],
  [
    {},
    {},
    { ALGO_CLUSTER_PORT: '70000' },
    'Variable ALGO_CLUSTER_PORT must be an integer in [1, 65535]; received "70000".',
  ],
  [
    {},
    {},
    { ALGO_CLUSTER_BEAT_MS: '1.5' },
    'Variable ALGO_CLUSTER_BEAT_MS must be an integer in [1, 600000]; received "1.5".',
  ],
])('refuses what cannot be: %j %j %j', (resources, found, variables, message) => {
  const all = { 'algo-1': ['10.0.1.5'], 'algo-2': ['10.0.1.7'], ...found };

  expect(() => plan(resources, all, variables)).toThrow(message);
});
