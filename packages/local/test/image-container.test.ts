import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createOptMl } from '../src/container/opt-ml.js';
import { startContainer } from '../src/container/start-container.js';
import { openImageProgram } from '../src/index.js';
import { makeFolder } from './scene.js';

afterEach(() => vi.unstubAllEnvs());

/** A container of a program in podman's place, which these lines of a shell end. */
async function start(folder: string, lines: readonly string[]) {
  writeFileSync(join(folder, 'podman'), ['#!/bin/sh', 'cd "$(dirname "$0")"', ...lines, ''].join('\n'));
  chmodSync(join(folder, 'podman'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  const engine = { name: 'podman', version: '5.0.0' } as const;
  const program = await openImageProgram({ engine, image: 'sum:1', folder, network: 'none' });
  return startContainer({
    ...{ program, command: 'train', environment: {}, tree: await createOptMl(join(folder, 'work')) },
    ...{ directory: folder, logFile: join(folder, 'log.txt') },
  });
}

it("a container whose engine's command is killed is removed before it counts as ended", async () => {
  const folder = makeFolder();

  const container = await start(folder, ['echo "$@" >> calls', '[ "$1" = run ] && kill -9 $$', 'exit 0']);
  const { exitCode } = await container.exited;

  const [, run = '', ...others] = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  const name = / --name (\S+) /.exec(run)?.[1];
  expect(exitCode).toBe(137);
  expect(others).toEqual([`kill --signal KILL ${name}`, `rm --force ${name}`]);
});

it('a container that was killed has the exit code of that, also where the engine has lost it', async () => {
  const folder = makeFolder();
  execFileSync('mkfifo', [join(folder, 'gate')]);

  const container = await start(folder, [
    'case "$*" in',
    '  run*) read -r _ < gate; exit 127 ;;',
    '  "kill --signal KILL"*) echo > gate ;;',
    'esac',
  ]);
  const { exitCode, wasKilled } = await container.stop(1);

  expect({ exitCode, wasKilled }).toEqual({ exitCode: 137, wasKilled: true });
});
