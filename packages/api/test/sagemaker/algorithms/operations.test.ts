import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { now } from '../../../src/sagemaker/resources/context.js';
import { planPrefix } from '../../../src/sagemaker/validation/plan.js';
import { sumAlgorithm, validation } from '../../support/algorithm.js';
import { channel, hasEnded, makeFolder, openScene, type Scene, sharedScene, trainingJob } from '../../support/scene.js';
import { tuningJob } from '../../support/tuning-job.js';

const DATA = { 'train/a.csv': '1,2\n3,4\n', 'batch/a.csv': '5\n' };

function settled(scene: Scene, AlgorithmName: string) {
  return scene.until('DescribeAlgorithm', { AlgorithmName }, ({ AlgorithmStatus }) =>
    ['Completed', 'Failed'].includes(AlgorithmStatus),
  );
}

function jobOf(name: string, AlgorithmName: string, changes: object = {}) {
  return trainingJob(name, { AlgorithmSpecification: { AlgorithmName, TrainingInputMode: 'File' }, ...changes });
}

/** A tuning job whose second training job is launched when the first has ended. */
function gridOf(name: string, AlgorithmName: string) {
  const ParameterRanges = { CategoricalParameterRanges: [{ Name: 'note', Values: ['a', 'b'] }] };
  return tuningJob(
    name,
    { Strategy: 'Grid', ResourceLimits: { MaxParallelTrainingJobs: 1 }, ParameterRanges },
    { AlgorithmSpecification: { AlgorithmName, TrainingInputMode: 'File' } },
  );
}

