import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { processPrograms } from '../../src/index.js';
import { makeModel } from '../support/model.js';
import { hasEnded, makeFolder, openScene, trainingJob } from '../support/scene.js';
import { makeWorkspace } from '../support/workspace.js';
import { useChromium } from './chromium.js';
import { openRelay } from './relay.js';

const openPage = useChromium();

it('a list and a job follow what other clients do, and their output', async () => {
  const { api, put, call, until } = await openScene();
  put({ 'train/a.csv': '1,2\n' });
  // A slow page asks for the job's details once more when they have gone.
  const page = await openPage(api.url, { expectsStatus: 400 });
  await page.getByText('No training jobs yet.').waitFor();

  await call('CreateTrainingJob', trainingJob('job', { HyperParameters: { behave: 'wait' } }));
  await page.getByRole('row', { name: /job Training/ }).waitFor();
  await page.getByRole('link', { name: 'job', exact: true }).click();
  await page.getByText('waiting').first().waitFor();
  await call('StopTrainingJob', { TrainingJobName: 'job' });
  await page.getByText('got SIGTERM').waitFor();
  await page.getByRole('link', { name: 'model.tar.gz' }).waitFor();
  await call('DeleteTrainingJob', { TrainingJobName: 'job' });
  await page.getByText('There is no training job with this name.').waitFor();
  await call('CreateTrainingJob', trainingJob('job-2'));
  await until('DescribeTrainingJob', { TrainingJobName: 'job-2' }, hasEnded);
  await page.getByRole('link', { name: 'Training jobs', exact: true }).last().click();

  await page.getByRole('row', { name: /job-2 Completed/ }).waitFor();
  expect(await page.locator('.grid-body [role=row]').count()).toBe(1);
});

it('says when the server is gone, and is up to date when it is back', async () => {
  const folder = makeFolder();
  const first = await openScene({ folder });
  first.put({ 'train/a.csv': '1,2\n' });
  const relay = await openRelay(first.api.url);
  const page = await openPage(relay.url, { expectsRefusal: true, expectsStatus: 503 });
  await page.getByText('Live').waitFor();

  relay.lead(undefined);
  await first.api.close();
  await page.getByText('No connection: is algo up running?').waitFor();
  const second = await openScene({ folder });
  relay.lead(second.api.url);
  await second.call('CreateTrainingJob', trainingJob('job'));

  await page.getByText('Live').waitFor();
  await page.getByRole('row', { name: /job Completed/ }).waitFor();
});

it('a page that comes back from the background has what was printed meanwhile', async () => {
  const { api, put, call, until } = await openScene();
  put({ 'train/a.csv': '1,2\n' });
  await call('CreateTrainingJob', trainingJob('job', { HyperParameters: { behave: 'wait' } }));
  const page = await openPage(`${api.url}/#/training-jobs/job`, { bypassCSP: true });
  const show = (visibility: string) =>
    page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${visibility}', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));`);
  await page.locator('.log-line', { hasText: 'waiting' }).waitFor();

  await show('hidden');
  await call('StopTrainingJob', { TrainingJobName: 'job' });
  await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);
  await show('visible');

  await page.locator('.log-line', { hasText: 'got SIGTERM' }).waitFor();
});

it('artifacts and logs are saved as they are', async () => {
  const { api, put, call, until, object } = await openScene();
  put({ 'train/a.csv': '1,2\n' });
  await call('CreateTrainingJob', trainingJob('job'));
  await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);
  const page = await openPage(`${api.url}/#/training-jobs/job`);

  const [model] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'model.tar.gz' }).click(),
  ]);
  const [log] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Save' }).click()]);

  expect(model.suggestedFilename()).toBe('model.tar.gz');
  expect(readFileSync(await model.path())).toEqual(readFileSync(object('out/job/output/model.tar.gz')));
  expect(readFileSync(await log.path(), 'utf8')).toContain('train:sum=3');
});

it('an endpoint is tried with a sample request and answers, and is deleted after a question', async () => {
  const scene = await openScene({ programs: processPrograms(makeWorkspace()) });
  const { api, call, until } = scene;
  await makeModel(scene);
  const variant = { VariantName: 'all', ModelName: 'model', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };
  await call('CreateEndpointConfig', { EndpointConfigName: 'config', ProductionVariants: [variant] });
  await call('CreateEndpoint', { EndpointName: 'endpoint', EndpointConfigName: 'config' });
  // A slow page asks for the endpoint's details once more when they have gone.
  const page = await openPage(`${api.url}/#/endpoints/endpoint`, { expectsStatus: 400 });
  const send = page.getByRole('button', { name: 'Send' });

  const request = page.getByLabel('Request', { exact: true });
  await page.getByRole('button', { name: 'one.csv' }).click();
  await expect.poll(() => request.inputValue()).toBe('1,2\n'); // the sample is fetched
  await send.click();
  const answer = page.getByRole('group', { name: 'Answer' });
  await answer.waitFor();
  const text = await answer.textContent();
  await page.getByRole('button', { name: 'Delete' }).click();
  const isStillThere = (await call('DescribeEndpoint', { EndpointName: 'endpoint' })).body.EndpointStatus;
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await until('ListEndpoints', {}, ({ Endpoints }) => Endpoints.length === 0);

  expect(text).toBe('13');
  expect(isStillThere).toBe('InService');
  await page.getByText('There is no endpoint with this name.').waitFor();
});
