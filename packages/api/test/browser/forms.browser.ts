import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { makeModel } from '../support/model.js';
import { IMAGE, openScene, ROLE } from '../support/scene.js';
import { useChromium } from './chromium.js';

const STATUS = 'HyperParameterTuningJobStatus';
const openPage = useChromium();

async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
}

async function choose(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    await page.getByRole('combobox', { name: label, exact: true }).selectOption(value);
  }
}

async function start(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
}

it('a transform job is made by a form, and another of it with changes', async () => {
  const scene = await openScene();
  await makeModel(scene);
  scene.put({ 'batch/a.csv': '1\n2\n' });
  const page = await openPage(`${scene.api.url}/#/transform-jobs/+new`);

  await fill(page, { Name: 'batch', Model: 'model', 'S3 URI': 's3://data/batch/', 'S3 output path': 's3://data/out' });
  await start(page);
  await page.getByRole('link', { name: 'a.csv.out' }).waitFor();
  await page.getByRole('link', { name: 'Run again with changes' }).click();
  await page.getByRole('heading', { name: 'Run batch again' }).waitFor();
  await choose(page, { 'Assemble with': 'None', 'Batch strategy': 'SingleRecord', 'S3 data type': 'ManifestFile' });
  await choose(page, { 'S3 data type': 'S3Prefix' }); // back to what it was, which AWS must have
  await fill(page, { 'Maximum payload in MB': '1', 'Output filter': '$' });
  await start(page);
  await page.getByRole('heading', { name: 'batch-2' }).waitFor();

  const { body: first } = await scene.call('DescribeTransformJob', { TransformJobName: 'batch' });
  const { body: second } = await scene.call('DescribeTransformJob', { TransformJobName: 'batch-2' });
  expect(first.TransformInput).toMatchObject({ ContentType: 'text/csv', SplitType: 'Line' });
  expect(second).toMatchObject({
    ...{ ModelName: 'model', BatchStrategy: 'SingleRecord', MaxPayloadInMB: 1 },
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch/' } },
      ContentType: 'text/csv',
      SplitType: 'Line',
    },
    DataProcessing: { OutputFilter: '$' },
  });
  expect(second.TransformOutput.AssembleWith).not.toBe('Line');
});

it('a tuning job is made by a form, and another of it with changes', async () => {
  const { api, call, put, until } = await openScene();
  put({ 'train/a.csv': '1,2\n' });
  const name = 'HyperParameterTuningJobName';
  const page = await openPage(`${api.url}/#/tuning-jobs/+new`);

  await fill(page, { Name: 'tuning', 'Image or algorithm name': IMAGE });
  await fill(page, { 'S3 URI of channel train': 's3://data/train/', Output: 's3://data/out', Role: ROLE });
  await fill(page, { 'Range 1: name': 'a', 'Minimum of a': '1', 'Maximum of a': '9' });
  await choose(page, { 'Type of a': 'Integer', Strategy: 'Random', Direction: 'Maximize' });
  await fill(page, { 'Objective metric': 'train:sum', 'Maximum jobs': '2', 'Jobs in parallel': '2' });
  await page.getByText('Metrics: none').click();
  await page.getByRole('button', { name: 'Metric', exact: true }).click();
  await fill(page, { 'Metric 1: name': 'train:sum', 'Value of train:sum': 'train:sum=([-+0-9.e]+)' });
  await page.getByRole('button', { name: 'Edit as JSON' }).click();
  const json = page.getByLabel('Request, as JSON');
  await json.fill(
    (await json.inputValue()).replace('"StaticHyperParameters": {}', '"StaticHyperParameters": {"k":"1"}'),
  );
  await page.getByRole('button', { name: 'Edit as fields' }).click();
  await start(page);
  await page.getByRole('heading', { name: 'tuning', exact: true }).waitFor();
  await until('DescribeHyperParameterTuningJob', { [name]: 'tuning' }, (body) => body[STATUS] === 'Completed');
  await page.getByRole('link', { name: 'Run again with changes' }).click();
  await page.getByRole('heading', { name: 'Run tuning again' }).waitFor();
  await page.getByRole('button', { name: 'Range', exact: true }).click();
  await fill(page, { 'Range 2: name': 'c' });
  await choose(page, { 'Type of c': 'Categorical' });
  await fill(page, { 'Values of c': 'x, y' });
  await start(page);
  await page.getByRole('heading', { name: 'tuning-2' }).waitFor();

  const { body: first } = await call('DescribeHyperParameterTuningJob', { [name]: 'tuning' });
  const { body: second } = await call('DescribeHyperParameterTuningJob', { [name]: 'tuning-2' });
  const config = {
    ...{ Strategy: 'Random', ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2 } },
    HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'train:sum' },
  };
  const range = { Name: 'a', MinValue: '1', MaxValue: '9' };
  expect(first.HyperParameterTuningJobConfig).toMatchObject({
    ...config,
    ParameterRanges: { IntegerParameterRanges: [range] },
  });
  expect(second.HyperParameterTuningJobConfig).toMatchObject({
    ...config,
    ParameterRanges: {
      IntegerParameterRanges: [range],
      CategoricalParameterRanges: [{ Name: 'c', Values: ['x', 'y'] }],
    },
  });
  expect(second).toMatchObject({ TrainingJobDefinition: { StaticHyperParameters: { k: '1' } } });
  expect(first).toMatchObject({ [STATUS]: 'Completed', TrainingJobStatusCounters: { Completed: 2 } });
});