describe('an algorithm', () => {
  it('trains by name or ARN, with its own metrics', async () => {
    const scene = await openScene();
    scene.put(DATA);
    const { body } = await scene.call('CreateAlgorithm', sumAlgorithm('Sum'));

    await scene.call('CreateTrainingJob', jobOf('by-arn', body.AlgorithmArn, { HyperParameters: { epochs: '2' } }));
    const job = await scene.until('DescribeTrainingJob', { TrainingJobName: 'by-arn' }, hasEnded);

    expect(body.AlgorithmArn).toBe('arn:aws:sagemaker:us-east-1:000000000000:algorithm/sum');
    expect(job).toMatchObject({
      TrainingJobStatus: 'Completed',
      AlgorithmSpecification: { AlgorithmName: body.AlgorithmArn, MetricDefinitions: [{ Name: 'train:sum' }] },
      FinalMetricDataList: [{ MetricName: 'train:sum', Value: 20 }],
    });
  });

  it('trains its jobs, and those that a tuning job launches later, also when it has been deleted', async () => {
    const folder = makeFolder();
    const waiting = await openScene({ folder, concurrency: 0 });
    waiting.put(DATA);
    const tunable = {
      SupportedHyperParameters: [{ Name: 'note', Type: 'FreeText', IsTunable: true }],
      SupportedTuningJobObjectiveMetrics: [{ Type: 'Maximize', MetricName: 'train:sum' }],
    };
    await waiting.call('CreateAlgorithm', sumAlgorithm('sum', {}, tunable));
    await waiting.call('CreateTrainingJob', jobOf('queued', 'sum'));
    await waiting.call('CreateHyperParameterTuningJob', gridOf('tune', 'sum'));
    await waiting.call('DeleteAlgorithm', { AlgorithmName: 'sum' });
    await waiting.api.close();
    const scene = await openScene({ folder });

    const job = await scene.until('DescribeTrainingJob', { TrainingJobName: 'queued' }, hasEnded);
    const tuning = await scene.until(
      'DescribeHyperParameterTuningJob',
      { HyperParameterTuningJobName: 'tune' },
      ({ HyperParameterTuningJobStatus }) => HyperParameterTuningJobStatus !== 'InProgress',
    );

    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', FinalMetricDataList: [{ MetricName: 'train:sum' }] });
    expect(job.ResolvedImage).toBeUndefined();
    expect(tuning.TrainingJobStatusCounters).toMatchObject({ Completed: 2, NonRetryableError: 0 });
  });

  it('is validated by a training job and a transform job, whose output stays', async () => {
    const scene = await openScene();
    scene.put(DATA);

    const certified = { ValidationSpecification: validation(), CertifyForMarketplace: true };
    await scene.call('CreateAlgorithm', sumAlgorithm('sum', certified));
    const early = await scene.call('CreateTrainingJob', jobOf('early', 'sum'));
    const algorithm = await settled(scene, 'sum');
    const jobs = await scene.call('ListTrainingJobs');
    const [name] = jobs.body.TrainingJobSummaries.map((job: { TrainingJobName: string }) => job.TrainingJobName);
    const transform = await scene.call('ListTransformJobs');
    const models = await scene.call('ListModels');

    expect(early.body.message).toMatch(/^Algorithm arn:.* must be in status Completed to be used; it is in status /);
    expect(algorithm).toMatchObject({
      AlgorithmStatus: 'Completed',
      AlgorithmStatusDetails: {
        ValidationStatuses: [{ Name: 'profile', Status: 'Completed' }],
        ImageScanStatuses: [{ Name: 'sum', Status: 'Completed' }],
      },
    });
    expect(jobs.body.TrainingJobSummaries).toMatchObject([{ TrainingJobStatus: 'Completed' }]);
    expect(name).toMatch(/^validation-sum-[a-z0-9]+-training$/);
    expect(transform.body.TransformJobSummaries).toMatchObject([{ TransformJobStatus: 'Completed' }]);
    expect(models.body.Models).toEqual([]);
    expect(readFileSync(scene.object('validated/a.csv.out'), 'utf8')).toBe('15\n');
  });

  it('whose validation fails is Failed with the reason of its job, and cannot be used', async () => {
    const scene = await openScene();
    scene.put(DATA);

    const failing = { behave: 'fail', failure: 'no such column' };
    const spec = { SupportedHyperParameters: [] };
    await scene.call('CreateAlgorithm', sumAlgorithm('sum', { ValidationSpecification: validation(failing) }, spec));
    const refused = await settled(scene, 'sum');
    await scene.call('DeleteAlgorithm', { AlgorithmName: 'sum' });
    const names = ['behave', 'failure'].map((Name) => ({ Name, Type: 'FreeText' }));
    const ValidationSpecification = validation(failing);
    await scene.call(
      'CreateAlgorithm',
      sumAlgorithm('sum', { ValidationSpecification }, { SupportedHyperParameters: names }),
    );
    const failed = await settled(scene, 'sum');

    const reasonOf = (algorithm: typeof failed) => algorithm.AlgorithmStatusDetails.ValidationStatuses[0].FailureReason;
    expect([refused.AlgorithmStatus, failed.AlgorithmStatus]).toEqual(['Failed', 'Failed']);
    expect(reasonOf(refused)).toMatch(/^ClientError: Hyperparameter "behave" must be one of the algorithm's/);
    expect(reasonOf(failed)).toMatch(/training is Failed: AlgorithmError: no such column/);
  });

  it('whose validation’s job is stopped is Failed, and the job’s program has ended', async () => {
    const scene = await openScene({ stopGraceMs: 1000 });
    scene.put(DATA);
    const ValidationSpecification = validation({ behave: 'wait' });
    await scene.call('CreateAlgorithm', sumAlgorithm('sum', { ValidationSpecification }));
    const isTraining = ({ TrainingJobSummaries: [job] }: { TrainingJobSummaries: { SecondaryStatus: string }[] }) =>
      job?.SecondaryStatus === 'Training';
    const { TrainingJobSummaries } = await scene.until('ListTrainingJobs', {}, isTraining);
    const [{ TrainingJobName }] = TrainingJobSummaries;

    await scene.call('StopTrainingJob', { TrainingJobName });
    const algorithm = await settled(scene, 'sum');
    const job = await scene.call('DescribeTrainingJob', { TrainingJobName });

    expect(algorithm.AlgorithmStatusDetails.ValidationStatuses[0]).toMatchObject({
      Status: 'Failed',
      FailureReason: `ClientError: The training job ${TrainingJobName} is Stopped: it was stopped`,
    });
    expect(job.body.SecondaryStatusTransitions.map(({ Status }: { Status: string }) => Status).slice(2)).toEqual([
      ...['Training', 'Stopping', 'Uploading', 'Stopped'],
    ]);
  });

  it('whose validation was broken off by the end of the server is Failed, and so is its job', async () => {
    const folder = makeFolder();
    const scene = await openScene({ folder });
    scene.put(DATA);
    const ValidationSpecification = validation({ behave: 'wait' });
    await scene.call('CreateAlgorithm', sumAlgorithm('sum', { ValidationSpecification }));
    await scene.until('ListTrainingJobs', {}, ({ TrainingJobSummaries: [job] }) => job?.SecondaryStatus === 'Training');
    const deleted = await scene.call('DeleteAlgorithm', { AlgorithmName: 'sum' });

    await scene.api.close();
    const again = await openScene({ folder });
    const algorithm = await again.call('DescribeAlgorithm', { AlgorithmName: 'sum' });
    const jobs = await again.call('ListTrainingJobs');

    expect(deleted.body.__type).toBe('ConflictException');
    expect(algorithm.body.AlgorithmStatus).toBe('Failed');
    expect(algorithm.body.AlgorithmStatusDetails.ValidationStatuses[0].FailureReason).toBe(
      'InternalServerError: The server was stopped while the job was running.',
    );
    expect(jobs.body.TrainingJobSummaries).toMatchObject([{ TrainingJobStatus: 'Failed' }]);
  });
});

describe('a validation', () => {
  it('whose server was killed when its jobs had ended leaves them as they ended', async () => {
    const folder = makeFolder();
    const scene = await openScene({ folder });
    scene.put(DATA);
    await scene.call('CreateAlgorithm', sumAlgorithm('sum', { ValidationSpecification: validation() }));
    await settled(scene, 'sum');
    await scene.api.close();
    const sql = new DatabaseSync(join(folder, 'state.db'));
    sql.exec("INSERT INTO work (kind, name, started) VALUES ('algorithm', 'sum', 1)");
    sql.close();

    const again = await openScene({ folder });
    const { body: algorithm } = await again.call('DescribeAlgorithm', { AlgorithmName: 'sum' });
    const { body: training } = await again.call('ListTrainingJobs');
    const { body: transform } = await again.call('ListTransformJobs');

    expect(algorithm.AlgorithmStatus).toBe('Failed');
    expect(training.TrainingJobSummaries).toMatchObject([{ TrainingJobStatus: 'Completed' }]);
    expect(transform.TransformJobSummaries).toMatchObject([{ TransformJobStatus: 'Completed' }]);
  });

  it('has names of its own for its jobs, which are names of jobs, also at the same time as another', () => {
    const prefixes = Array.from({ length: 1000 }, () => planPrefix('a'.repeat(63), now()));

    expect(new Set(prefixes).size).toBe(1000);
    for (const prefix of prefixes) expect(`${prefix}-transform`).toMatch(/^[a-z0-9](-*[a-z0-9]){0,62}$/);
  });
});

describe('a job of an algorithm', () => {
  const shared = sharedScene(async (scene) => {
    scene.put(DATA);
    await scene.call('CreateAlgorithm', sumAlgorithm('sum'));
  });
  const hyperparameters = (values: object) => ({ HyperParameters: values });
  const input = (changes: object) => ({ InputDataConfig: [channel('s3://data/train/', changes)] });

  it.each([
    [hyperparameters({ epochs: '4' }), 'Hyperparameter "epochs" must be in [1, 3]; received "4".'],
    [hyperparameters({ epochs: '1.5' }), 'Hyperparameter "epochs" must be an integer; received "1.5".'],
    [hyperparameters({ epochs: '' }), 'Hyperparameter "epochs" must be an integer; received "".'],
    [hyperparameters({ rate: '0.6' }), 'Hyperparameter "rate" must be in [0, 0.5]; received "0.6".'],
    [hyperparameters({ rate: 'x' }), 'Hyperparameter "rate" must be a number; received "x".'],
    [hyperparameters({ mode: 'c' }), 'Hyperparameter "mode" must be one of a, b; received "c".'],
    [
      hyperparameters({ eta: '1' }),
      'Hyperparameter "eta" must be one of the algorithm\'s: behave, epochs, rate, mode.',
    ],
    [{ InputDataConfig: undefined }, 'Channel "train" is required by the algorithm.'],
    [
      input({ ChannelName: 'test' }),
      'Channel "train" is required by the algorithm. Channel "test" must be one of the algorithm\'s: train.',
    ],
    [
      input({ ContentType: 'image/png' }),
      'Channel "train": ContentType must be one of text/csv; received "image/png".',
    ],
    [input({ CompressionType: 'Gzip' }), 'Channel "train": CompressionType must be one of None; received "Gzip".'],
    [input({ InputMode: 'FastFile' }), 'Channel "train": InputMode must be one of File, Pipe; received "FastFile".'],
    [
      { ResourceConfig: { InstanceType: 'ml.p3.2xlarge', InstanceCount: 1, VolumeSizeInGB: 1 } },
      'InstanceType must be one of the algorithm\'s: ml.m5.xlarge, ml.m5.large; received "ml.p3.2xlarge".',
    ],
  ])('that breaks its specification, %j, is refused', async (changes, message) => {
    const { body } = await shared().call('CreateTrainingJob', jobOf('job', 'sum', changes));

    expect(body).toMatchObject({ __type: 'ValidationException', message });
  });

  it.each([['"2"'], ['2']])('may have a value in quotes of JSON once more: %s', async (epochs) => {
    const values = { epochs, mode: '"a"', _tuning_objective_metric: 'train:sum' };

    const name = `job-${epochs.length}`;
    const { status } = await shared().call('CreateTrainingJob', jobOf(name, 'sum', hyperparameters(values)));

    expect(status).toBe(200);
  });
});

describe('CreateAlgorithm', () => {
  const shared = sharedScene();
  const twice = [{ Name: 'a', Type: 'FreeText' }];

  it.each([
    [
      { SupportedHyperParameters: [...twice, ...twice] },
      'Each hyperparameter must have a name of its own; "a" is used twice.',
    ],
    [
      { SupportedHyperParameters: [{ Name: 'a', Type: 'FreeText', IsRequired: true, DefaultValue: '1' }] },
      'Hyperparameter "a" must not be required: it has the default "1".',
    ],
    [
      { TrainingChannels: [{ Name: 'a', SupportedContentTypes: [], SupportedInputModes: ['FastFile'] }] },
      'Channel "a": SupportedInputModes must be File, Pipe or both; received FastFile.',
    ],
    [
      { TrainingImage: 'repo/none:1' },
      /^Cannot find repository: Image "repo\/none:1" must name an algorithm in .*: sum/,
    ],
    [
      { MetricDefinitions: [{ Name: 'loss', Regex: '((' }] },
      /^Metric "loss": "\(\(" must be a regular expression; .*Unterminated group\.$/,
    ],
    [{ TrainingImage: '..' }, /^Cannot find repository: Image "\.\." must name an algorithm/],
  ])('refuses %j', async (training, message) => {
    const { body } = await shared().call('CreateAlgorithm', sumAlgorithm('sum', {}, training));

    expect(body.__type).toBe('ValidationException');
    expect(body.message).toMatch(message);
  });
});
