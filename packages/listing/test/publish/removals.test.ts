/** What `unpublish` leaves: things of others, and all that a resource needs that stays. */
import { expect, it } from 'vitest';
import type { Around } from '../../src/publish/clients.js';
import { openContext, type PublishRequest } from '../../src/publish/context.js';
import { metadataOf, tagsOf } from '../../src/publish/mark.js';
import { publish } from '../../src/publish/publish.js';
import { trialNames } from '../../src/publish/trial/names.js';
import { markTrial } from '../../src/publish/trial/objects.js';
import { type RemovalReport, unpublish } from '../../src/publish/unpublish.js';
import { openAccount } from '../support/account.js';
import { APPLY } from '../support/disturbed.js';
import { makeResource } from '../support/listed.js';
import { snapshotOf } from '../support/snapshot.js';

const STORAGE = 'sum/1.2.3';

async function removed(request: PublishRequest, isDryRun: boolean): Promise<readonly RemovalReport[]> {
  return unpublish(request, { isDryRun, onReport: () => undefined });
}

/** What the service answers of an algorithm, changed. */
function described(change: (output: Record<string, unknown>) => void): Around {
  return async (call, next) => {
    const answer = (await next()) as { readonly output: Record<string, unknown> };
    if (call === 'SageMakerClient DescribeAlgorithm') change(answer.output);
    return answer;
  };
}

it('an object without marks stays wherever it is, and a dry run says so; outputs of a marked trial go', async () => {
  const account = await openAccount();
  const request = account.request();
  const context = await openContext(request);
  const { s3 } = context.clients;
  const Bucket = context.source.seller.bucket;
  const names = trialNames(context, Date.UTC(2026, 0, 1));
  const trial = names.storage.slice(`s3://${Bucket}/`.length);
  await s3.createBucket({ Bucket });
  await markTrial(context, names);
  const foreign = [
    `${STORAGE}/trial/notes.txt`,
    `${STORAGE}/trial/other/transform-0/a.csv.out`,
    `${STORAGE}/validation/my-results/output/model.tar.gz`,
    `${STORAGE}/validation/my-results/q1.out`,
    `${STORAGE}/validation/transform/a.csv.out`,
    `${trial}/results.csv`,
  ];
  const own = [`${trial}/training/${names.name}/output/model.tar.gz`, `${trial}/transform-0/a.csv.out`];
  for (const Key of [...foreign, ...own]) await s3.putObject({ Bucket, Key, Body: 'numbers' });

  const planned = await removed(request, true);
  const reports = await removed(request, false);

  const name = (key: string) => `object s3://${Bucket}/${key}`;
  const of = (state: string) => reports.filter((one) => one.state === state).map(({ what }) => what);
  expect(planned.map(({ what, why }) => [what, why])).toEqual(reports.map(({ what, why }) => [what, why]));
  expect(of('removed').sort()).toEqual([...own, `${trial}/made-by-algo-publish.txt`].map(name).sort());
  expect(of('stays').sort()).toEqual([`bucket ${Bucket}`, ...foreign.map(name)].sort());
  expect(account.objects()).toEqual(foreign.sort());
});

it('what a resource needs whose validation is InProgress stays with it', async () => {
  const account = await openAccount();
  const request = account.request();
  await makeResource(request);
  const { clients, source, mark } = await openContext(request);
  const Bucket = source.seller.bucket;
  const Key = `${STORAGE}/sample-data/train/numbers.csv`;
  await clients.s3.putObject({ Bucket, Key, Body: '1\n', Metadata: metadataOf(mark, 'any') });
  await clients.ecr.createRepository({ repositoryName: 'sum', tags: tagsOf(mark) });
  await clients.iam.createRole({ RoleName: 'sum-validation', AssumeRolePolicyDocument: '{}', Tags: tagsOf(mark) });
  const before = await snapshotOf(request);
  const around = described((output) => {
    output.AlgorithmStatus = 'InProgress';
  });

  const reports = await removed(account.request({ around }), false);

  const needed = 'algorithm sum-1-2-3 needs it';
  expect(reports.filter(({ state }) => state === 'removed')).toEqual([]);
  expect(reports).toContainEqual(expect.objectContaining({ what: `object s3://${Bucket}/${Key}`, why: needed }));
  expect(reports).toContainEqual(expect.objectContaining({ what: 'repository sum', why: needed }));
  expect(await snapshotOf(request)).toEqual(before);
});

it('an image that ECR does not delete is named with its reason', async () => {
  const account = await openAccount();
  await publish(account.request(), { ...APPLY, only: 'repository' });
  await publish(account.request(), { ...APPLY, only: 'image' });
  const failure = { failureCode: 'ImageReferencedByManifestList', failureReason: 'A list has it.' };
  const around: Around = async (call, next) => {
    const answer = (await next()) as { readonly output: Record<string, unknown> };
    if (call === 'ECRClient BatchDeleteImage') answer.output.failures = [failure];
    return answer;
  };

  const refused = removed(account.request({ around }), false);

  await expect(refused).rejects.toThrow(/image .*sum:1\.2\.3: ImageReferencedByManifestList: A list has it\.$/);
});
