/** What the jobs of a publishing end in: a failed validation, other outputs, a trial that fails or is stopped. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROFILE_FILE } from '@algo/local';
import type { CreateAlgorithmInput } from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';
import type { PublishRequest } from '../../src/publish/context.js';
import { openContext } from '../../src/publish/context.js';
import { publish } from '../../src/publish/publish.js';
import { resourceRequest } from '../../src/publish/resources.js';
import { tryOnSageMaker } from '../../src/publish/try-alone.js';
import { unpublish } from '../../src/publish/unpublish.js';
import { openAccount } from '../support/account.js';
import { APPLY } from '../support/disturbed.js';
import { expired, killed } from '../support/faults.js';
import { snapshotOf } from '../support/snapshot.js';

const NO_STEP = () => undefined;

/** Changes a file of the sample data. */
function write({ sampleData }: PublishRequest, file: string, text: string): void {
  writeFileSync(join(sampleData, file), text);
}

it('names the cause of a failed validation, keeps the resource, and makes the next under the next number', async () => {
  const account = await openAccount();
  const request = account.request({ hasNoTrial: true });
  const profile = readFileSync(join(request.sampleData, PROFILE_FILE), 'utf8');
  write(
    request,
    PROFILE_FILE,
    profile.replace('"trainingJob":{', '"trainingJob":{"hyperparameters":{"behave":"exit"},'),
  );

  const failed = publish(request, APPLY);
  await expect(failed).rejects.toThrow(/^validation: sum-1-2-3 is Failed\n.*validation sample-data: /);
  await expect(failed).rejects.toThrow('sagemaker/home?region=us-east-1#/algorithms/sum-1-2-3');
  write(request, PROFILE_FILE, profile);
  await publish(request, APPLY);

  expect((await snapshotOf(request)).algorithms).toMatchObject({
    'sum-1-2-3': { AlgorithmStatus: 'Failed' },
    'sum-1-2-3-2': { AlgorithmStatus: 'Completed' },
  });
});

it('leaves a resource, a repository and objects of others as they are', async () => {
  const account = await openAccount();
  const request = account.request();
  const { clients, source } = await openContext(request);
  const Bucket = source.seller.bucket;
  await clients.s3.createBucket({ Bucket });
  for (const path of [
    'sample-data/README.md',
    'validation/mine/q1.out',
    'validation/transform/q1.out',
    'trial/notes.txt',
  ]) {
    await clients.s3.putObject({ Bucket, Key: `sum/1.2.3/${path}`, Body: 'not ours' });
  }
  await clients.ecr.createRepository({ repositoryName: 'sum' });
  const { AlgorithmName: _, ...document } = await algorithmOf(request);
  await clients.sagemaker.createAlgorithm({ ...document, AlgorithmName: 'sum-1-2-3' });
  const before = await snapshotOf(request);

  await publish(request, APPLY);
  const made = (await snapshotOf(request)).algorithms;
  await unpublish(request, { isDryRun: false, onReport: NO_STEP });

  expect(Object.keys(made).sort()).toEqual(['sum-1-2-3', 'sum-1-2-3-2']);
  const after = await snapshotOf(request);
  expect(after.algorithms).toEqual(before.algorithms);
  expect(after.buckets).toEqual(before.buckets);
  expect(Object.keys(after.repositories)).toEqual(['sum']);
  expect(after.roles).toEqual({});
});

