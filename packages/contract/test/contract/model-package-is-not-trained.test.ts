import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { fixture, runProgram } from './program.js';

let root: ContainerRoot;
afterEach(() => root.remove());

const run = (args: readonly string[]) => {
  root = makeContainerRoot({ channels: { train: { 'a.csv': '1,2\n' } } });
  return runProgram(root, args, { program: fixture('packaged.ts') });
};

describe('a product without training', () => {
  it('fails a training job with one sentence, and leaves no model', async () => {
    const { code } = await run(['train']);

    expect(code).toBe(1);
    expect(root.readFailure()).toBe(
      'ClientError: packaged is a model package: it is served as it is and has no training. Create a model of it instead of a training job.',
    );
    expect(existsSync(`${root.paths.model}/.manifest.json`)).toBe(false);
  });

  it('describes itself without a training specification', async () => {
    const { code, output } = await run(['describe']);

    expect(code).toBe(0);
    expect(JSON.parse(output)).not.toHaveProperty('TrainingSpecification');
    expect(JSON.parse(output)).toMatchObject({ InferenceSpecification: { SupportedContentTypes: ['text/csv'] } });
  });

  it('has no train in its usage', async () => {
    const { code, output } = await run(['--help']);

    expect(code).toBe(0);
    expect(output).toBe('usage: packaged serve | describe\n');
  });
});
