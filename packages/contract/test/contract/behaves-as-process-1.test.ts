import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { NAMESPACE, PROGRAM, platformVariables, runProgram } from './program.js';

const canUnshare = spawnSync('unshare', [...NAMESPACE, 'true']).status === 0;

let root: ContainerRoot;
afterEach(() => root.remove());

/** Starts the program as process 1, sends SIGTERM when it has printed `text`; its exit code and output. */
async function stopAsProcessOne(command: string, text: string): Promise<{ code: number | null; output: string }> {
  const unshare = spawn('unshare', [...NAMESPACE, process.execPath, PROGRAM, command], {
    env: { SAGEMAKER_BIND_TO_PORT: '0', ...platformVariables(root) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let isTold = false;
  const onOutput = (chunk: Buffer) => {
    output += chunk;
    if (isTold || !output.includes(text)) return;
    isTold = true;
    const [first] = readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`, 'utf8').trim().split(' ');
    process.kill(Number(first), 'SIGTERM');
  };
  unshare.stdout.on('data', onOutput);
  unshare.stderr.on('data', onOutput);
  const [code] = (await once(unshare, 'close')) as [number | null];
  return { code, output };
}

describe.skipIf(!canUnshare)('as process 1 (skipped if unshare cannot create a process namespace)', () => {
  it('train exits on SIGTERM with the model so far', async () => {
    root = makeContainerRoot({ hyperparameters: { behaviour: 'save-then-wait' }, channels: { train: { a: '1,2\n' } } });

    const { code, output } = await stopAsProcessOne('train', 'waiting');

    expect(output).toContain('the best model so far is saved');
    expect(code).toBe(0);
  });

  it('serve exits on SIGTERM with code 0', async () => {
    root = makeContainerRoot({ channels: { train: { a: '1,2\n' } } });
    await runProgram(root);

    const { code, output } = await stopAsProcessOne('serve', 'model ready');

    expect(output).toContain('SIGTERM received');
    expect(code).toBe(0);
  });
});
