import { describe, expect, it } from 'vitest';
import { type Answer, channel, makeFolder, openScene, type Scene, trainingJob } from '../../support/scene.js';
import { digitsOf, tuningJob as randomJob } from '../../support/tuning-job.js';

/** The algorithm `sum` prints train:sum after each epoch: the sum of the data times the number of epochs so far. */
function tuningJob(name: string, config: object = {}, definition: object = {}, more: object = {}) {
  const ResourceLimits = { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2 };
  const search = { Strategy: 'Bayesian', ResourceLimits, ParameterRanges: digitsOf('epochs'), ...config };
  return { ...randomJob(name, search, { StaticHyperParameters: { note: 'static' }, ...definition }), ...more };
}

const byCategory = { CategoricalParameterRanges: [{ Name: 'epochs', Values: ['2', '4', '3'] }] };
const grid = { Strategy: 'Grid', ResourceLimits: { MaxParallelTrainingJobs: 1 }, ParameterRanges: byCategory };

async function openWithData(options: Parameters<typeof openScene>[0] = {}): Promise<Scene> {
  const scene = await openScene(options);
  scene.put({ 'train/a.csv': '1,2\n3,4\n' });
  return scene;
}

/** Describes until the job has ended. */
function ended({ until }: Scene, name: string): Promise<Answer['body']> {
  return until(
    'DescribeHyperParameterTuningJob',
    { HyperParameterTuningJobName: name },
    ({ HyperParameterTuningJobStatus }) => ['Completed', 'Failed', 'Stopped'].includes(HyperParameterTuningJobStatus),
  );
}

async function trainingJobs({ call }: Scene, name: string, request: object = {}): Promise<Answer['body'][]> {
  const { body } = await call('ListTrainingJobsForHyperParameterTuningJob', {
    ...{ HyperParameterTuningJobName: name, MaxResults: 100 },
    ...request,
  });
  return body.TrainingJobSummaries;
}

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

  it('of strategy Grid tries every combination, and its jobs are listed in any order', async () => {
    const scene = await openWithData();

    await scene.call('CreateHyperParameterTuningJob', tuningJob('grid', grid));
    await ended(scene, 'grid');

    const values = async (request: object) =>
      (await trainingJobs(scene, 'grid', request)).map(({ TunedHyperParameters }) => TunedHyperParameters.epochs);
    expect(await values({})).toEqual(['2', '4', '3']);
    expect(await values({ SortBy: 'CreationTime', SortOrder: 'Descending' })).toEqual(['3', '4', '2']);
    expect(await values({ SortBy: 'FinalObjectiveMetricValue', SortOrder: 'Descending' })).toEqual(['4', '3', '2']);
    expect(await values({ StatusEquals: 'Failed' })).toEqual([]);
    const request = { HyperParameterTuningJobName: 'grid', MaxResults: 2 };
    const { body: page } = await scene.call('ListTrainingJobsForHyperParameterTuningJob', request);
    const rest = await values({ NextToken: page.NextToken });
    expect([page.TrainingJobSummaries.length, rest]).toEqual([2, ['3']]);
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

  it('of strategy Hyperband stops training jobs at its rungs, which without it would not end', async () => {
    const scene = await openWithData();
    const config = {
      Strategy: 'Hyperband',
      StrategyConfig: { HyperbandStrategyConfig: { MinResource: 1, MaxResource: 3 } },
      ResourceLimits: { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1 },
      ParameterRanges: { IntegerParameterRanges: [{ Name: 'epochs', MinValue: '4', MaxValue: '9' }] },
    };

    await scene.call(
      'CreateHyperParameterTuningJob',
      tuningJob('band', config, { StaticHyperParameters: { 'wait-after': '3' } }),
    );
    const job = await ended(scene, 'band');

    expect(job).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed',
      TrainingJobStatusCounters: { Completed: 0, Stopped: 3 },
      ObjectiveStatusCounters: { Succeeded: 3 },
    });
  });

  it('with early stopping stops a training job that is worse than the median of those before', async () => {
    const scene = await openWithData();
    const config = {
      ...{ ...grid, TrainingJobEarlyStoppingType: 'Auto' },
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'train:sum' },
      // After three epochs, both have the value 30, and the first has an average of 20 until then.
      ParameterRanges: { CategoricalParameterRanges: [{ Name: 'epochs', Values: ['3', '9'] }] },
    };

    await scene.call(
      'CreateHyperParameterTuningJob',
      tuningJob('early', config, { StaticHyperParameters: { 'wait-after': '4' } }),
    );
    const job = await ended(scene, 'early');

    expect(job).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed',
      TrainingJobStatusCounters: { Completed: 1, Stopped: 1 },
    });
    expect(job.BestTrainingJob.TunedHyperParameters).toEqual({ epochs: '3' });
  });

  it('that starts warm learns from its parents, and names the best job of all', async () => {
    const scene = await openWithData();
    await scene.call('CreateHyperParameterTuningJob', tuningJob('parent', grid));
    await ended(scene, 'parent');
    const ranges = { CategoricalParameterRanges: [{ Name: 'epochs', Values: ['1'] }] };
    const config = { Strategy: 'Random', ParameterRanges: ranges };
    const warm = (WarmStartType: string) => ({
      WarmStartConfig: { ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'parent' }], WarmStartType },
    });

    await scene.call(
      'CreateHyperParameterTuningJob',
      tuningJob('child', config, {}, warm('IdenticalDataAndAlgorithm')),
    );
    await scene.call('CreateHyperParameterTuningJob', tuningJob('other', config, {}, warm('TransferLearning')));
    const [child, other] = [await ended(scene, 'child'), await ended(scene, 'other')];
    // As a client does that continues from a description: it has the hyperparameter that the service adds.
    const { TrainingJobDefinition } = child;
    const again = tuningJob('again', config, TrainingJobDefinition, warm('IdenticalDataAndAlgorithm'));
    const { status } = await scene.call('CreateHyperParameterTuningJob', again);
    await ended(scene, 'again');
    scene.put({ 'other/a.csv': '1\n' });
    const changed = {
      AlgorithmSpecification: { ...TrainingJobDefinition.AlgorithmSpecification, TrainingImage: 'registry/sum:1.2.4' },
      InputDataConfig: [channel('s3://data/other/')],
    };
    const create = (type: string) =>
      scene.call('CreateHyperParameterTuningJob', tuningJob(type, config, changed, warm(type)));
    const [refused, allowed] = [await create('IdenticalDataAndAlgorithm'), await create('TransferLearning')];
    await ended(scene, 'TransferLearning');

    expect(refused.body.__type).toBe('ValidationException');
    expect(refused.body.message).toBe(
      [
        'Parent tuning job "parent" must have the training image of the new job, registry/sum, as WarmStartType is IdenticalDataAndAlgorithm; received 123456789012.dkr.ecr.us-east-1.amazonaws.com/sum.',
        'Parent tuning job "parent" must have the data of channel "train" in InputDataConfig of the new job, S3Prefix s3://data/other/, as WarmStartType is IdenticalDataAndAlgorithm; received S3Prefix s3://data/train/.',
      ].join(' '),
    );
    expect(allowed.status).toBe(200);
    expect(child.BestTrainingJob.TuningJobName).toBe('child');
    expect(child.OverallBestTrainingJob).toMatchObject({
      TuningJobName: 'parent',
      TunedHyperParameters: { epochs: '4' },
    });
    expect(other.OverallBestTrainingJob).toBeUndefined();
    expect(status).toBe(200);
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

