/** What CreateHyperParameterTuningJob refuses. */
import { describe, expect, it } from 'vitest';
import { channel } from '../../support/scene.js';
import { ended, openWithData, tuningJob } from './jobs.js';

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