it('refuses to overwrite an object of somebody else that differs', async () => {
  const account = await openAccount();
  const request = account.request({ hasNoTrial: true });
  const { clients, source } = await openContext(request);
  const Bucket = source.seller.bucket;
  await clients.s3.createBucket({ Bucket });
  await clients.s3.putObject({ Bucket, Key: 'sum/1.2.3/sample-data/train/numbers.csv', Body: 'not ours' });

  await expect(publish(request, APPLY)).rejects.toThrow(/numbers.csv is somebody else's and differs/);
});

it('trains on the files that there are now: a renamed one is removed, and the next algorithm is made of the others', async () => {
  const account = await openAccount();
  const request = account.request({ hasNoTrial: true });
  await publish(request, APPLY);
  renameSync(join(request.sampleData, 'train/numbers.csv'), join(request.sampleData, 'train/new.csv'));
  write(request, 'train/new.csv', '1,2\n'); // a model of 3
  write(request, 'batch-output/a.csv.out', '4\n5\n');

  const planned = await publish(request, { ...APPLY, isDryRun: true });
  const made = await publish(request, APPLY);
  const repeated = await publish(request, { ...APPLY, isDryRun: true });

  const textOf = (reports: typeof made, name: string) => reports.find(({ step }) => step === name)?.text;
  expect(textOf(planned, 'sample data')).toBe(
    '1 of 2 objects missing; removes sum/1.2.3/sample-data/train/numbers.csv, which the sample data has no more',
  );
  expect(textOf(planned, 'algorithm')).toMatch(/^there is sum-1-2-3 \(of another request, .*makes sum-1-2-3-2$/);
  expect(textOf(made, 'sample data')).toBe('uploaded 1 object, removed 1 object');
  expect(textOf(made, 'outputs')).toBe('1 stored output equal, 2 numbers within 1e-9');
  expect(account.objects().filter((key) => key.includes('/train/'))).toEqual(['sum/1.2.3/sample-data/train/new.csv']);
  expect(repeated.filter(({ state }) => state === 'to do').map(({ step }) => step)).toEqual(['image scan']);
});

it('refuses an object of somebody else that the training would read, and keeps one next to it', async () => {
  const account = await openAccount();
  const request = account.request({ hasNoTrial: true });
  const { clients, source } = await openContext(request);
  const Bucket = source.seller.bucket;
  await clients.s3.createBucket({ Bucket });
  await clients.s3.putObject({ Bucket, Key: 'sum/1.2.3/sample-data/trained.csv', Body: 'not ours' });
  await clients.s3.putObject({ Bucket, Key: 'sum/1.2.3/sample-data/train/other.csv', Body: 'not ours' });

  await expect(publish(request, APPLY)).rejects.toThrow(
    /train\/other.csv is somebody else's, and the validation would read it/,
  );

  expect(account.objects()).toEqual(
    expect.arrayContaining(['sum/1.2.3/sample-data/train/other.csv', 'sum/1.2.3/sample-data/trained.csv']),
  );
});

it('keeps the sample data while a validation reads it', async () => {
  const account = await openAccount();
  const stopper = new AbortController();
  const request = account.request({ hasNoTrial: true });
  const profile = readFileSync(join(request.sampleData, PROFILE_FILE), 'utf8');
  write(
    request,
    PROFILE_FILE,
    profile.replace('"trainingJob":{', '"trainingJob":{"hyperparameters":{"behave":"wait"},'),
  );
  const stopped = publish(
    { ...request, stop: stopper.signal, onLine: (line) => line.includes('InProgress') && stopper.abort() },
    APPLY,
  );
  await expect(stopped).rejects.toThrow('stopped');
  write(request, 'train/numbers.csv', '5\n');

  await expect(publish(request, APPLY)).rejects.toThrow(
    /^sample data: algorithm sum-1-2-3 is InProgress, and its validation reads these objects/,
  );
});

it('compares the outputs of AWS’s validation with the stored samples', async () => {
  const account = await openAccount();
  const request = account.request({ hasNoTrial: true });
  write(request, 'batch-output/a.csv.out', '11\n13\n');

  const refused = publish(request, APPLY);

  await expect(refused).rejects.toThrow('batch-output/a.csv.out line 2, column 1: expected 13; received 12');
});

it('a trial alone measures, leaves nothing in the account, and is not repeated when the product is published', async () => {
  const account = await openAccount();
  const request = account.request();
  const profile = JSON.parse(readFileSync(join(request.sampleData, PROFILE_FILE), 'utf8'));
  write(request, PROFILE_FILE, JSON.stringify({ ...profile, metricBounds: { 'train:sum': { atMost: 12 } } }));
  const before = await snapshotOf(request);

  const trial = await tryOnSageMaker(request, NO_STEP);

  expect(trial).toMatchObject({ result: 'passed', elsewhere: 'on this machine' });
  expect(trial.steps[0]?.text).toBe('Completed, train:sum 10 ≤ 12');
  expect(trial.measured.realTime).toMatchObject({ instanceType: 'ml.m5.large', requests: 3, concurrency: 8 });
  expect(await snapshotOf(request)).toEqual(before);
  const made = await publish(request, APPLY);
  expect(made.find(({ step }) => step === 'trial')?.state).toBe('done before');
});

it('says what to do about credentials that expire while what a trial alone made is removed', async () => {
  const account = await openAccount();
  const { around } = expired({ times: 1, isFor: (call) => call === 'IAMClient DeleteRole' });

  const trial = tryOnSageMaker(account.request({ around: around() }), NO_STEP);

  await expect(trial).rejects.toThrow(/^removal: ExpiredTokenException.*\nThe credentials have expired/);
});

it.each([
  [
    'real-time-output/one.csv',
    '22',
    'invocations: real-time-output/one.csv line 1, column 1: expected 22; received 21',
  ],
  [
    'batch-output/a.csv.out',
    '1\n2\n',
    'batch transform: batch-output/a.csv.out line 1, column 1: expected 1; received 11',
  ],
])('a trial whose %s differs fails, and leaves nothing in the account', async (file, text, cause) => {
  const account = await openAccount();
  const request = account.request();
  const before = await snapshotOf(request);
  write(request, file, text);

  const trial = await tryOnSageMaker(request, NO_STEP);

  expect(trial).toMatchObject({ result: 'failed', cause });
  expect(await snapshotOf(request)).toEqual(before);
});

it.each(['training job', 'model', 'batch transform', 'endpoint'])(
  'a trial that is stopped after the step %s leaves nothing in the account',
  async (last) => {
    const account = await openAccount();
    const stopper = new AbortController();
    const request = account.request({ stop: stopper.signal });
    const before = await snapshotOf(account.request());

    const trial = await tryOnSageMaker(request, ({ step }) => step === last && stopper.abort());

    expect(trial).toMatchObject({ result: 'failed', cause: expect.stringMatching(/: stopped$/) });
    expect(await snapshotOf(account.request())).toEqual(before);
  },
);

it.each(['CreateTrainingJob', 'CreateEndpoint'])(
  'what a trial alone leaves that is killed at %s, unpublish removes',
  async (last) => {
    const account = await openAccount();
    const before = await snapshotOf(account.request());
    const fault = killed('after', { times: 1, isFor: (call) => call === `SageMakerClient ${last}` });

    await expect(tryOnSageMaker(account.request({ around: fault.around() }), NO_STEP)).rejects.toThrow('killed');
    const left = await snapshotOf(account.request());
    const planned = await unpublish(account.request(), { isDryRun: true, onReport: NO_STEP });
    const removed = await unpublish(account.request(), { isDryRun: false, onReport: NO_STEP });

    expect(left).not.toEqual(before);
    expect(removed.filter(({ state }) => state !== 'removed')).toEqual([]);
    const names = removed.map(({ what }) => what); // a job that runs may write more meanwhile
    expect(names).toEqual(expect.arrayContaining(planned.map(({ what }) => what)));
    expect(planned).toContainEqual({
      what: expect.stringMatching(/^training job sum-1-2-3-trial-\w+$/),
      state: 'to remove',
    });
    expect(await snapshotOf(account.request())).toEqual(before);
  },
);

async function algorithmOf(request: PublishRequest) {
  const { ValidationSpecification: _, ...document } = resourceRequest(await openContext(request), 'any');
  return document as unknown as CreateAlgorithmInput;
}
