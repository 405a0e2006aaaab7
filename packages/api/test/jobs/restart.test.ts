/** What is left when the server is killed. Needs `npm run build`: a process of its own runs the build output. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import { openStartMarks } from '../../src/jobs/start-marks.js';
import { createTrainingJobWatch } from '../../src/jobs/training-job-watch.js';
import type { SageMaker } from '../../src/sagemaker/resources/context.js';
import { enter, TRAINING_JOB } from '../../src/sagemaker/training-jobs/state.js';
import { changeTransformJob, TRANSFORM_JOB } from '../../src/sagemaker/transform-jobs/run.js';
import { openStore } from '../../src/store/store.js';
import { placeModel } from '../support/model.js';
import { ALGORITHMS, hasEnded, makeFolder, openScene, trainingJob } from '../support/scene.js';
import { startServerProcess } from '../support/server-process.js';
import { transformJob } from '../support/transform-job.js';

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

it.runIf(existsSync('/proc/self/status'))(
  'a job that ran when the server was killed is Failed and its process is gone; those that waited run once',
  async () => {
    const folder = makeFolder();
    const killed = await startServerProcess(folder, ALGORITHMS);
    await killed.call('CreateTrainingJob', trainingJob('runs', { HyperParameters: { behave: 'wait' } }));
    for (const name of ['first', 'second']) await killed.call('CreateTrainingJob', trainingJob(name));
    await killed.call('CreateTrainingJob', trainingJob('stops'));
    await killed.call('StopTrainingJob', { TrainingJobName: 'stops' });
    const seen = join(folder, 'jobs/training-job/runs/container/opt/ml/output/data/seen.json');
    const pid = await vi.waitFor(() => JSON.parse(readFileSync(seen, 'utf8')).pid as number, { timeout: 600_000 });

    await killed.kill();
    const outlived = isAlive(pid);
    const scene = await openScene({ folder });
    const describe = async (name: string) => (await scene.call('DescribeTrainingJob', { TrainingJobName: name })).body;
    const [runs, stops] = [await describe('runs'), await describe('stops')];
    for (const name of ['first', 'second']) {
      const job = await scene.until('DescribeTrainingJob', { TrainingJobName: name }, hasEnded);
      expect(job.TrainingJobStatus).toBe('Completed');
    }
    await scene.api.close();

    expect(outlived).toBe(true);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 600_000 });
    expect(runs).toMatchObject({
      TrainingJobStatus: 'Failed',
      SecondaryStatus: 'Failed',
      FailureReason: 'InternalServerError: The server ended while the job was running.',
    });
    expect(stops.TrainingJobStatus).toBe('Stopped');
    expect(startsPerJob(folder)).toEqual({ first: 1, second: 1 });
    expect(readdirSync(join(folder, 'jobs/training-job'))).toEqual([]);
  },
);

it('a job that had been begun runs if no program of it was started when the server was killed, else it is Failed', async () => {
  const folder = makeFolder();
  const before = await openScene({ folder, concurrency: 0 });
  await placeModel(before);
  before.put({ 'train/a.csv': '1\n', 'batch/a.csv': '1\n' });
  for (const name of ['begun', 'started']) await before.call('CreateTrainingJob', trainingJob(name));
  for (const name of ['begun', 'started']) await before.call('CreateTransformJob', transformJob(name));
  const created = (await before.call('DescribeTrainingJob', { TrainingJobName: 'begun' })).body;
  await before.api.close();
  const store = openStore(folder);
  const marks = openStartMarks(folder);
  const killed = { store, watch: createTrainingJobWatch() } as Partial<SageMaker> as SageMaker;
  for (const kind of [TRAINING_JOB, TRANSFORM_JOB]) {
    for (const name of ['begun', 'started']) {
      store.work.markStarted({ kind, name });
      const mark = marks.place({ kind, name });
      if (name === 'started') writeFileSync(mark, '');
    }
  }
  for (const status of ['Downloading', 'Training'] as const) enter(killed, 'begun', status);
  changeTransformJob(killed, 'begun', { TransformStartTime: 1 });
  store.close();

  const scene = await openScene({ folder });
  const training = await scene.until('DescribeTrainingJob', { TrainingJobName: 'begun' }, hasEnded);
  const transform = await scene.until(
    'DescribeTransformJob',
    { TransformJobName: 'begun' },
    ({ TransformJobStatus }) => TransformJobStatus !== 'InProgress',
  );
  const failed = [
    (await scene.call('DescribeTrainingJob', { TrainingJobName: 'started' })).body,
    (await scene.call('DescribeTransformJob', { TransformJobName: 'started' })).body,
  ];
  await scene.api.close();

  const statuses = training.SecondaryStatusTransitions.map(({ Status }: { Status: string }) => Status);
  expect(statuses).toEqual(['Starting', 'Downloading', 'Training', 'Uploading', 'Completed']);
  expect(training.SecondaryStatusTransitions[0].StartTime).toBe(created.CreationTime);
  expect(transform.TransformJobStatus).toBe('Completed');
  expect(transform.TransformStartTime).toBeGreaterThan(1);
  for (const { FailureReason } of failed) {
    expect(FailureReason).toBe('InternalServerError: The server ended while the job was running.');
  }
  expect(readdirSync(join(folder, 'starts'))).toEqual([]);
});

it('a job that runs when the server is closed is Failed, and its process is gone', async () => {
  const folder = makeFolder();
  const scene = await openScene({ folder });
  scene.put({ 'train/a.csv': '1\n' });
  await scene.call('CreateTrainingJob', trainingJob('runs', { HyperParameters: { behave: 'wait' } }));
  await scene.until(
    'DescribeTrainingJob',
    { TrainingJobName: 'runs' },
    ({ SecondaryStatus }) => SecondaryStatus === 'Training',
  );

  await scene.api.close();
  const again = await openScene({ folder });
  const { body } = await again.call('DescribeTrainingJob', { TrainingJobName: 'runs' });

  expect(body).toMatchObject({
    TrainingJobStatus: 'Failed',
    FailureReason: 'InternalServerError: The server was stopped while the job was running.',
  });
});

it('a job that waits is not begun, and so not failed, by a server whose port is in use', async () => {
  const folder = makeFolder();
  const first = await openScene({ folder, concurrency: 0 });
  first.put({ 'train/a.csv': '1\n' });
  await first.call('CreateTrainingJob', trainingJob('waits'));
  await first.api.close();
  const other = await openScene();

  await expect(openScene({ folder, port: Number(new URL(other.api.url).port) })).rejects.toThrow('EADDRINUSE');
  const second = await openScene({ folder });
  const job = await second.until('DescribeTrainingJob', { TrainingJobName: 'waits' }, hasEnded);

  expect(job.TrainingJobStatus).toBe('Completed');
});

it('the data folder belongs to one server, and to no older one than wrote it', async () => {
  const folder = makeFolder();
  const scene = await openScene({ folder });

  await expect(openScene({ folder })).rejects.toThrow(
    `The data folder ${folder} is in use by another server. If that is your own "algo up", stop it`,
  );
  await scene.api.close();
  const sql = new DatabaseSync(join(folder, 'state.db'));
  sql.exec('PRAGMA user_version = 99');
  sql.close();

  await expect(openScene({ folder })).rejects.toThrow(/must be of version \d+ or older; it is of version 99/);
});

/** Log streams with lines, per job: one for each time that it was started. The job that failed printed nothing yet. */
function startsPerJob(folder: string): Record<string, number> {
  const sql = new DatabaseSync(join(folder, 'state.db'), { readOnly: true });
  const rows = sql.prepare('SELECT DISTINCT log_stream FROM log_event').all() as { log_stream: string }[];
  sql.close();
  const starts: Record<string, number> = {};
  for (const { log_stream } of rows) {
    const job = log_stream.split('/')[0]!;
    if (job !== 'runs') starts[job] = (starts[job] ?? 0) + 1;
  }
  return starts;
}
