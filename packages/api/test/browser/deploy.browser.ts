import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { invoke } from '../support/endpoint.js';
import { makeModel } from '../support/model.js';
import { IMAGE, openScene } from '../support/scene.js';
import { useChromium } from './chromium.js';

const openPage = useChromium();

async function create(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
}

it('a training job that has completed is deployed by a form that has its names filled in', async () => {
  const scene = await openScene();
  const { api, call, until } = scene;
  await makeModel(scene);
  await call('DeleteModel', { ModelName: 'model' });
  const page = await openPage(`${api.url}/#/training-jobs/job`);

  await page.getByRole('link', { name: 'Deploy' }).click();
  await page.getByRole('heading', { name: 'Deploy job' }).waitFor();
  await page.getByLabel('Endpoint name').fill('my endpoint');
  await page.getByRole('button', { name: 'Create' }).click();
  const problem = await page.evaluate('document.activeElement.validationMessage');
  const asked = await page.getByRole('dialog').count();
  await page.getByLabel('Endpoint name').fill('serving');
  await create(page);
  await page.getByRole('heading', { name: 'serving' }).waitFor();
  await until('DescribeEndpoint', { EndpointName: 'serving' }, (body) => body.EndpointStatus === 'InService');

  expect(problem).toMatch(/^The name of an endpoint must be letters, digits and hyphens.*received "my endpoint"\.$/);
  expect(asked).toBe(0);
  const { body } = await call('DescribeModel', { ModelName: 'job' });
  expect(body.PrimaryContainer.Image).toBe(IMAGE);
  expect((await invoke(api.url, 'serving', '1,1\n')).status).toBe(200);
});

it('a deployment that fails leaves nothing, and says why', async () => {
  const scene = await openScene();
  const { api, call } = scene;
  await makeModel(scene);
  const variant = { VariantName: 'all', ModelName: 'model', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };
  await call('CreateEndpointConfig', { EndpointConfigName: 'taken', ProductionVariants: [variant] });
  const page = await openPage(`${api.url}/#/endpoints/+new?from=job`, { expectsStatus: 400 });

  await page.getByLabel('Endpoint config name').fill('taken');
  await create(page);
  const message = await page.getByRole('alert').textContent();
  await page.getByRole('combobox', { name: 'Create' }).selectOption('Model only');
  const before = await call('DescribeModel', { ModelName: 'job' });
  await create(page);
  await page.getByRole('heading', { name: 'job', exact: true }).waitFor();

  expect(message).toMatch(/^The endpoint configuration "taken": .*already/);
  expect(before.status).toBe(400);
  expect((await call('DescribeModel', { ModelName: 'job' })).status).toBe(200);
});
