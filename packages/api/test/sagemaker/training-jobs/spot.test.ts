import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackArchive } from '@algo/local';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { processPrograms } from '../../../src/index.js';
import { hasEnded, makeFolder, OWN_ALGORITHMS, openScene, type Scene, trainingJob } from '../../support/scene.js';

/** A job on spot instances whose program ends at its start of that number. */
async function startJob(starts: number, changes: object = {}): Promise<Scene> {
  const scene = await openScene({ programs: processPrograms(OWN_ALGORITHMS) });
  scene.put({ 'train/a.csv': '1\n' });
  const { status, body } = await scene.call(
    'CreateTrainingJob',
    trainingJob('job', {
      AlgorithmSpecification: {
        TrainingImage: 'resume',
        TrainingInputMode: 'File',
        MetricDefinitions: [{ Name: 'train:sum', Regex: 'train:sum=([0-9]+)' }],
      },
      HyperParameters: { starts: String(starts) },
      CheckpointConfig: { S3Uri: 's3://data/checkpoints' },
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 600, MaxWaitTimeInSeconds: 3600 },
      ...changes,
    }),
  );
  expect([status, body]).toMatchObject([200, {}]);
  return scene;
}

const describeJob = ({ call }: Scene) => call('DescribeTrainingJob', { TrainingJobName: 'job' });

function until({ until: call }: Scene, isDone: (job: Record<string, string>) => boolean) {
  return call('DescribeTrainingJob', { TrainingJobName: 'job' }, isDone);
}

/** The program has the signal's handler when it prints this. */
function untilWaiting(scene: Scene, start: number): Promise<void> {
  const url = `${scene.api.url}/_console/log.txt?group=/aws/sagemaker/TrainingJobs&resource=job`;
  const printed = async () => (await fetch(url)).text();
  return expect.poll(printed).toMatch(new RegExp(`start ${start} .*\n.*waiting`));
}

async function interrupt({ api }: Scene, query = '', job = 'job') {
  const response = await fetch(`${api.url}/_spot/${job}${query}`, { method: 'POST' });
  return { status: response.status, text: await response.text() };
}

interface Transition {
  readonly Status: string;
  readonly StartTime: number;
  readonly EndTime: number;
}

const statusesOf = (transitions: readonly Transition[]) => transitions.map(({ Status }) => Status);

describe('a job of managed spot training', () => {
  it('whose instances are taken away runs again from its checkpoints, and has the model and metrics of its last run', async () => {
    const scene = await startJob(3);

    for (const start of [1, 2]) {
      await untilWaiting(scene, start);
      expect(await interrupt(scene)).toEqual({ status: 204, text: '' });
    }
    const job = await until(scene, hasEnded as never);
    const model = makeFolder();
    await unpackArchive(scene.object('out/job/output/model.tar.gz'), model);

    const once = ['Starting', 'Downloading', 'Training'];
    const transitions: readonly Transition[] = job.SecondaryStatusTransitions;
    expect(statusesOf(transitions)).toEqual([
      ...[...once, 'Interrupted', ...once, 'Interrupted', ...once],
      ...['Uploading', 'Completed'],
    ]);
    expect(readFileSync(scene.object('checkpoints/starts'), 'utf8')).toBe('3');
    expect(readFileSync(join(model, 'model.txt'), 'utf8')).toBe('whole');
    expect(job.FinalMetricDataList).toMatchObject([{ MetricName: 'train:sum', Value: 3 }]);
    const training = transitions.filter(({ Status }) => Status === 'Training' || Status === 'Uploading');
    const seconds = training.reduce((sum, { StartTime, EndTime }) => sum + EndTime - StartTime, 0);
    expect(job.TrainingStartTime).toBe(training[0]!.StartTime);
    expect(job.BillableTimeInSeconds).toBe(Math.max(1, Math.ceil(seconds)));
    expect(job.TrainingTimeInSeconds).toBe(job.BillableTimeInSeconds);
  });

  it('for which there is no instance until its wait is over is Stopped, MaxWaitTimeExceeded', async () => {
    const scene = await startJob(2);
    await untilWaiting(scene, 1);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 3_600_000);
    onTestFinished(() => void vi.restoreAllMocks());

    await interrupt(scene, '?wait=86400');
    const job = await until(scene, hasEnded as never);

    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxWaitTimeExceeded' });
    expect(statusesOf(job.SecondaryStatusTransitions).slice(3)).toEqual([
      ...['Interrupted', 'Stopping', 'MaxWaitTimeExceeded'],
    ]);
    expect(readFileSync(scene.object('checkpoints/starts'), 'utf8')).toBe('1');
  });

  it('is stopped while it waits for an instance', async () => {
    const scene = await startJob(2);
    await untilWaiting(scene, 1);

    await interrupt(scene, '?wait=86400');
    await until(scene, ({ SecondaryStatus }) => SecondaryStatus === 'Interrupted');
    const again = await interrupt(scene);
    await scene.call('StopTrainingJob', { TrainingJobName: 'job' });
    const job = await until(scene, hasEnded as never);

    expect(again.text).toContain('must have an instance to lose; it is in status InProgress, Interrupted.');
    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' });
  });

  it('whose server ends while it waits for an instance is Failed, with the reason', async () => {
    const scene = await startJob(2);
    await untilWaiting(scene, 1);

    await interrupt(scene, '?wait=86400');
    await until(scene, ({ SecondaryStatus }) => SecondaryStatus === 'Interrupted');
    await scene.api.close();
    const next = await openScene({ folder: scene.folder, programs: processPrograms(OWN_ALGORITHMS) });
    const { body } = await describeJob(next);

    expect(body).toMatchObject({
      TrainingJobStatus: 'Failed',
      FailureReason: expect.stringContaining('server was stopped'),
    });
  });

  it('which had its whole runtime before it was interrupted is stopped when it runs again', async () => {
    const scene = await startJob(9, { StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 9000 } });
    await untilWaiting(scene, 1);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 3_600_000);
    onTestFinished(() => void vi.restoreAllMocks());

    await interrupt(scene);
    const job = await until(scene, hasEnded as never);

    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
  });
});

describe('an interruption is refused', () => {
  it('of a job that is not on spot instances, has ended or is not there, and with a wait that is none', async () => {
    const scene = await startJob(1, {
      EnableManagedSpotTraining: false,
      StoppingCondition: { MaxRuntimeInSeconds: 9 },
    });

    const answers = [
      await interrupt(scene),
      await interrupt(scene, '', 'nobody'),
      await interrupt(scene, '?wait=86401'),
      await interrupt(scene, '?wait=x'),
    ];
    const got = await fetch(`${scene.api.url}/_spot/job`);

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(answers.map(({ text }) => JSON.parse(text).message)).toEqual([
      'The training job job must have EnableManagedSpotTraining to be interrupted.',
      'There is no training job "nobody" here. ListTrainingJobs has the names.',
      'wait must be an integer in [0, 86400], in seconds; received "86401".',
      'wait must be an integer in [0, 86400], in seconds; received "x".',
    ]);
    expect(got.status).toBe(405);
  });

  it('of a job that has ended', async () => {
    const scene = await startJob(1);
    await until(scene, hasEnded as never);

    const { text } = await interrupt(scene);

    expect(text).toContain('must have an instance to lose; it is in status Completed, Completed.');
  });
});
