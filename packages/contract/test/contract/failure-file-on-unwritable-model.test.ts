import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ContainerContents, type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { PROGRAM, platformVariables, runProgram } from './program.js';

/** A mount namespace of its own, in which the model directory is another file system. */
const NAMESPACE = ['--user', '--map-root-user', '--mount'];
const canMount = spawnSync('unshare', [...NAMESPACE, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

const DATA: ContainerContents = { channels: { train: { a: '1,2\n' } } };

let root: ContainerRoot;
afterEach(() => root.remove());

/** Runs the job with a tmpfs of these options at `directory`. */
function runWithMount(directory: string, options: string): { code: number | null; output: string } {
  const script = 'mount -t tmpfs -o "$1" none "$2" && shift 2 && exec "$@"';
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...NAMESPACE, 'sh', '-c', script, 'sh', options, directory, process.execPath, PROGRAM, 'train'],
    { env: platformVariables(root), encoding: 'utf8' },
  );
  return { code: status, output: stdout + stderr };
}

describe('an unwritable model directory', () => {
  it('is detected before training if it is a file', async () => {
    root = makeContainerRoot(DATA);
    rmSync(root.paths.model, { recursive: true });
    writeFileSync(root.paths.model, '');

    const { code, output } = await runProgram(root);

    expect(code).toBe(1);
    expect(root.readFailure()).toContain(`PlatformError: The model directory ${root.paths.model} must be writable`);
    expect(output).not.toContain('train:mean');
  });

  it.skipIf(!canMount).each([
    ['read-only', 'ro', 'EROFS'],
    ['full', 'size=4k', 'ENOSPC'],
  ])('is detected before training if it is %s', (_, options, reason) => {
    root = makeContainerRoot(DATA);

    const { code, output } = runWithMount(root.paths.model, options);

    expect(code).toBe(1);
    expect(root.readFailure()).toMatch(
      new RegExp(`^PlatformError: The model directory ${root.paths.model} must be writable and have room; .*${reason}`),
    );
    expect(output).not.toContain('train:mean');
  });

  it.each(['a file', 'read-only'])('does not hide an invalid hyperparameter: %s', async (kind) => {
    root = makeContainerRoot({ ...DATA, hyperparameters: { rounds: 'many' } });
    writeFileSync(join(root.paths.model, 'left'), '');
    if (kind === 'a file') {
      rmSync(root.paths.model, { recursive: true });
      writeFileSync(root.paths.model, '');
    }

    const { code } = kind === 'read-only' && canMount ? runWithMount(root.paths.model, 'ro') : await runProgram(root);

    expect(code).toBe(1);
    expect(root.readFailure()).toContain('ClientError: Hyperparameter "rounds" must be an integer');
  });

  it('is created if it does not exist', async () => {
    root = makeContainerRoot(DATA);
    rmSync(root.paths.model, { recursive: true });

    const { code } = await runProgram(root);

    expect(code).toBe(0);
    expect(readdirSync(root.paths.model)).toContain('model.json');
  });
});

describe('other unwritable directories of a job', () => {
  it('are detected before training if they are for checkpoints', async () => {
    root = makeContainerRoot({ ...DATA, hasCheckpoints: true });
    writeFileSync(join(root.paths.base, 'checkpoints'), '');

    const { code } = await runProgram(root);

    expect(code).toBe(1);
    expect(root.readFailure()).toContain('PlatformError: The checkpoint directory');
  });

  it('are named in the log if the failure file cannot be written', async () => {
    root = makeContainerRoot({ ...DATA, hyperparameters: { rounds: 'many' } });
    rmSync(root.paths.output, { recursive: true });
    writeFileSync(root.paths.output, '');

    const { code, output } = await runProgram(root);

    expect(code).toBe(1);
    expect(output).toContain('Hyperparameter "rounds" must be an integer');
    expect(output).toContain(`The failure file ${root.paths.failure} could not be written: `);
  });
});
