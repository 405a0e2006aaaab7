import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processPrograms } from '../../src/index.js';
import { openClearFolder } from '../../src/jobs/job-folders.js';
import { hasEnded, makeFolder, OWN_ALGORITHMS, openScene, trainingJob } from '../support/scene.js';

const refuse = () => Promise.reject(new Error('it is held'));

describe('the folder of a job that has ended', () => {
  it('that cannot be removed is moved aside with an error, and the next start tries again', async () => {
    const folder = makeFolder();
    const errors: unknown[] = [];
    mkdirSync(join(folder, 'job'));
    writeFileSync(join(folder, 'job', 'file'), '');

    const clear = await openClearFolder(folder, (error) => errors.push(error), refuse);
    await clear(join(folder, 'job'));
    const [aside] = readdirSync(join(folder, 'leftovers'));
    await openClearFolder(folder, (error) => errors.push(error));

    expect(errors.map(String)).toEqual([
      `Error: Files of jobs that have ended could not be removed; they are in ${join(folder, 'leftovers')}: it is held`,
      `Error: Files of jobs that have ended could not be removed; they are in ${join(folder, 'leftovers', aside!)}: it is held`,
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is removed at the next start, with more levels than a path can name', async () => {
    const folder = makeFolder();
    const job = join(folder, 'jobs/training-job/deep');
    mkdirSync(job, { recursive: true });
    const deep = `for (let i = 0; i < 400; i++) { require('node:fs').mkdirSync('${'x'.repeat(20)}'); process.chdir('${'x'.repeat(20)}'); }`;
    execFileSync(process.execPath, ['-e', deep], { cwd: job });

    await openScene({ folder });

    expect(existsSync(job)).toBe(false);
  });
});

it('a job whose child makes files in a session of its own is Completed, and leaves neither', async () => {
  const scene = await openScene({ programs: processPrograms(OWN_ALGORITHMS) });
  scene.put({ 'train/a.csv': '1\n' });
  const request = trainingJob('job', {
    AlgorithmSpecification: { TrainingImage: 'escape:1.0.0', TrainingInputMode: 'File' },
  });
  expect((await scene.call('CreateTrainingJob', request)).body).toHaveProperty('TrainingJobArn');

  const job = await scene.until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);

  expect([job.TrainingJobStatus, job.FailureReason]).toEqual(['Completed', undefined]);
  expect(existsSync(scene.object('out/job/output/model.tar.gz'))).toBe(true);
  expect(readdirSync(join(scene.folder, 'jobs/training-job'))).toEqual([]);
});
