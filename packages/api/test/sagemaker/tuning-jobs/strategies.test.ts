/** Strategies of tuning jobs, early stopping and warm starts. */
import { describe, expect, it } from 'vitest';
import { channel } from '../../support/scene.js';
import { ended, grid, openWithData, trainingJobs, tuningJob } from './jobs.js';

describe('a tuning job', () => {
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
});
