/** `algo publish --listing` as its users run it, with the API on this machine in the place of AWS, and ended by SIGKILL. */
import { expect, it } from 'vitest';
import { algo, start } from './support/command.js';
import { sellerWorkspace } from './support/seller.js';

/** Twice as long is a change set under way: a run on a busy machine sees it, too. */
const UNDER_WAY_MS = 2000;

/** What the catalog lists, as its clients ask for it. */
async function listed(url: string, operation: string, request: object): Promise<unknown> {
  const credential = 'Credential=local/20260102/us-east-1/aws-marketplace/aws4_request';
  const response = await fetch(`${url}/${operation}`, {
    method: 'POST',
    headers: { Authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0` },
    body: JSON.stringify({ Catalog: 'AWSMarketplace', ...request }),
  });
  return response.json();
}

it('follows the change set of a run that was killed, and makes one product', async () => {
  const { workspace, url } = await sellerWorkspace(UNDER_WAY_MS);
  const made = await algo(workspace, 'publish', 'sum', '--apply', '--no-push', '--no-trial');
  expect({ ...made, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: '' });
  const limited = ['publish', 'sum', '--listing', 'limited', '--apply'];

  const killed = start(workspace, limited);
  await killed.printed(/algo limited sum-1-2-3: change set \w+ is (?:PREPARING|APPLYING)/);
  killed.child.kill('SIGKILL');
  await killed.finished;
  const { code, stdout } = await algo(workspace, ...limited);
  const again = await algo(workspace, 'publish', 'sum', '--listing', 'limited');

  expect(code).toBe(0);
  expect(stdout).toMatch(/limited: done(?: before)?, prod-\w+ is Limited/);
  expect(again.stdout).toMatch(/limited: done before, prod-\w+ is Limited, with this version/);
  expect(await listed(url, 'ListEntities', { EntityType: 'MachineLearningProduct' })).toMatchObject({
    EntitySummaryList: [{ Name: 'Sums', Visibility: 'Limited' }],
  });
  const FilterList = [{ Name: 'ChangeSetName', ValueList: ['algo limited sum-1-2-3'] }];
  expect(await listed(url, 'ListChangeSets', { FilterList })).toMatchObject({
    ChangeSetSummaryList: [{ Status: 'SUCCEEDED' }],
  });
});

it('says in a dry run of the test that no notebook was run', async () => {
  const { workspace } = await sellerWorkspace();
  const arn = 'arn:aws:sagemaker:us-east-1:865070037744:algorithm/sum-1-2-3';

  const { code, stdout } = await algo(workspace, 'publish', 'sum', '--listing', 'test', '--arn', arn);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^Account 000000000000, Region us-east-1, endpoint 127\.0\.0\.1:\d+\ntest: to do/);
  expect(stdout).toContain('No notebook was run: nothing is tested. --apply runs the notebooks.');
});
