/** Wrong usage of `algo image`, and of the options that choose a runner and its images. */
import { describe, expect, it } from 'vitest';
import { algoHere, makeWorkspace } from './support/command.js';

describe('algo image', () => {
  it('exits with 2 for an unknown algorithm, listing the known ones', async () => {
    const { code, stderr } = await algoHere(makeWorkspace(), 'image', 'build', 'forest');

    expect(code).toBe(2);
    expect(stderr).toContain('"forest" is neither a folder nor an algorithm of the workspace. Known algorithms: sum.');
  });

  it.each([
    [['validate', '--image', 'sum'], '--image needs --runner container or sagemaker and exactly one algorithm.'],
    [
      ['validate', 'sum', '--training-image', 'sum'],
      '--training-image needs --runner container and exactly one algorithm.',
    ],
    [
      ['validate', 'sum', '--runner', 'container', '--training-image', 'sum', '--update'],
      '--update stores the outputs of one image: leave --training-image out.',
    ],
    [['validate', 'sum', '--runner', 'sagemaker', '--update'], '--update needs --runner process or container.'],
    [['validate', 'sum', '--no-push'], '--no-push needs --runner sagemaker.'],
    [['validate', 'sum', '--runner', 'container', '--bucket', 'b'], '--bucket needs --runner sagemaker.'],
    [
      ['publish', 'sum', '--training-image', 'sum'],
      '--training-image needs --training-repository, where it is pushed to.',
    ],
    [['validate', '--runner', 'container', 'forest'], '"forest" is neither a folder'],
    [
      ['validate', '--runner', 'rocket'],
      "argument 'rocket' is invalid. Allowed choices are process, container, sagemaker.",
    ],
    [['image', 'push-plan', 'sum'], "required option '--account <id>' not specified"],
    [['serve', 'sum', '--port', '0'], '--model'],
    [['image', 'run', 'sum', '--port', 'x'], "argument 'x' is invalid. It must be an integer in [0, 65535]."],
  ])('%j is wrong usage', async (args, message) => {
    const { code, stderr } = await algoHere(makeWorkspace(), ...args);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
