/** A product with an image that trains and one that serves, published to the API on this machine and removed again. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openContext, type PublishRequest } from '../../src/publish/context.js';
import { publish } from '../../src/publish/publish.js';
import { unpublish } from '../../src/publish/unpublish.js';
import { imageOf, openAccount } from '../support/account.js';
import { APPLY } from '../support/disturbed.js';
import { replaceIn } from '../support/product.js';
import { snapshotOf } from '../support/snapshot.js';

const REGISTRY = '000000000000.dkr.ecr.us-east-1.amazonaws.com';

/** With a program for each image, by the name of its repository: one that cannot train, and one that cannot serve. */
async function openTwo(): Promise<() => PublishRequest> {
  const account = await openAccount();
  const [serves, trains] = ['sum', 'trainer'].map((name) => join(account.folder, 'algorithms', name)) as [
    string,
    string,
  ];
  cpSync(serves, trains, { recursive: true });
  const commands = 'describe, train, serve';
  for (const [folder, left] of [
    [serves, 'describe, serve'],
    [trains, 'describe, train'],
  ] as const) {
    const file = join(folder, 'main.js');
    writeFileSync(file, replaceIn(readFileSync(file, 'utf8'), commands, left));
  }
  const trainingImage = imageOf(account.folder, 'trainer');
  return () => account.request({ seller: { trainingRepository: 'trainer' }, trainingImage });
}

it('pushes each image to its own repository, tries and makes an algorithm of both, and removes both', async () => {
  const request = await openTwo();
  const before = await snapshotOf(request());

  const made = await publish(request(), APPLY);
  const { clients } = await openContext(request());
  const algorithm = await clients.sagemaker.describeAlgorithm({ AlgorithmName: 'sum-1-2-3' });
  const repeated = await publish(request(), APPLY);
  await unpublish(request(), { isDryRun: false, onReport: () => undefined });

  expect(made.map(({ step, text }) => `${step}: ${text}`)).toEqual(
    expect.arrayContaining([
      'repository: made repository sum',
      `image: pushed ${REGISTRY}/sum:1.2.3`,
      'training repository: made repository trainer',
      `training image: pushed ${REGISTRY}/trainer:1.2.3`,
      'training image scan: there is no scanner here; "algo image check" reads the packages',
      expect.stringMatching(/^trial: passed/),
      'validation: sum-1-2-3 is Completed',
    ]),
  );
  expect(algorithm.TrainingSpecification?.TrainingImage).toBe(`${REGISTRY}/trainer:1.2.3`);
  expect(algorithm.InferenceSpecification?.Containers?.[0]?.Image).toBe(`${REGISTRY}/sum:1.2.3`);
  expect(repeated.filter(({ state }) => state !== 'done before').map(({ step }) => step)).toEqual([
    'image scan',
    'training image scan', // there is no scanner on this machine
  ]);
  expect(await snapshotOf(request())).toEqual(before);
});

it("leaves somebody else's repository, with the image in it", async () => {
  const request = await openTwo();
  const { clients } = await openContext(request());
  await clients.ecr.createRepository({ repositoryName: 'trainer' });
  await publish(request(), { ...APPLY, only: 'training image' });
  const before = await snapshotOf(request());

  const left = await unpublish(request(), { isDryRun: false, onReport: () => undefined });

  expect(left).toEqual([
    expect.objectContaining({ what: `image ${REGISTRY}/trainer:1.2.3`, state: 'stays' }),
    expect.objectContaining({ what: 'repository trainer', state: 'stays', why: "it is somebody else's" }),
  ]);
  expect(await snapshotOf(request())).toEqual(before);
});
