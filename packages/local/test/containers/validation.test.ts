/** The validation of an image whose program, of the tests, uses the network. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeProgram, validateAlgorithm } from '../../src/index.js';
import { buildFixture, CHATTY_IMAGE, IMAGE, openTestImage } from '../image/image-scene.js';
import { makeFolder, writeFiles } from '../scene.js';

describe.skipIf(!IMAGE)('the validation of an image (skipped without ALGO_TEST_IMAGE)', () => {
  beforeAll(() => buildFixture(IMAGE!, 'chatty', CHATTY_IMAGE));

  it('fails for an image that uses the network but works, naming the attempts', async () => {
    const program = await openTestImage(CHATTY_IMAGE);
    const folder = makeFolder();
    const profile = { trainingJob: { channels: { train: { path: 'train.csv', contentType: 'text/csv' } } } };
    const sampleData = writeFiles(join(folder, 'sample-data'), {
      'validation-profile.json': JSON.stringify(profile),
      'train.csv': '1,2\n3,4\n',
    });
    const description = await describeProgram(program);

    const validation = await validateAlgorithm({ program, description, sampleData, directory: join(folder, 'run') });

    const results = validation.steps.map(({ step, result }) => [step, result]);
    expect(results).toEqual([
      ['training job', 'passed'],
      ['model', 'passed'],
      ['endpoint', 'passed'],
      ['stop', 'passed'],
      ['arbitrary user', 'passed'],
      ['no capabilities', 'passed'],
      ['isolation', 'failed'],
    ]);
    expect(validation.cause).toMatch(
      /^isolation: the container of \S*algo-chatty must not use the network; it looked up license\.example\.com; 3 connections or packets$/,
    );
  });
});
