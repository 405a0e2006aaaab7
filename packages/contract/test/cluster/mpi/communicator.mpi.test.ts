/** Jobs on one to four hosts of this machine, whose ranks talk over TCP. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Host, startHosts } from './cluster.js';

const codesOf = (all: readonly Host[]) => Promise.all(all.map((host) => host.ended()));
const hasModel = ({ root }: Host) => existsSync(join(root.paths.model, '.manifest.json'));

describe.each([1, 2, 3, 4])('the communicator of a job on %i hosts', (size) => {
  it('reduces, exchanges and gathers arrays of every type, in kernels’ memory too', async () => {
    const all = await startHosts({ size, behaviour: 'collectives' });

    expect(await codesOf(all), all.map((host) => host.output()).join('\n')).toEqual(Array(size).fill(0));
    const ranks = (size * (size - 1)) / 2;
    const kernels = Array(3).fill(String(ranks + size));
    for (const [rank, host] of all.entries()) {
      expect(host.result()).toEqual({
        ...{ rank, size },
        sums: {
          float64: [ranks, size / 2, -ranks || 0].map(String),
          float32: [ranks, size / 2].map(String),
          int32: [ranks, -size].map(String),
          uint32: [ranks, (size * 2 ** 31) % 2 ** 32].map(String),
          uint8: [ranks, 7 * size].map(String),
          bigint64: [2n ** 60n * BigInt(size), BigInt(ranks)].map(String),
          ...{ wasm: kernels, sharedWasm: kernels, empty: [], long: Array(3).fill(String(ranks)) },
        },
        around: [0, 0],
        largest: [size - 1, 0, Number.NEGATIVE_INFINITY].map(String),
        broadcast: [10, size + 9],
        gathered: Array.from({ length: size }, (_, from) => Array(from).fill(from + 0.5)),
        bytes: Array.from({ length: size }, (_, from) => 'é'.repeat(from)),
        values: Array.from({ length: size }, (_, from) => (from === 0 ? 'a text' : [[from, [from]]])),
        any: [true, false],
      });
    }
  });
});

it('the first host alone writes the model, outputs and metrics', async () => {
  const all = await startHosts({ size: 3, behaviour: 'collectives' });

  expect(await codesOf(all)).toEqual([0, 0, 0]);
  expect(all.map(hasModel)).toEqual([true, false, false]);
  expect(all.map(({ root }) => existsSync(join(root.paths.outputData, 'written.txt')))).toEqual([true, false, false]);
  expect(all.map((host) => host.output().includes('train:hosts=3'))).toEqual([true, false, false]);
  expect(all[1]!.output()).toMatch(/done in [\d.]+ s; 127\.0\.0\.1 saves the model/);
  expect(all[0]!.output()).toMatch(/^rank 0 of 3 hosts: MPICH 5\.\d+\.\d+ over lo, 127\.0\.0\.1$/m);
});

it('a signal to one host stops all at the same point, and each ends well', async () => {
  const all = await startHosts({ size: 3, behaviour: 'sum-until-stop' });
  await Promise.all(all.map((host) => host.printed('summing')));

  all[1]!.process.kill('SIGTERM');

  expect(await codesOf(all)).toEqual([0, 0, 0]);
  expect(hasModel(all[0]!)).toBe(true);
  expect(new Set(all.map((host) => host.result().rounds)).size).toBe(1);
  expect(all[0]!.output()).toContain('SIGTERM received by 127.0.0.2; stopping at the next safe point');
});

it('signals to all hosts do the same', async () => {
  const all = await startHosts({ size: 2, behaviour: 'sum-until-stop' });
  await Promise.all(all.map((host) => host.printed('summing')));

  for (const { process } of all) process.kill('SIGTERM');

  expect(await codesOf(all)).toEqual([0, 0]);
  expect(hasModel(all[0]!)).toBe(true);
});

it('a stop that one host sees where no other can wait for it ends all, with the model so far', async () => {
  const all = await startHosts({ size: 3, behaviour: 'stop-while-reading' });
  await Promise.all(all.map((host) => host.printed('reading')));

  for (const { process } of all) process.kill('SIGTERM');

  expect(await codesOf(all)).toEqual([0, 0, 0]);
  expect(hasModel(all[0]!)).toBe(true);
  expect(all.map(({ root }) => root.readFailure())).toEqual([undefined, undefined, undefined]);
});

it('without a model such a stop fails all', async () => {
  const all = await startHosts({ size: 3, behaviour: 'stop-without-model' });
  await Promise.all(all.map((host) => host.printed('reading')));

  for (const { process } of all) process.kill('SIGTERM');

  expect(await codesOf(all)).toEqual([1, 1, 1]);
  expect(all[1]!.root.readFailure()).toContain('ClientError: The job was stopped while it read, before all was read.');
});

it('the failure of one host is that of all, with its cause', async () => {
  const all = await startHosts({ size: 3, behaviour: 'fail-on-second' });

  expect(await codesOf(all)).toEqual([1, 1, 1]);
  expect(all.map(({ root }) => root.readFailure())).toEqual([
    'ClientError: Host 127.0.0.2 failed: The second host has no data.',
    'ClientError: Host 127.0.0.2 failed: The second host has no data.',
    'ClientError: Host 127.0.0.2 failed: The second host has no data.',
  ]);
});

it.each(['sum-until-stop', 'wait-for-second'])(
  'a host that is killed ends the others, which name it: %s',
  async (behaviour) => {
    const all = await startHosts({ size: 3, behaviour });
    await all[1]!.printed('rank 1 of 3');

    all[1]!.process.kill('SIGKILL');

    expect(await codesOf(all)).toEqual([1, 'SIGKILL', 1]);
    for (const { root } of [all[0]!, all[2]!]) {
      expect(root.readFailure()).toBe(
        'PlatformError: The host 127.0.0.2 was lost: its connection ended before the training did. Its own log may say why.',
      );
    }
  },
);

it('hosts whose work is done end well while the leader still saves', async () => {
  const all = await startHosts({ size: 3, behaviour: 'save-alone' });

  expect(await Promise.all([all[1]!.ended(), all[2]!.ended()])).toEqual([0, 0]);
  expect(all[0]!.process.exitCode).toBeNull();
});

it('a host that hangs ends the others after three beats, which name it', async () => {
  const all = await startHosts({ size: 3, behaviour: 'sum-until-stop', beatMs: 1000 });
  await Promise.all(all.map((host) => host.printed('summing')));

  all[1]!.process.kill('SIGSTOP');

  expect(await Promise.all([all[0]!.ended(), all[2]!.ended()])).toEqual([1, 1]);
  for (const { root } of [all[0]!, all[2]!]) {
    expect(root.readFailure()).toBe(
      'PlatformError: The host 127.0.0.2 was lost: no sign of life for 3 s. Its own log may say why.',
    );
  }
});

it('the leader, too, is named when it is killed', async () => {
  const all = await startHosts({ size: 2, behaviour: 'sum-until-stop' });
  await Promise.all(all.map((host) => host.printed('summing')));

  all[0]!.process.kill('SIGKILL');

  expect(await all[1]!.ended()).toBe(1);
  expect(all[1]!.root.readFailure()).toContain('The host 127.0.0.1 was lost');
});

it('a library that ends the process ends the job on all hosts, which name the host', async () => {
  const all = await startHosts({ size: 2, behaviour: 'exit-on-second' });

  expect(await codesOf(all)).toEqual([1, 1]);
  for (const { root } of all) {
    expect(root.readFailure()).toBe(
      'PlatformError: MPI ended the program on host 127.0.0.2. The log of this host says why.',
    );
  }
});

it('no host has shared memory that it would leave when it is killed', async () => {
  const all = await startHosts({ size: 2, behaviour: 'sum-until-stop' });
  await Promise.all(all.map((host) => host.printed('summing')));

  for (const { process } of all) {
    const maps = readFileSync(`/proc/${process.pid}/maps`, 'utf8');
    const names = [...maps.matchAll(/\/dev\/shm\/mpich_shm_(.*)/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !name.endsWith(' (deleted)'))).toEqual([]);
  }
});

it('arrays that differ among hosts fail the job', async () => {
  const all = await startHosts({ size: 2, behaviour: 'misuse' });

  expect(await codesOf(all)).toEqual([1, 1]);
});
