import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { transformDefinition } from '../support/algorithm.js';
import { makeModel } from '../support/model.js';
import { hasEnded, openScene, ROLE, trainingJob } from '../support/scene.js';
import { tuningJob } from '../support/tuning-job.js';
import { useChromium } from './chromium.js';

const openPage = useChromium();

/** The algorithm `sum` describes itself with a hyperparameter that it requires, and one that can be tuned. */
async function describeMore(page: Page): Promise<void> {
  const l2 = { Name: 'l2', Type: 'Continuous', IsTunable: true, Description: 'A penalty. Tuning: 0.1 to 5.' };
  await page.route('**/_console/algorithm?*', async (route) => {
    const response = await route.fetch();
    const { TrainingSpecification, ...description } = await response.json();
    const SupportedHyperParameters = [
      { Name: 'num_round', Type: 'Integer', IsRequired: true, Description: 'Rounds.' },
      { ...l2, Range: { ContinuousParameterRangeSpecification: { MinValue: '0', MaxValue: '1000000000000' } } },
      { ...l2, Name: 'eta', Range: { ContinuousParameterRangeSpecification: { MinValue: '0', MaxValue: '1' } } },
    ];
    const eta = { MinValue: '0.01', MaxValue: '0.5', ScalingType: 'Logarithmic' };
    const Capabilities = { TuningRanges: { eta } };
    const json = {
      ...description,
      Capabilities,
      TrainingSpecification: { ...TrainingSpecification, SupportedHyperParameters },
    };
    await route.fulfill({ response, json });
  });
}

async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
}

/** What the browser says next to the field that it leads to, and whether the form asked nonetheless. */
async function refusalOf(page: Page): Promise<readonly [message: string, dialogs: number]> {
  await page.getByRole('button', { name: 'Start' }).click();
  const message = await page.evaluate<string>('document.activeElement.validationMessage');
  return [message, await page.getByRole('dialog').count()];
}

it('a training job is asked for with each required value and a good name only, and without the empty ones', async () => {
  const { api, call, put } = await openScene();
  put({ 'train/a.csv': '1,2\n' });
  const page = await openPage(`${api.url}/#/training-jobs/+new`);
  await describeMore(page);

  await page.getByRole('button', { name: 'sum', exact: true }).click();
  await page.getByLabel('Value of num_round').waitFor();
  await fill(page, { Name: 'my job', Output: 's3://data/out', Role: ROLE });
  const name = await refusalOf(page);
  await fill(page, { Name: 'my-job' });
  const value = await refusalOf(page);
  await page.getByRole('button', { name: 'Remove num_round' }).click();
  const removed = await refusalOf(page);
  await page.getByRole('button', { name: 'Hyperparameter', exact: true }).click();
  await fill(page, { 'Hyperparameter 1: name': 'num_round', 'Value of num_round': '5' });
  const channel = await refusalOf(page);
  await fill(page, { 'S3 URI of channel train': 's3://data/train/' });
  await page.getByRole('button', { name: 'Hyperparameter', exact: true }).click();
  await fill(page, { 'Hyperparameter 2: name': 'l2' });
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { name: 'my-job' }).waitFor();

  expect(name).toEqual([expect.stringContaining('must be letters, digits and hyphens'), 0]);
  expect(value).toEqual([expect.stringMatching(/fill out this field/i), 0]);
  expect(removed).toEqual(['The algorithm requires the hyperparameter "num_round": add it below.', 0]);
  expect(channel).toEqual([expect.stringMatching(/fill out this field/i), 0]);
  const { body } = await call('DescribeTrainingJob', { TrainingJobName: 'my-job' });
  expect(body.HyperParameters).toEqual({ num_round: '5' });
});

it('a job has all of its hyperparameters on its page, empty ones too', async () => {
  const { api, call, put, until } = await openScene();
  put({ 'train/a.csv': '1,2\n' });
  await call('CreateTrainingJob', trainingJob('job', { HyperParameters: { num_round: '' } }));
  await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);
  await call('CreateTrainingJob', trainingJob('other', { HyperParameters: { num_round: '1' } }));
  const page = await openPage(`${api.url}/#/training-jobs/job`);

  const card = page.getByRole('region', { name: 'Hyperparameters' });
  await card.waitFor();

  expect(await card.textContent()).toBe('Hyperparametersnum_round""');
  await page.goto(`${api.url}/#/compare?job=job&job=other`);
  const compared = page.getByRole('row', { name: /num_round/ }).getByRole('cell');
  await expect.poll(() => compared.allTextContents()).toEqual(['""', '1']); // the jobs are described one by one
});

