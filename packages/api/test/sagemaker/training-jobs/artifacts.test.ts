import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packFolder } from '@algo/local';
import { expect, it } from 'vitest';
import { uploadArtifacts } from '../../../src/sagemaker/training-jobs/artifacts.js';
import { makeFolder } from '../../support/scene.js';

it('artifacts without compression are not unpacked once the server closes, and nothing of them is left', async () => {
  const folder = makeFolder();
  const [model, modelArchive] = [join(folder, 'model'), join(folder, 'model.tar.gz')];
  mkdirSync(model);
  writeFileSync(join(model, 'weights'), '1');
  await packFolder(model, modelArchive);
  const keys: string[] = [];
  const objects = { put: async (_: string, key: string) => void keys.push(key) };
  const OutputDataConfig = { S3OutputPath: 's3://data/out', CompressionType: 'NONE' } as const;
  const upload = (target: string, signal: AbortSignal) =>
    uploadArtifacts(
      objects,
      { OutputDataConfig, TrainingJobName: 'job' },
      { modelArchive },
      join(folder, target),
      signal,
    );

  await upload('open', new AbortController().signal);
  const closed = upload('closed', AbortSignal.abort(new Error('the server closes')));

  await expect(closed).rejects.toThrow('the server closes');
  expect(keys).toEqual(['out/job/output/model/weights']);
  expect(readdirSync(join(folder, 'closed/model'))).toEqual([]);
});
