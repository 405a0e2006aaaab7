import { describe, expect, it } from 'vitest';
import { makeFolder, trainingJob } from '../../support/scene.js';
import { ended, grid, openWithData, trainingJobs, tuningJob } from './jobs.js';

describe('a tuning job', () => {
  it('launches its training jobs, completes, and names the best of them', async () => {
    const scene = await openWithData();

    const created = await scene.call('CreateHyperParameterTuningJob', tuningJob('Tune'));
    const job = await ended(scene, 'Tune');
    const jobs = await trainingJobs(scene, 'Tune');

    const arn = 'arn:aws:sagemaker:us-east-1:000000000000:hyper-parameter-tuning-job/tune';
    expect(created).toMatchObject({ status: 200, body: { HyperParameterTuningJobArn: arn } });
    expect(job).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed',
      TrainingJobStatusCounters: { Completed: 4, InProgress: 0, NonRetryableError: 0, Stopped: 0 },
      ObjectiveStatusCounters: { Succeeded: 4, Pending: 0, Failed: 0 },
      TrainingJobDefinition: { StaticHyperParameters: { note: 'static', _tuning_objective_metric: 'train:sum' } },
    });
    expect(jobs.map(({ TrainingJobName }) => TrainingJobName)).toEqual(
      [1, 2, 3, 4].map((number) => expect.stringMatching(`^Tune-00${number}-[0-9a-f]{8}$`)),
    );
    const epochs = jobs.map(({ TunedHyperParameters }) => Number(TunedHyperParameters.epochs));
    expect(new Set(epochs).size).toBe(4);
    const best = epochs.indexOf(Math.max(...epochs));
    expect(job.BestTrainingJob).toMatchObject({
      ...{ TrainingJobName: jobs[best].TrainingJobName, TuningJobName: 'Tune', ObjectiveStatus: 'Succeeded' },
      FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'train:sum', Value: 10 * epochs[best]! },
    });
    const { body: launched } = await scene.call('DescribeTrainingJob', { TrainingJobName: jobs[0].TrainingJobName });
    expect(launched).toMatchObject({
      TuningJobArn: arn,
      HyperParameters: { note: 'static', epochs: `${epochs[0]}`, _tuning_objective_metric: 'train:sum' },
    });
  });

  it('runs as many training jobs at a time as its limit allows, and the next one when one of them has ended', async () => {
    const scene = await openWithData();
    const config = { ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 3 }, Strategy: 'Random' };
    const name = { HyperParameterTuningJobName: 't' };
    const untilLaunched = (count: number) =>
      scene.until(
        'ListTrainingJobsForHyperParameterTuningJob',
        name,
        ({ TrainingJobSummaries }) => TrainingJobSummaries.length === count,
      );

    await scene.call(
      'CreateHyperParameterTuningJob',
      tuningJob('t', config, { StaticHyperParameters: { behave: 'wait' } }),
    );
    const { TrainingJobSummaries: three } = await untilLaunched(3);
    const { TrainingJobName } = three[0];
    await scene.call('StopTrainingJob', { TrainingJobName });
    const { TrainingJobSummaries: four } = await untilLaunched(4);
    const { body: stopped } = await scene.call('DescribeTrainingJob', { TrainingJobName });
    await scene.call('StopHyperParameterTuningJob', name);
    await ended(scene, 't');

    const [next] = four.filter((job: { TrainingJobName: string }) =>
      three.every((one: { TrainingJobName: string }) => one.TrainingJobName !== job.TrainingJobName),
    );
    expect(stopped.TrainingJobStatus).toBe('Stopped');
    expect(next.CreationTime).toBeGreaterThanOrEqual(stopped.LastModifiedTime);
  });

  it('completes where its quota of instances allows fewer at a time than it asks for', async () => {
    const scene = await openWithData({ quotas: { 'ml.m5.xlarge': 1 } });
    const two = {
      Strategy: 'Random',
      ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2 },
    };

    await scene.call('CreateHyperParameterTuningJob', tuningJob('first', two));
    await scene.call('CreateHyperParameterTuningJob', tuningJob('second', two));

    expect(await ended(scene, 'first')).toMatchObject({ TrainingJobStatusCounters: { Completed: 2 } });
    expect(await ended(scene, 'second')).toMatchObject({ TrainingJobStatusCounters: { Completed: 2 } });
  });

  it('completes when a training job reaches the target, and stops the others', async () => {
    const scene = await openWithData();
    const criteria = { TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 40 } };

    await scene.call('CreateHyperParameterTuningJob', tuningJob('target', { ...grid, ...criteria }));
    const job = await ended(scene, 'target');

    expect(job).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed',
      TrainingJobStatusCounters: { Completed: 2 },
    });
    expect(job.BestTrainingJob.TunedHyperParameters).toEqual({ epochs: '4' });
  });

  it('that is stopped stops its training jobs first', async () => {
    const scene = await openWithData();
    const name = { HyperParameterTuningJobName: 'waits' };

    await scene.call(
      'CreateHyperParameterTuningJob',
      tuningJob('waits', {}, { StaticHyperParameters: { behave: 'wait' } }),
    );
    await scene.until(
      'DescribeHyperParameterTuningJob',
      name,
      (body) => body.TrainingJobStatusCounters.InProgress === 2,
    );
    const stopped = await scene.call('StopHyperParameterTuningJob', name);
    const { body: stopping } = await scene.call('DescribeHyperParameterTuningJob', name);
    const job = await ended(scene, 'waits');

    expect(stopped.status).toBe(200);
    expect(stopping.HyperParameterTuningJobStatus).toMatch(/^Stop(ping|ped)$/);
    expect(job).toMatchObject({
      HyperParameterTuningJobStatus: 'Stopped',
      TrainingJobStatusCounters: { Completed: 0, InProgress: 0, Stopped: 2 },
    });
    expect((await scene.call('StopHyperParameterTuningJob', name)).body).toMatchObject({
      message: 'The request was rejected because the hyperparameter tuning job is in status Stopped.',
    });
  });

  it('fails after five training jobs without success, or without a value of the objective', async () => {
    const scene = await openWithData();
    const limits = { ResourceLimits: { MaxNumberOfTrainingJobs: 9, MaxParallelTrainingJobs: 1 } };
    const silent = {
      ...trainingJob('x').AlgorithmSpecification,
      MetricDefinitions: [{ Name: 'train:sum', Regex: 'never (x)' }],
    };

    await scene.call(
      'CreateHyperParameterTuningJob',
      tuningJob('fails', limits, { StaticHyperParameters: { behave: 'exit' } }),
    );
    await scene.call('CreateHyperParameterTuningJob', tuningJob('silent', limits, { AlgorithmSpecification: silent }));

    expect(await ended(scene, 'fails')).toMatchObject({
      HyperParameterTuningJobStatus: 'Failed',
      FailureReason: expect.stringContaining('No training job succeeded after 5 attempts.'),
      TrainingJobStatusCounters: { NonRetryableError: 5 },
      ObjectiveStatusCounters: { Failed: 5 },
    });
    expect(await ended(scene, 'silent')).toMatchObject({
      HyperParameterTuningJobStatus: 'Failed',
      FailureReason: expect.stringContaining('No objective metrics found after running 5 training jobs.'),
    });
  });

  it('resumes after a restart: the jobs that ran are failed, and as many are launched in all as without', async () => {
    const folder = makeFolder();
    const first = await openWithData({ folder });
    const limits = { ResourceLimits: { MaxNumberOfTrainingJobs: 6, MaxParallelTrainingJobs: 2 } };
    await first.call('CreateHyperParameterTuningJob', tuningJob('again', limits));
    await first.until(
      'DescribeHyperParameterTuningJob',
      { HyperParameterTuningJobName: 'again' },
      (body) => body.TrainingJobStatusCounters.Completed > 0,
    );

    await first.api.close();
    const second = await openWithData({ folder });
    const job = await ended(second, 'again');

    expect(job.HyperParameterTuningJobStatus).toBe('Completed');
    expect(await trainingJobs(second, 'again')).toHaveLength(6);
  });

  it('is listed with its counters, has tags, and is deleted without its training jobs', async () => {
    const scene = await openWithData();
    await scene.call('CreateHyperParameterTuningJob', tuningJob('b', grid, {}, { Tags: [{ Key: 'k', Value: 'v' }] }));
    await scene.call('CreateHyperParameterTuningJob', tuningJob('a', grid));
    const { HyperParameterTuningJobArn: arn } = await ended(scene, 'b');
    await ended(scene, 'a');

    const { body: list } = await scene.call('ListHyperParameterTuningJobs', {});
    const { body: tags } = await scene.call('ListTags', { ResourceArn: arn });
    const deleted = await scene.call('DeleteHyperParameterTuningJob', { HyperParameterTuningJobName: 'b' });

    expect(list.HyperParameterTuningJobSummaries).toMatchObject([
      { HyperParameterTuningJobName: 'a', Strategy: 'Grid', TrainingJobStatusCounters: { Completed: 3 } },
      { HyperParameterTuningJobName: 'b', ObjectiveStatusCounters: { Succeeded: 3 } },
    ]);
    expect(tags.Tags).toEqual([{ Key: 'k', Value: 'v' }]);
    expect(deleted.status).toBe(200);
    expect(
      (await scene.call('DescribeHyperParameterTuningJob', { HyperParameterTuningJobName: 'b' })).body,
    ).toMatchObject({
      __type: expect.stringContaining('ResourceNotFound'),
    });
    expect((await scene.call('ListTrainingJobs', { NameContains: 'b-' })).body.TrainingJobSummaries).toHaveLength(3);
  });
});
