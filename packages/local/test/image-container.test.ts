import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createOptMl } from '../src/container/opt-ml.js';
import { startContainer } from '../src/container/start-container.js';
import { openImageProgram } from '../src/index.js';
import { makeFolder } from './scene.js';

afterEach(() => vi.unstubAllEnvs());

it("a container whose engine's command is killed is removed before it counts as ended", async () => {
  const folder = makeFolder();
  const command = '#!/bin/sh\ncd "$(dirname "$0")"\necho "$@" >> calls\n[ "$1" = run ] && kill -9 $$\nexit 0\n';
  writeFileSync(join(folder, 'podman'), command);
  chmodSync(join(folder, 'podman'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  const engine = { name: 'podman', version: '5.0.0' } as const;
  const program = await openImageProgram({ engine, image: 'sum:1', folder, network: 'none' });

  const container = await startContainer({
    ...{ program, command: 'train', environment: {}, tree: await createOptMl(join(folder, 'work')) },
    ...{ directory: folder, logFile: join(folder, 'log.txt') },
  });
  const { exitCode } = await container.exited;

  const [, run = '', ...others] = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  const name = / --name (\S+) /.exec(run)?.[1];
  expect(exitCode).toBe(137);
  expect(others).toEqual([`kill --signal KILL ${name}`, `rm --force ${name}`]);
});
