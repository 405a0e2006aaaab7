import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { inference } from '../support/algorithm.js';
import { makeModel } from '../support/model.js';
import { openScene, ROLE, type Scene } from '../support/scene.js';
import { tuningJob } from '../support/tuning-job.js';
import { useChromium } from './chromium.js';

const openPage = useChromium();

async function openWithContainer(): Promise<Scene & { readonly container: object }> {
  const scene = await openScene();
  await makeModel(scene);
  const { body } = await scene.call('DescribeModel', { ModelName: 'model' });
  const { Image, ModelDataUrl } = body.PrimaryContainer;
  return { ...scene, container: { Image, ModelDataUrl } };
}

it('a model package group has its versions as they come, and each leads to its page', async () => {
  const { api, call, container } = await openWithContainer();
  await call('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
  const page = await openPage(`${api.url}/#/package-groups/models`);
  await page.getByText('No versions yet.').waitFor();

  const InferenceSpecification = inference(container);
  for (const ModelApprovalStatus of ['Approved', 'PendingManualApproval']) {
    await call('CreateModelPackage', { ModelPackageGroupName: 'models', ModelApprovalStatus, InferenceSpecification });
  }
  const versions = page.getByRole('region', { name: 'Versions' }).getByRole('row');
  await versions.filter({ hasText: 'Pending manual approval' }).filter({ hasText: 'Completed' }).waitFor();
  const numbers = await versions.getByRole('link').allTextContents();
  await versions.getByRole('link', { name: '1', exact: true }).click();
  await page.getByRole('heading', { name: 'models/1' }).waitFor();
  await page.getByRole('link', { name: 'models', exact: true }).waitFor();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'model.tar.gz' }).click(),
  ]);
  await page.getByRole('link', { name: 'models', exact: true }).click();

  expect(numbers).toEqual(['2', '1']);
  expect(saved.suggestedFilename()).toBe('model.tar.gz');
  await page.getByRole('heading', { name: 'models', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Package groups' }).last().click();
  await page.getByRole('row', { name: /models Completed 2/ }).waitFor();
});

it('a model has each of its containers, and an endpoint configuration its variants, weights and async settings', async () => {
  const { api, call, container } = await openWithContainer();
  const Containers = [
    { ...container, ContainerHostname: 'first' },
    { ...container, ContainerHostname: 'second', Environment: { LEVEL: 'high' } },
  ];
  await call('CreateModel', { ModelName: 'pipeline', Containers, ExecutionRoleArn: ROLE });
  const variant = { InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };
  await call('CreateEndpointConfig', {
    EndpointConfigName: 'config',
    ProductionVariants: [
      { ...variant, VariantName: 'stable', ModelName: 'model', InitialVariantWeight: 3 },
      { ...variant, VariantName: 'candidate', ModelName: 'pipeline', InitialVariantWeight: 1 },
    ],
    AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://data/async', S3FailurePath: 's3://data/failed' } },
  });
  const page = await openPage(`${api.url}/#/endpoint-configs/config`);
  const variants = page.getByRole('region', { name: 'Variants' }).getByRole('row');

  await variants.filter({ hasText: 'candidate' }).waitFor();
  const shares = await variants.allTextContents();
  const settings = await page.getByRole('region', { name: 'Async inference' }).textContent();
  await variants.getByRole('link', { name: 'pipeline' }).click();
  await page.getByRole('heading', { name: 'pipeline' }).waitFor();
  const second = page.getByRole('region', { name: 'Container 2 of 2: second' });
  await second.getByRole('link', { name: 'model.tar.gz' }).waitFor();

  expect(shares).toEqual([
    expect.stringContaining('Weight'),
    expect.stringMatching(/^stable375 %1 × ml\.m5\.xlargemodel$/),
    expect.stringMatching(/^candidate125 %1 × ml\.m5\.xlargepipeline$/),
  ]);
  expect(settings).toContain('s3://data/failed');
  expect(await second.textContent()).toContain('LEVELhigh');
});