describe('CreateHyperParameterTuningJob', () => {
  const other = { HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'other' } };
  const bad = { ParameterRanges: { IntegerParameterRanges: [{ Name: 'epochs', MinValue: 'x', MaxValue: '9' }] } };
  it.each<[string, object, string]>([
    [
      'an objective that no metric definition has',
      tuningJob('t', other),
      'A metric is required for this hyperparameter tuning job objective.',
    ],
    ['a range that is none', tuningJob('t', bad), 'MinValue must be an integer; received "x".'],
    [
      'no definition',
      tuningJob('t', {}, {}, { TrainingJobDefinition: undefined }),
      'must have one training job definition',
    ],
    [
      'data that are not there',
      tuningJob('t', {}, { InputDataConfig: [channel('s3://data/nothing/')] }),
      'No S3 objects found under S3 URL "s3://data/nothing/"',
    ],
    [
      'a parent that is not there',
      tuningJob(
        't',
        {},
        {},
        {
          WarmStartConfig: {
            ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'p' }],
            WarmStartType: 'TransferLearning',
          },
        },
      ),
      'Parent tuning job',
    ],
    [
      'Autotune',
      tuningJob('t', {}, {}, { Autotune: { Mode: 'Enabled' } }),
      'Autotune is not available on this machine.',
    ],
  ])('refuses %s', async (_, request, message) => {
    const scene = await openWithData();

    const { status, body } = await scene.call('CreateHyperParameterTuningJob', request);

    expect([status, body.message]).toEqual([400, expect.stringContaining(message)]);
    expect((await scene.call('ListHyperParameterTuningJobs')).body.HyperParameterTuningJobSummaries).toEqual([]);
  });

  it('refuses a name that is in use', async () => {
    const scene = await openWithData();
    const one = tuningJob('t', {
      Strategy: 'Random',
      ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 },
    });
    await scene.call('CreateHyperParameterTuningJob', one);

    const { status, body } = await scene.call('CreateHyperParameterTuningJob', one);

    expect([status, body.__type]).toEqual([400, expect.stringContaining('ResourceInUse')]);
    await ended(scene, 't');
  });
});
