import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateAlgorithm } from '../src/index.js';
import { makeFolder, sumDescription, sumProgram, writeFiles } from './scene.js';
import { makeSampleData, type ProfileChanges, resultsOf } from './validation-scene.js';

describe('a validation of a model package', () => {
  const { TrainingSpecification: _, ...packaged } = sumDescription;
  const run = (folder: string, changes: ProfileChanges, description = packaged) => {
    makeSampleData(folder, { trainingJob: undefined, metricBounds: undefined, ...changes });
    return validateAlgorithm({
      program: sumProgram,
      description,
      sampleData: join(folder, 'sample-data'),
      directory: join(folder, 'run'),
    });
  };

  it('packs its model, transforms and serves it, without a training job', async () => {
    const folder = makeFolder();
    writeFiles(join(folder, 'sample-data'), { 'model/model.json': '{"sum":10}' });

    const validation = await run(folder, { model: 'model' });

    expect(validation.cause).toBeUndefined();
    expect(resultsOf(validation)).toEqual([
      'model passed',
      'batch transform passed',
      'endpoint passed',
      'invocations passed',
      'stop passed',
    ]);
    expect(validation.digests.model).toHaveLength(64);
    expect(Object.keys(validation.digests.inputs)).toContain('model/model.json');
  });

  it('has no model to pack when it is in the image', async () => {
    const folder = makeFolder();

    const validation = await run(folder, { transformJob: undefined, realTime: [] });

    expect(validation.steps[0]).toMatchObject({ step: 'model', result: 'passed', text: 'in the image; no artifacts' });
  });

  it('is refused with the profile of a product that is trained, and the other way round', async () => {
    const trainingJob = { channels: { train: { path: 'train' } } };

    await expect(run(makeFolder(), { trainingJob })).rejects.toThrow(
      'must not have trainingJob: sum is a model package',
    );
    await expect(run(makeFolder(), {}, sumDescription)).rejects.toThrow('must have trainingJob: sum is trained');
    await expect(run(makeFolder(), { trainingJob, model: 'model' }, sumDescription)).rejects.toThrow(
      'must not have model: sum is trained',
    );
  });
});
