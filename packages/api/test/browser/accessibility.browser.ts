import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { inference, transformDefinition } from '../support/algorithm.js';
import { makeModel } from '../support/model.js';
import { hasEnded, openScene, ROLE, type Scene, trainingJob } from '../support/scene.js';
import { tuningJob } from '../support/tuning-job.js';
import { useChromium } from './chromium.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const openPage = useChromium();

/** What is there on each page: the page is ready when its text is. */
const ROUTES: readonly (readonly [route: string, text: string])[] = [
  ['training-jobs', 'job-2'],
  ['training-jobs/job', 'model.tar.gz'],
  ['training-jobs/bad', 'AlgorithmError'],
  ['training-jobs/none', 'There is no training job with this name.'],
  ['training-jobs/+new', 'Input channels'],
  ['training-jobs/+new?from=job', 'Input channels'],
  ['endpoints/+new?from=job', 'Endpoint config name'],
  ['endpoints/+new?from=bad', 'Only a training job that has completed'],
  ['compare?job=job&job=job-2', 'Configuration'],
  ['transform-jobs', 'batch'],
  ['transform-jobs/batch', 'a.csv.out'],
  ['transform-jobs/+new?from=batch', 'Split type'],
  ['hyper-parameters', 'Page not found'],
  ['tuning-jobs', 'tuning'],
  ['tuning-jobs/tuning', 'Best training job'],
  ['tuning-jobs/+new?from=tuning', 'Ranges to search'],
  ['algorithms/algorithm', 'Tunable range'],
  ['model-packages', 'models/1'],
  ['model-packages/models%2F1', 'Version 1'],
  ['package-groups', 'models'],
  ['package-groups/models', 'Pending manual approval'],
  ['package-groups/+new', 'Page not found'],
  ['models/model', 'Model data'],
  ['models/pipeline', 'Container 2 of 2'],
  ['endpoints/endpoint', '75 %'],
  ['endpoint-configs/config', 'Async inference'],
];

/** A model of two containers, and a group of model packages with a version. */
async function makePackages({ call }: Scene): Promise<void> {
  const { body } = await call('DescribeModel', { ModelName: 'model' });
  const { Image, ModelDataUrl } = body.PrimaryContainer;
  const container = { Image, ModelDataUrl };
  await call('CreateModel', { ModelName: 'pipeline', Containers: [container, container], ExecutionRoleArn: ROLE });
  await call('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
  await call('CreateModelPackage', {
    ...{ ModelPackageGroupName: 'models', ModelApprovalStatus: 'PendingManualApproval' },
    InferenceSpecification: inference(container),
  });
}

/** Two variants, and async settings. */
async function makeEndpointConfig({ call }: Scene): Promise<void> {
  const variant = { ModelName: 'model', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };
  await call('CreateEndpointConfig', {
    EndpointConfigName: 'config',
    ProductionVariants: [
      { ...variant, VariantName: 'stable', InitialVariantWeight: 3 },
      { ...variant, VariantName: 'candidate', InitialVariantWeight: 1 },
    ],
    AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://data/async' } },
  });
}

async function makeResources(scene: Scene): Promise<void> {
  const { call, until, put } = scene;
  await makeModel(scene);
  await call('CreateTrainingJob', trainingJob('job-2', { HyperParameters: { a: '1' } }));
  await call('CreateTrainingJob', trainingJob('bad', { HyperParameters: { behave: 'fail' } }));
  await makePackages(scene);
  await makeEndpointConfig(scene);
  await call('CreateEndpoint', { EndpointName: 'endpoint', EndpointConfigName: 'config' });
  put({ 'batch/a.csv': '1\n' });
  await call('CreateTransformJob', { TransformJobName: 'batch', ModelName: 'model', ...transformDefinition });
  await call('CreateAlgorithm', {
    AlgorithmName: 'algorithm',
    TrainingSpecification: {
      TrainingImage: trainingJob('').AlgorithmSpecification.TrainingImage,
      SupportedHyperParameters: [
        {
          ...{ Name: 'method', Type: 'Categorical', DefaultValue: 'a' },
          Range: { CategoricalParameterRangeSpecification: { Values: ['a', 'b'] } },
        },
      ],
      SupportedTrainingInstanceTypes: ['ml.m5.xlarge'],
      TrainingChannels: [{ Name: 'train', SupportedContentTypes: ['text/csv'], SupportedInputModes: ['File'] }],
    },
  });
  await call('CreateHyperParameterTuningJob', tuningJob('tuning'));
  const tuning = { HyperParameterTuningJobName: 'tuning' };
  await until('DescribeHyperParameterTuningJob', tuning, (body) => body.HyperParameterTuningJobStatus === 'Completed');
  for (const name of ['job-2', 'bad']) await until('DescribeTrainingJob', { TrainingJobName: name }, hasEnded);
  await until(
    'DescribeTransformJob',
    { TransformJobName: 'batch' },
    (body) => body.TransformJobStatus !== 'InProgress',
  );
  await until('DescribeEndpoint', { EndpointName: 'endpoint' }, (body) => body.EndpointStatus === 'InService');
}

/** Axe's violations, as rule and place. The page's policy lets no script in, so axe runs outside of it. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as AxeResults; // all rules
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}

describe.each(['light', 'dark'] as const)('in the theme %s', (colorScheme) => {
  it('axe finds nothing on any page', async () => {
    const scene = await openScene();
    await makeResources(scene);
    const page = await openPage(scene.api.url, { colorScheme, bypassCSP: true });
    await page.addInitScript({ path: AXE });
    const found: Record<string, readonly string[]> = {};

    for (const [route, text] of ROUTES) {
      await page.goto(`${scene.api.url}/#/${route}`);
      await page.reload();
      await page.getByRole('main').getByText(text).first().waitFor();
      const violations = await violationsOf(page);
      if (violations.length > 0) found[route] = violations;
    }
    await page.goto(`${scene.api.url}/#/training-jobs/job`);
    await page.getByRole('heading', { level: 1, name: 'job' }).waitFor();
    await page.setViewportSize({ width: 600, height: 800 });
    const narrow = await violationsOf(page);
    if (narrow.length > 0) found.narrow = narrow;
    await page.getByRole('button', { name: 'Delete' }).waitFor();
    for (const key of ['?', 'd']) {
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      const violations = await violationsOf(page);
      if (violations.length > 0) found[key] = violations;
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }

    expect(found).toEqual({});
  });
});