it('an asynchronous endpoint is tried, and its answer is the object that it becomes', async () => {
  const { api, call, object, until } = await openWithContainer();
  await call('CreateEndpointConfig', {
    EndpointConfigName: 'config',
    ProductionVariants: [
      { VariantName: 'all', ModelName: 'model', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 },
    ],
    AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://data/async', S3FailurePath: 's3://data/failed' } },
  });
  await call('CreateEndpoint', { EndpointName: 'endpoint', EndpointConfigName: 'config' });
  await until('DescribeEndpoint', { EndpointName: 'endpoint' }, (body) => body.EndpointStatus === 'InService');
  const page = await openPage(`${api.url}/#/endpoints/endpoint`);

  await page.getByLabel('Request', { exact: true }).fill('1,2\n');
  await page.getByRole('button', { name: 'Send' }).click();
  const answer = page.getByRole('group', { name: 'Answer' });
  await answer.waitFor();
  const [, key = ''] = /s3:\/\/data\/(\S+)/.exec((await page.locator('.answer').textContent()) ?? '') ?? [];

  expect(await answer.textContent()).toBe(readFileSync(object(key.replace(/\.out.*$/, '.out')), 'utf8'));
  expect(key).toMatch(/^async\//);
});

it('a tuning job has a chart of its objective with each job as a point, its best job, and its jobs, best first', async () => {
  const { api, call, put, until } = await openScene();
  put({ 'train/a.csv': '1,2\n' });
  const name = { HyperParameterTuningJobName: 'tuning' };
  const ResourceLimits = { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 3 };
  await call('CreateHyperParameterTuningJob', tuningJob('tuning', { ResourceLimits }));
  const page = await openPage(`${api.url}/#/tuning-jobs/tuning`);

  const chart = page.getByRole('img', { name: /best so far: 3 values.*each job: 3 values from 3 to 3/ });
  await chart.waitFor();
  const { BestTrainingJob } = await until('DescribeHyperParameterTuningJob', name, (body) => body.BestTrainingJob);
  const best = page.getByRole('region', { name: 'Best training job' });
  await best.getByRole('link', { name: BestTrainingJob.TrainingJobName }).waitFor();
  const rows = await page.getByRole('table').getByRole('row').count();
  const pointPixels = () =>
    page.evaluate(`(() => {
    const canvas = document.querySelector('.chart canvas');
    const wanted = getComputedStyle(document.querySelector('.key.points')).borderTopColor.match(/\\d+/g).map(Number);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (wanted.every((value, part) => data[i + part] === value)) count++;
    return count;
  })()`);

  expect(rows).toBe(1 + 3);
  await expect.poll(pointPixels).toBeGreaterThan(0); // drawn after it is described
});

async function leftsOf(places: Locator): Promise<readonly (number | undefined)[]> {
  return Promise.all((await places.all()).map(async (place) => (await place.boundingBox())?.x));
}

it('a list on a narrow page has each column below its own head', async () => {
  const { api, call } = await openWithContainer();
  await call('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
  const found: Record<string, readonly (string | null)[]> = {};

  for (const width of [900, 420]) {
    for (const path of ['training-jobs', 'package-groups']) {
      const page = await openPage(`${api.url}/#/${path}`, { viewport: { width, height: 800 } });
      await page.locator('.grid-body [role=row]').first().waitFor();
      const head = page.locator('.grid-head > :visible'); // not that of the check boxes, which only a screen reader has
      const cells = page.locator('.grid-body [role=row]').first().locator('> *:visible');
      const heads = await leftsOf(head);
      expect((await leftsOf(cells)).slice(-heads.length)).toEqual(heads);
      found[`${path} ${width}`] = (await head.allTextContents()).map((text) => text.replace(/[↑↓]/, ''));
    }
  }

  expect(found).toEqual({
    'training-jobs 900': ['Name', 'Status', 'Created'],
    'package-groups 900': ['Name', 'Status', 'Created'],
    'training-jobs 420': ['Name', 'Status'],
    'package-groups 420': ['Name', 'Status'],
  });
});
