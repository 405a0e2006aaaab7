import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { NAMESPACE, PROGRAM, platformVariables } from './program.js';

const canUnshare = spawnSync('unshare', [...NAMESPACE, 'true']).status === 0;
const ENTRY = fileURLToPath(new URL('../../../build/entry.js', import.meta.url));

let root: ContainerRoot;
afterEach(() => root.remove());

/** The program behind the entry of a bundle, in a folder of its own; it is evaluated once the gate, a FIFO, is opened. */
function makeBundle(): { readonly entry: string; readonly gate: string } {
  const folder = join(root.paths.base, 'bundle');
  mkdirSync(folder);
  const gate = join(folder, 'gate');
  spawnSync('mkfifo', [gate]);
  const wait = `
    import { once } from 'node:events';
    import { createReadStream } from 'node:fs';
    console.log('evaluating');
    await once(createReadStream(${JSON.stringify(gate)}).resume(), 'end');`;
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  copyFileSync(ENTRY, join(folder, 'main.js'));
  writeFileSync(join(folder, 'program.js'), `await import(${JSON.stringify(PROGRAM)});`);
  writeFileSync(
    join(folder, 'training.js'),
    `${wait}
    const { runTraining } = await import(${JSON.stringify(import.meta.resolve('@algo/contract/training-program'))});
    await runTraining(new URL('./program.js', import.meta.url));`,
  );
  return { entry: join(folder, 'main.js'), gate };
}

/** Sends `name` while the program is not there yet, then lets it come. */
async function stopEarly(name: NodeJS.Signals, wrapper: readonly string[]): Promise<number | null> {
  const { entry, gate } = makeBundle();
  const [command, ...args] = [...wrapper, process.execPath, entry, 'train'];
  const program = spawn(command!, args, {
    env: platformVariables(root),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(program, 'close');
  await once(program.stdout, 'data');
  const [inner] = readFileSync(`/proc/${program.pid}/task/${program.pid}/children`, 'utf8').trim().split(' ');
  process.kill(wrapper.length > 0 ? Number(inner) : program.pid!, name);
  writeFileSync(gate, '');
  program.stdout.resume();
  const [code] = (await ended) as [number | null];
  return code;
}

describe('a signal that arrives before the program is loaded', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops the job: %s', async (name) => {
    root = makeContainerRoot({ hyperparameters: { behaviour: 'wait-for-stop' }, channels: { train: { a: '1,2\n' } } });

    expect(await stopEarly(name, [])).toBe(1);
    expect(root.readFailure()).toContain(`The job was stopped (${name}) before a usable model existed.`);
  });

  it.skipIf(!canUnshare)(
    'stops the job also as process 1, whose signals the kernel drops without a handler',
    async () => {
      root = makeContainerRoot({
        hyperparameters: { behaviour: 'wait-for-stop' },
        channels: { train: { a: '1,2\n' } },
      });

      expect(await stopEarly('SIGTERM', ['unshare', ...NAMESPACE])).toBe(1);
      expect(root.readFailure()).toContain('The job was stopped (SIGTERM) before a usable model existed.');
    },
  );
});
