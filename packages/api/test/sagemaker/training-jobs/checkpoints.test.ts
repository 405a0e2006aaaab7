import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ObjectStore } from '../../../src/object-store.js';
import { openCheckpoints } from '../../../src/sagemaker/training-jobs/checkpoints.js';
import type { TrainingJobMembers } from '../../../src/sagemaker/training-jobs/shapes.js';
import { makeFolder } from '../../support/scene.js';

it('a host whose checkpoints cannot be kept is an error only when those of the others are', async () => {
  const kept: string[] = [];
  const objects: ObjectStore = {
    folder: '/nowhere',
    async *objects() {},
    fileOf: () => undefined,
    async put(_, key) {
      if (basename(key) === 'one') throw new Error('no room');
      for (let i = 0; i < 100; i++) await turn();
      kept.push(key);
    },
    delete: () => undefined,
  };
  const job = { CheckpointConfig: { S3Uri: 's3://bucket/p' } } as TrainingJobMembers;
  const { request, close } = (await openCheckpoints(objects, job, makeFolder()))!;
  for (const name of ['one', 'two']) {
    const folder = makeFolder();
    if ('onFolder' in request) request.onFolder(folder);
    writeFileSync(join(folder, name), name);
  }

  await expect(close()).rejects.toThrow('no room');

  expect(kept).toEqual(['p/two']);
});
