import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { NAMESPACE, PROGRAM, platformVariables } from './program.js';

const canUnshare = spawnSync('unshare', [...NAMESPACE, 'true']).status === 0;

let root: ContainerRoot;
afterEach(() => root.remove());

/** The processes below `pid`, itself not counted. */
function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

describe.skipIf(!canUnshare)('as process 1, which Node cannot make reap orphans', () => {
  it('train starts no child process, so none can become an orphan', async () => {
    root = makeContainerRoot({ hyperparameters: { behaviour: 'wait-for-stop' }, channels: { train: { a: '1,2\n' } } });
    const unshare = spawn('unshare', [...NAMESPACE, process.execPath, PROGRAM, 'train'], {
      env: platformVariables(root),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    for await (const chunk of unshare.stdout) {
      output += chunk;
      if (output.includes('waiting')) break;
    }
    const [program, ...others] = descendants(unshare.pid!);

    expect(others).toEqual([]);

    process.kill(program!, 'SIGTERM');
    await once(unshare, 'exit');
  });
});
