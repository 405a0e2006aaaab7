import { expect, it } from 'vitest';
import { type Programs, processPrograms } from '../../src/index.js';
import { inference, sumAlgorithm } from '../support/algorithm.js';
import { ALGORITHMS, hasEnded, IMAGE, openScene, ROLE, trainingJob } from '../support/scene.js';

const MODEL_URL = 's3://data/out/open/output/model.tar.gz';

/** A scene that notes for each program that is opened whether it is to be isolated. */
async function openNotingScene() {
  const isolated: boolean[] = [];
  const programs = processPrograms(ALGORITHMS);
  const open: Programs['open'] = (image, options) => {
    isolated.push(options.isIsolated);
    return programs.open(image, options);
  };
  const scene = await openScene({ programs: { ...programs, open } });
  scene.put({ 'train/a.csv': '1\n', 'batch/a.csv': '1\n' });
  return { ...scene, isolated };
}

it('a training job is isolated where it says so, or names an algorithm', async () => {
  const { call, until, isolated } = await openNotingScene();
  await call('CreateAlgorithm', sumAlgorithm('sum'));
  const AlgorithmSpecification = { AlgorithmName: 'sum', TrainingInputMode: 'File' };
  const jobs = {
    open: {},
    isolated: { EnableNetworkIsolation: true },
    algorithm: { AlgorithmSpecification, EnableNetworkIsolation: false },
  };

  for (const [name, changes] of Object.entries(jobs)) {
    await call('CreateTrainingJob', trainingJob(name, changes));
    const job = await until('DescribeTrainingJob', { TrainingJobName: name }, hasEnded);
    expect([name, job.TrainingJobStatus]).toEqual([name, 'Completed']);
  }

  expect(isolated).toEqual([false, true, true]);
});

it('a model is isolated where it says so, or is of a model package', async () => {
  const { call, until, isolated } = await openNotingScene();
  await call('CreateTrainingJob', trainingJob('open'));
  await until('DescribeTrainingJob', { TrainingJobName: 'open' }, hasEnded);
  await call('CreateModelPackage', {
    ModelPackageName: 'package',
    InferenceSpecification: inference({ ModelDataUrl: MODEL_URL }),
  });
  const container = { Image: IMAGE, ModelDataUrl: MODEL_URL };
  const models = {
    open: { PrimaryContainer: container },
    isolated: { PrimaryContainer: container, EnableNetworkIsolation: true },
    package: { PrimaryContainer: { ModelPackageName: 'package' }, EnableNetworkIsolation: false },
  };
  isolated.length = 0;

  for (const [name, changes] of Object.entries(models)) {
    await call('CreateModel', { ModelName: name, ExecutionRoleArn: ROLE, ...changes });
    await call('CreateTransformJob', {
      ...{ TransformJobName: name, ModelName: name },
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch/' } },
        ContentType: 'text/csv',
      },
      TransformOutput: { S3OutputPath: `s3://data/predictions/${name}` },
      TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
    });
    const job = await until('DescribeTransformJob', { TransformJobName: name }, ({ TransformJobStatus: status }) =>
      hasEnded({ TrainingJobStatus: status }),
    );
    expect([name, job.TransformJobStatus]).toEqual([name, 'Completed']);
  }

  expect(isolated).toEqual([false, true, true]);
});
