/** What is left when the server is killed. Needs `npm run build`: a process of its own runs the build output. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openStartMarks } from '../../src/jobs/start-marks.js';
import { createTrainingJobWatch } from '../../src/jobs/training-job-watch.js';
import type { SageMaker } from '../../src/sagemaker/resources/context.js';
import { TRAINING_LOG_GROUP } from '../../src/sagemaker/training-jobs/host-logs.js';
import { enter, TRAINING_JOB } from '../../src/sagemaker/training-jobs/state.js';
import { changeTransformJob, TRANSFORM_JOB } from '../../src/sagemaker/transform-jobs/run.js';
import { openStore } from '../../src/store/store.js';
import { placeModel } from '../support/model.js';
import { ALGORITHMS, callTarget, hasEnded, makeFolder, openScene, type Scene, trainingJob } from '../support/scene.js';
import { startServerProcess } from '../support/server-process.js';
import { transformJob } from '../support/transform-job.js';
import { tuningJob } from '../support/tuning-job.js';

const CLOSED = 'InternalServerError: The server was stopped while the job was running.';

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
    // From then on it writes nothing more that nobody would read: that would end it.
    await expect.poll(() => linesOf(killed, 'waiting')).toHaveLength(1);
    const { pid } = JSON.parse(readFileSync(seen, 'utf8')) as { pid: number };

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
    await expect.poll(() => isAlive(pid)).toBe(false);
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

describe('when the server is closed, a program that then saves its model and ends', () => {
  const [waits, noModel] = [{ behave: 'wait' }, { TrainingJobStatus: 'Failed', FailureReason: CLOSED }];

  it('belongs to a job that is Failed, also where its user had asked to stop it, and nothing says that it has a model', async () => {
    const folder = makeFolder();
    const scene = await openScene({ folder, concurrency: 3 });
    scene.put({ 'train/a.csv': '1\n' });
    // The job that is stopped could end well before the server is closed.
    const gate = join(folder, 'gate');
    for (const [name, more] of Object.entries({ runs: {}, stops: { gate } })) {
      await scene.call('CreateTrainingJob', trainingJob(name, { HyperParameters: { ...waits, ...more } }));
    }
    const limits = { ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 1 } };
    const tuning = tuningJob('tunes', limits, { StaticHyperParameters: waits });
    await scene.call('CreateHyperParameterTuningJob', tuning);
    await expect.poll(() => linesOf(scene.api, 'waiting')).toHaveLength(3);

    await scene.call('StopTrainingJob', { TrainingJobName: 'stops' });
    const closed = scene.api.close();
    writeFileSync(gate, '');
    await closed;
    const again = await openScene({ folder });
    const [runs, stops] = [await describeJob(again, 'runs'), await describeJob(again, 'stops')];
    const { TrainingJobSummaries: trials } = await again.until(
      'ListTrainingJobsForHyperParameterTuningJob',
      { HyperParameterTuningJobName: 'tunes', SortBy: 'CreationTime', SortOrder: 'Ascending' },
      ({ TrainingJobSummaries }) => TrainingJobSummaries.length === 2,
    );

    expect(await linesOf(again.api, 'got SIGTERM')).toHaveLength(3);
    expect(readdirSync(join(folder, 's3/data'))).toEqual(['train']);
    expect([runs, stops, trials[0]]).toMatchObject([noModel, noModel, noModel]);
    expect(statusesOf(runs)).toEqual(['Starting', 'Downloading', 'Training', 'Failed']);
    expect(statusesOf(stops)).toEqual(['Starting', 'Downloading', 'Training', 'Stopping', 'Failed']);
  });
});

it('a job that was being stopped when the server was killed is Failed if a program of it ran, else Stopped', async () => {
  const folder = makeFolder();
  const before = await openScene({ folder, concurrency: 0 });
  await placeModel(before);
  before.put({ 'train/a.csv': '1\n', 'batch/a.csv': '1\n' });
  for (const name of ['ran', 'waited']) {
    await before.call('CreateTrainingJob', trainingJob(name));
    await before.call('CreateTransformJob', transformJob(name));
  }
  await before.api.close();
  const store = openStore(folder);
  const killed = { store, watch: createTrainingJobWatch() } as Partial<SageMaker> as SageMaker;
  for (const kind of [TRAINING_JOB, TRANSFORM_JOB]) {
    for (const name of ['ran', 'waited']) store.work.markStarted({ kind, name });
  }
  enter(killed, 'ran', 'Training');
  changeTransformJob(killed, 'ran', { TransformStartTime: 1 });
  for (const name of ['ran', 'waited']) {
    enter(killed, name, 'Stopping');
    changeTransformJob(killed, name, { TransformJobStatus: 'Stopping' });
  }
  store.close();

  const scene = await openScene({ folder });
  const transforms = (await scene.call('ListTransformJobs', { SortBy: 'Name', SortOrder: 'Ascending' })).body;

  expect((await describeJob(scene, 'ran')).TrainingJobStatus).toBe('Failed');
  expect((await describeJob(scene, 'waited')).TrainingJobStatus).toBe('Stopped');
  expect(transforms.TransformJobSummaries).toMatchObject([
    { TransformJobName: 'ran', TransformJobStatus: 'Failed' },
    { TransformJobName: 'waited', TransformJobStatus: 'Stopped' },
  ]);
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

async function describeJob({ call }: Scene, TrainingJobName: string) {
  return (await call('DescribeTrainingJob', { TrainingJobName })).body;
}

function statusesOf(job: Awaited<ReturnType<typeof describeJob>>): readonly string[] {
  return job.SecondaryStatusTransitions.map(({ Status }: { Status: string }) => Status);
}

/** Lines of training jobs that have a text. */
async function linesOf({ url }: Pick<Scene['api'], 'url'>, text: string): Promise<readonly unknown[]> {
  const request = { logGroupName: TRAINING_LOG_GROUP, filterPattern: `"${text}"` };
  const { body } = await callTarget(url, 'Logs_20140328.FilterLogEvents', request);
  return body.events ?? [];
}

/** Log streams with lines, per job: one for each time that it was started; but for the job that failed. */
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
