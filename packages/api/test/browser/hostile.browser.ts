import { expect, it } from 'vitest';
import { TRAINING_LOG_GROUP } from '../../src/sagemaker/training-jobs/host-logs.js';
import { openStore } from '../../src/store/store.js';
import { makeFolder, openScene, trainingJob } from '../support/scene.js';
import { useChromium } from './chromium.js';

const EVIL = `<img src=x onerror="document.title='owned'">`;
const NAME = `../${EVIL}#?%00\u202E`;
const openPage = useChromium();

/** Jobs with hostile texts: one has such a name, which no request could give it; one has them everywhere else. */
function makeHostileJobs(): string {
  const folder = makeFolder();
  const store = openStore(folder);
  const times = {
    CreationTime: 1,
    LastModifiedTime: 1,
    TrainingJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/job',
  };
  const body = {
    ...trainingJob('job', {
      HyperParameters: { [EVIL]: EVIL, ['__proto__']: EVIL },
      Environment: { a: `javascript:document.title='owned'` },
      OutputDataConfig: { S3OutputPath: `s3://${EVIL}` },
    }),
    ...{ TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed', FailureReason: EVIL, ...times },
    ModelArtifacts: { S3ModelArtifacts: `s3://${EVIL}/x` },
    SecondaryStatusTransitions: [{ Status: 'Failed', StartTime: 1, StatusMessage: EVIL }],
  };
  const record = { kind: 'training-job', status: 'Failed', created: 1, modified: 1 };
  store.records.insert({ ...record, name: 'job', arn: 'a', body });
  store.records.insert({ ...record, name: NAME, arn: 'b', status: EVIL, body: { ...body, TrainingJobName: NAME } });
  const log = store.logs.open(TRAINING_LOG_GROUP, 'job/algo-1', { namespace: TRAINING_LOG_GROUP, resource: 'job' });
  log.write(`\u001B[31m${EVIL}\u001B[0m \u001B]8;;https://evil.example\u0007link\u001B]8;;\u0007`);
  log.metric(EVIL, 1);
  for (const value of [1, 2, 3]) log.metric(`train:${EVIL}`, value);
  log.close();
  store.close();
  return folder;
}

/** Other resources, with hostile texts where requests can have them. */
function makeHostileResources(): string {
  const folder = makeHostileJobs();
  const store = openStore(folder);
  const time = { CreationTime: 1 };
  const image = trainingJob('').AlgorithmSpecification.TrainingImage;
  const arn = (kind: string) => `arn:aws:sagemaker:us-east-1:000000000000:${kind}/evil`;
  const insert = (kind: string, body: object) =>
    store.records.insert({ kind, name: 'evil', arn: arn(kind), status: 'Completed', created: 1, modified: 1, body });
  insert('model', {
    ...{ ModelName: 'evil', ModelArn: arn('model'), ...time },
    Containers: [{ Image: image, Environment: { [EVIL]: EVIL }, ModelDataUrl: `s3://data/${EVIL}` }, { Image: image }],
  });
  insert('model-package-group', {
    ...{ ModelPackageGroupName: 'evil', ModelPackageGroupArn: arn('model-package-group'), ...time, CreatedBy: {} },
    ...{ ModelPackageGroupDescription: EVIL, ModelPackageGroupStatus: 'Completed', LastVersion: 0 },
  });
  insert('endpoint-config', {
    ...{ EndpointConfigName: 'evil', EndpointConfigArn: arn('endpoint-config'), ...time },
    ProductionVariants: [{ VariantName: 'all', ModelName: 'evil', InstanceType: 'ml.m5.large' }],
    AsyncInferenceConfig: { OutputConfig: { S3OutputPath: `s3://data/${EVIL}` } },
  });
  insert('algorithm', {
    ...{ AlgorithmName: 'evil', AlgorithmArn: arn('algorithm'), AlgorithmStatus: 'Completed', ...time },
    ...{ AlgorithmStatusDetails: {}, AlgorithmDescription: EVIL },
    TrainingSpecification: {
      ...{ TrainingImage: image, SupportedTrainingInstanceTypes: ['ml.m5.large'] },
      SupportedHyperParameters: [{ Name: 'a', Type: 'FreeText', Description: EVIL, DefaultValue: EVIL }],
      TrainingChannels: [{ Name: 'train', SupportedContentTypes: [EVIL], SupportedInputModes: ['File'] }],
      MetricDefinitions: [{ Name: EVIL, Regex: EVIL }],
    },
  });
  store.close();
  return folder;
}

it.each([
  ['models', 'Model data'],
  ['package-groups', 'No versions yet.'],
  ['endpoint-configs', 'Async inference'],
  ['algorithms', 'Tunable range'],
])('of %s, texts that are markup are shown as text', async (path, text) => {
  const { api } = await openScene({ folder: makeHostileResources() });
  const page = await openPage(`${api.url}/#/${path}/evil`);

  await page.getByText(text).first().waitFor();
  await page.locator('main dd, main td, main th', { hasText: EVIL }).first().waitFor();

  expect(await page.locator('img[src=x], [onerror]').count()).toBe(0);
  expect(await page.title()).toBe('evil · SageMaker on this machine');
});

it('values and log lines that are markup are shown as text and do nothing', async () => {
  const { api } = await openScene({ folder: makeHostileJobs() });
  const page = await openPage(`${api.url}/#/training-jobs/job`);

  await page.locator('.log-line', { hasText: `${EVIL} link` }).waitFor();
  await page.getByRole('img', { name: /onerror.* 3 values from 1 to 3/ }).waitFor();
  const shown = await Promise.all(
    ['.failure', '.log-line .ansi-red', '.tiles dt', '.timeline p'].map((place) => page.locator(place).textContent()),
  );
  await page.keyboard.press('r');
  const value = await page.getByLabel(`Value of ${EVIL}`).inputValue();
  await page.goto(`${api.url}/#/compare?job=job&job=${encodeURIComponent(EVIL)}`);
  await page.getByRole('heading', { name: 'Compare 2 training jobs' }).waitFor();

  expect(shown).toEqual([EVIL, EVIL, EVIL, EVIL]);
  expect(value).toBe(EVIL);
  expect(await page.locator('img[src=x], [onerror]').count()).toBe(0);
  expect(await page.title()).toBe('Compare · SageMaker on this machine');
});

it('a name that is markup is shown as text, and its address leads to its job alone', async () => {
  const { api } = await openScene({ folder: makeHostileJobs() });
  const page = await openPage(api.url, { expectsStatus: 400 });

  await page.getByRole('checkbox', { name: `Select ${NAME} to compare` }).check();
  await page.getByRole('link', { name: NAME }).click();
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
  await page.getByText('failed to satisfy constraint').waitFor();

  expect(await page.locator('img[src=x], [onerror]').count()).toBe(0);
  expect(await page.title()).toBe(`${NAME} · SageMaker on this machine`);
});
