import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { processPrograms } from '../../../src/index.js';
import { hasEnded, makeFolder, OWN_ALGORITHMS, openScene, trainingJob } from '../../support/scene.js';

const programs = processPrograms(OWN_ALGORITHMS);

/** A job whose model is being packed, which takes many minutes. */
async function packingScene(folder: string) {
  const scene = await openScene({ folder, programs, stopGraceMs: 1 });
  scene.put({ 'train/a.csv': '1\n' });
  const AlgorithmSpecification = { TrainingImage: 'huge', TrainingInputMode: 'File' };
  await scene.call('CreateTrainingJob', trainingJob('job', { AlgorithmSpecification }));
  const job = await scene.until(
    'DescribeTrainingJob',
    { TrainingJobName: 'job' },
    (body) => body.SecondaryStatus === 'Uploading' || hasEnded(body),
  );
  expect(job.SecondaryStatus).toBe('Uploading');
  return scene;
}

it('a job that is stopped while its model is packed is Stopped after the grace, without a model', async () => {
  const scene = await packingScene(makeFolder());

  await scene.call('StopTrainingJob', { TrainingJobName: 'job' });
  const job = await scene.until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);

  expect([job.TrainingJobStatus, job.SecondaryStatus]).toEqual(['Stopped', 'Stopped']);
  expect(readdirSync(join(scene.folder, 's3/data'))).toEqual(['train']);
  expect(readdirSync(join(scene.folder, 'jobs/training-job'))).toEqual([]);
});

it('a server that is closed while a model is packed does not wait for it', async () => {
  const folder = makeFolder();
  const scene = await packingScene(folder);

  await scene.api.close();

  const next = await openScene({ folder, programs });
  expect((await next.call('DescribeTrainingJob', { TrainingJobName: 'job' })).body).toMatchObject({
    TrainingJobStatus: 'Failed',
    FailureReason: 'InternalServerError: The server was stopped while the job was running.',
  });
});
