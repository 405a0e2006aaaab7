import { describe, expect, it } from 'vitest';
import { readValidationProfile } from '../src/index.js';
import { makeFolder } from './scene.js';
import { makeSampleData, validate } from './validation-scene.js';

describe('a validation profile', () => {
  it('has paths in one form, however they are written', async () => {
    const sampleData = makeSampleData(makeFolder(), {
      transformJob: { input: './batch//more/', contentType: 'a/b', accept: 'a/b', expectedOutput: 'out/' },
    });

    const { transformJob } = await readValidationProfile(sampleData);

    expect(transformJob).toMatchObject({ input: 'batch/more', expectedOutput: 'out' });
  });

  it.each([
    ['an unknown key', { trainingjob: {} }, /Unrecognized key: "trainingjob"/],
    [
      'a path that leads out',
      { trainingJob: { channels: { train: { path: '../x' } } } },
      /must be a path below the sample data/,
    ],
    ['a path of all the sample data', { transformJob: { input: './' } }, /must be a path below the sample data/],
    ['a bound without a number', { metricBounds: { a: {} } }, /must have atMost, atLeast or both/],
  ])('with %s is an ArgumentError that names the place', async (_case, changes, message) => {
    const folder = makeFolder();
    makeSampleData(folder, changes);

    const run = validate(folder);

    await expect(run).rejects.toMatchObject({ name: 'ArgumentError', message: expect.stringMatching(message) });
  });

  it('that names a missing file is an ArgumentError', async () => {
    const folder = makeFolder();
    makeSampleData(folder, { trainingJob: { channels: { train: { path: 'training' } } } });

    await expect(validate(folder)).rejects.toThrow(/Sample data "training": there is no file or folder/);
  });
});