it('a range to search has the bounds that the algorithm advises, or none until the reader has chosen them, next to what is valid', async () => {
  const { api } = await openScene();
  const page = await openPage(`${api.url}/#/tuning-jobs/+new`);
  await describeMore(page);

  await fill(page, { Name: 'tuning', 'Range 1: name': 'l2' });
  await page.getByRole('button', { name: 'sum', exact: true }).click();
  const hint = page.getByText('A penalty. Tuning: 0.1 to 5. Valid: 0 to 1000000000000.');
  await hint.waitFor();
  const bounds = [page.getByLabel('Minimum of l2'), page.getByLabel('Maximum of l2')];
  const values = await Promise.all(bounds.map((bound) => bound.inputValue()));
  await fill(page, { 'Value of num_round': '5', 'S3 URI of channel train': 's3://data/train/' });
  await fill(page, { Output: 's3://data/out', Role: ROLE });
  await page.getByRole('button', { name: 'Range', exact: true }).click();
  await fill(page, { 'Range 2: name': 'eta' });
  const advised = await Promise.all(
    ['Minimum of eta', 'Maximum of eta', 'Scale of eta'].map((label) => page.getByLabel(label).inputValue()),
  );
  const refusal = await refusalOf(page);
  const refused = await page.evaluate('document.activeElement.getAttribute("aria-label")');
  await page.getByRole('button', { name: 'Remove num_round' }).click();
  await fill(page, { 'Minimum of l2': '0.1', 'Maximum of l2': '5', 'Objective metric': 'train:sum' });
  const missing = await refusalOf(page);
  await page.getByRole('button', { name: 'Range', exact: true }).click();
  await fill(page, { 'Range 3: name': 'num_round', 'Minimum of num_round': '1', 'Maximum of num_round': '9' });
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('dialog').waitFor(); // a required one that is searched has its values there

  expect(missing).toEqual(['The algorithm requires the hyperparameter "num_round": add it below.', 0]);
  expect(values).toEqual(['', '']);
  expect(advised).toEqual(['0.01', '0.5', 'Logarithmic']);
  expect(refusal).toEqual([expect.stringMatching(/fill out this field/i), 0]);
  expect(refused).toBe('Minimum of l2');
});

it('a tuning job whose training jobs failed says of what most of them did', async () => {
  const { api, call, put } = await openScene();
  put({ 'train/a.csv': '1,2\n' });
  const StaticHyperParameters = { behave: 'fail', failure: 'l2 is only for ridge' };
  await call('CreateHyperParameterTuningJob', tuningJob('tuning', {}, { StaticHyperParameters }));
  const page = await openPage(`${api.url}/#/tuning-jobs/tuning`);

  const card = page.getByRole('region', { name: 'Most frequent failure' });
  await card.filter({ hasText: '2 of 2' }).waitFor();

  expect(await card.textContent()).toContain('l2 is only for ridge');
  await card.getByRole('link').click();
  await page.getByText('l2 is only for ridge').first().waitFor();
});

it('a transform job has its filters, its join and how it sent its requests on its page', async () => {
  const scene = await openScene();
  const { api, call, put, until } = scene;
  await makeModel(scene);
  put({ 'batch/a.csv': '1,2\n' });
  await call('CreateTransformJob', {
    ...{ TransformJobName: 'batch', ModelName: 'model' },
    ...transformDefinition,
    DataProcessing: { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' },
  });
  const name = { TransformJobName: 'batch' };
  await until('DescribeTransformJob', name, ({ TransformJobStatus }) => TransformJobStatus !== 'InProgress');
  const page = await openPage(`${api.url}/#/transform-jobs/batch`);

  const settings = page.getByRole('region', { name: 'Settings' });
  await settings.filter({ hasText: /Concurrent requests\d/ }).waitFor();
  const text = await settings.textContent();
  await page.goto(`${api.url}/#/transform-jobs/+new`);
  const hints = await Promise.all(
    ['Maximum payload in MB', 'Concurrent requests'].map((label) =>
      page.getByLabel(label, { exact: true }).getAttribute('placeholder'),
    ),
  );

  for (const part of ['SplitLine', 'Assemble withLine', 'Input filter$[1:]', 'JoinInput', 'Output filter$[0,-1]']) {
    expect(text).toContain(part);
  }
  expect(text).toMatch(/Batch strategyMultiRecordPayload in MB\d+Concurrent requests\d+/);
  expect(hints).toEqual(['as the container asks, or else 6', 'as the container asks, or else 1']);
});
