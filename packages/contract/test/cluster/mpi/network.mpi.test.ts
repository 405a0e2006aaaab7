/** Jobs on hosts with networks of their own, whose links are cut. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { type HostNetwork, makeHostNetwork } from '@algo/bench';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { HostContents } from '../../../src/testing/hosts.js';
import { type Host, startHosts } from './cluster.js';
import { makeSlowLibrary } from './slow-library.js';

const SIZE = 3;
/** Short, as a host is lost after three of them; long enough for one that is slow. */
const BEAT_MS = 1000;
/** Between two looks at what a process has. */
const LOOK_MS = 10;

let network: HostNetwork;
let hosts: readonly Host[];
beforeEach(() => {
  network = makeHostNetwork(SIZE);
});
afterEach(() => network.remove());

async function start(behaviour: string, beatMs?: number, second: HostContents = {}): Promise<void> {
  hosts = await startHosts({ size: SIZE, behaviour, beatMs, network, second });
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

/** What a job is at when a host is lost, and which one is: the second or the leader. */
const STAGES: readonly [stage: string, lostHost: number, reach: (beatMs: number) => Promise<void>][] = [
  [
    'while it still reads and others wait for it',
    1,
    (beatMs) => reach('read-before-joining', beatMs, 'joining', 'reading'),
  ],
  ['while others wait for it in MPI_Init', 1, reachInit],
  ['while it waits in MPI_Init as the leader', 0, reachInit],
  ['between joining and the first sum', 1, (beatMs) => reach('wait-for-second', beatMs, 'of 3 hosts')],
  ['while the leader saves, and others wait for it', 1, (beatMs) => reach('save-for-ever', beatMs, 'summed')],
  ['while it saves as the leader, and others wait for it', 0, (beatMs) => reach('save-for-ever', beatMs, 'summed')],
];

const LOSSES: readonly [how: string, lose: (host: number) => void, reason: string][] = [
  ['is killed', (host) => hosts[host]!.process.kill('SIGKILL'), 'its connection ended before the training did'],
  ['hangs', (host) => hosts[host]!.process.kill('SIGSTOP'), 'no sign of life for 3 s'],
  ['is cut off', (host) => network.cut(host), 'no sign of life for 3 s'],
];

describe.each(STAGES)('%s', (_stage, lostHost, reachStage) => {
  it.each(LOSSES)(
    'a host that %s is named by the others, which end and leave no process',
    async (how, lose, reason) => {
      await reachStage(how === 'is killed' ? 600_000 : BEAT_MS);

      lose(lostHost);

      const others = hosts.filter((_, i) => i !== lostHost);
      expect(await Promise.all(others.map((host) => host.ended()))).toEqual([1, 1]);
      for (const { root } of others) expect(root.readFailure()).toBe(lost(`algo-${lostHost + 1}`, reason));
      if (how === 'is cut off') expect(await hosts[lostHost]!.ended()).toBe(1);
      else hosts[lostHost]!.process.kill('SIGKILL');
      await hosts[lostHost]!.ended();
      expect(network.names.map((_, i) => network.processes(i))).toEqual([[], [], []]);
    },
  );
});

/** @param second what the second host prints then, where that is something else than what all others do */
async function reach(behaviour: string, beatMs: number, text: string, second = text): Promise<void> {
  await start(behaviour, beatMs);
  await Promise.all(hosts.map((host, i) => host.printed(i === 1 ? second : text)));
  await Promise.all(hosts.map((host) => host.printed('all hosts are connected')));
}

/** The second host loads MPI, which takes for ever, while its main thread lives and the others are in MPI_Init. */
async function reachInit(beatMs: number): Promise<void> {
  const library = makeSlowLibrary();
  await start('collectives', beatMs, { variables: { ALGO_MPI_DIRECTORY: library.directory } });
  onTestFinished(() => library.remove());
  await library.opened();
}

it('a host that ends while it waits in MPI_Init leaves nothing in /dev/shm', async () => {
  await reachInit(600_000);
  const names = await sharedMemoryOf(hosts[0]!.process.pid!);

  hosts[1]!.process.kill('SIGKILL');

  expect(await hosts[0]!.ended()).toBe(1);
  expect(names.filter((name) => existsSync(name))).toEqual([]);
});

/** The files that MPI has made there, once it has. */
async function sharedMemoryOf(pid: number): Promise<readonly string[]> {
  for (;;) {
    const names = readFileSync(`/proc/${pid}/maps`, 'utf8').match(/\/dev\/shm\/mpich_shm_\w+$/gm);
    if (names) return names;
    await setTimeout(LOOK_MS);
  }
}

it('a host whose link is cut ends the others, which name it, and itself', async () => {
  await start('sum-until-stop', 1000);
  await Promise.all(hosts.map((host) => host.printed('summing')));

  network.cut(1);

  expect(await Promise.all(hosts.map((host) => host.ended()))).toEqual([1, 1, 1]);
  const [first, second, third] = failures();
  expect([first, third]).toEqual(Array(2).fill(lost('algo-2', 'no sign of life for 3 s')));
  expect(second).toMatch(
    /^PlatformError: The host algo-2 is cut off: no sign of life of algo-[13], algo-[13] for 3 s\.$/,
  );
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
