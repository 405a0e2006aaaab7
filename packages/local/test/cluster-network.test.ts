import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openClusterNetwork } from '../src/container/cluster-network.js';
import { makeFolder } from './scene.js';

afterEach(() => vi.unstubAllEnvs());

/** An engine in podman's place that writes down its calls. @param command what it does then, in sh */
function standIn(command: string) {
  const folder = makeFolder();
  writeFileSync(join(folder, 'podman'), `#!/bin/sh\necho "$@" >> "${folder}/calls"\n${command}\n`);
  chmodSync(join(folder, 'podman'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  return {
    folder,
    program: { engine: { name: 'podman', version: '5.0.0' }, owner: undefined, hasNetwork: false } as const,
    calls: () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n'),
  };
}

it('a network that was removed is left alone when this process ends', async () => {
  const before = process.listenerCount('exit');
  const { program, calls } = standIn('exit 0');

  const network = await openClusterNetwork(program, ['algo-1', 'algo-2']);
  await network.close();

  expect(calls()).toHaveLength(2);
  expect(process.listenerCount('exit')).toBe(before);
});

it('a network that cannot be removed is no error of its job, and is tried again when this process ends', async () => {
  const before = process.listenerCount('exit');
  const { program, calls, folder } = standIn('[ "$2" = rm ] && [ ! -e "$(dirname "$0")/mended" ] && exit 1; exit 0');

  const network = await openClusterNetwork(program, ['algo-1', 'algo-2']);
  await network.close();
  expect(process.listenerCount('exit')).toBe(before + 1);
  process.listeners('exit').at(-1)!(0); // as Node does it

  const [create, ...others] = calls();
  const name = create!.split(' ').at(-1);
  expect(others).toEqual([`network rm ${name}`, `network rm ${name}`]);
  writeFileSync(join(folder, 'mended'), '');
  await network.close();
  expect(process.listenerCount('exit')).toBe(before); // other tests share this process
});

it('says what the engine said where no network can be made, and does not ask again', async () => {
  const { program, calls } = standIn('echo "no room" >&2; exit 1');

  await expect(openClusterNetwork(program, ['algo-1', 'algo-2'])).rejects.toThrow(
    'podman could not create a network for the hosts of the job: podman network failed: no room',
  );
  expect(calls()).toHaveLength(1);
});

it.each([
  'Error response from daemon: invalid pool request: Pool overlaps with other one on this address space',
  'Error: subnet 10.128.0.0/24 is already used on the host or by another config',
  'Error: network 10.128.0.0/24 is already being used by a cni configuration',
  'Error: subnet 10.128.0.0/24 is being used by a network interface',
])('takes another network where somebody has this one: %s', async (said) => {
  const { program, calls } = standIn(
    `[ $(wc -l < "$(dirname "$0")/calls") = 1 ] && echo "${said}" >&2 && exit 1; exit 0`,
  );

  const network = await openClusterNetwork(program, ['algo-1', 'algo-2']);
  await network.close();

  const created = calls().filter((call) => call.startsWith('network create'));
  expect(created).toHaveLength(2);
  expect(new Set(created).size).toBe(2);
});
