import { afterEach, describe, expect, it } from 'vitest';
import { makeDirectory } from '../../src/directory.js';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { runProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

describe.skipIf(process.platform !== 'linux')('an output directory that cannot be created', () => {
  it.each(['/proc/nope', '/proc/nope/deep'])('fails the job before training, with the reason: %s', async (base) => {
    root = makeContainerRoot({});

    const { code, output } = await runProgram(root, ['train'], { variables: { SAGEMAKER_BASE_DIR: base } });

    expect(code).toBe(1);
    expect(output).toContain(`PlatformError E_OUTPUT: The model directory ${base}/model must be writable`);
    expect(output).toContain(`The failure file ${base}/output/failure could not be written: ENOENT`);
  });

  it('is a PlatformError that names the path', () => {
    root = makeContainerRoot({});

    expect(() => makeDirectory('/proc/nope/deep')).toThrow(/ENOENT.*\/proc\/nope/);
    expect(() => makeDirectory('/etc/passwd')).toThrow(/EEXIST.*\/etc\/passwd/);
    expect(() => makeDirectory('/etc/passwd/deep')).toThrow(/ENOTDIR.*\/etc\/passwd\/deep/);
  });
});
