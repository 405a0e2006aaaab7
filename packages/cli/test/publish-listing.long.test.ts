/** `algo publish --listing` as its users run it, with the API on this machine in the place of AWS, and ended by SIGKILL. */
import { join } from 'node:path';
import { processPrograms, startApi } from '@algo/api';
import { expect, it, onTestFinished, vi } from 'vitest';
import { algo, makeWorkspace, start, write } from './support/command.js';

const PRODUCT = `title: Sums
highlights: [Adds]
categories: [Structured]
keywords: [sum]
logo: logo.png
links:
  notebook: https://example.org/sums/notebook.ipynb
  repository: https://example.org/sums
  resources: [{ text: Paper, url: "https://example.org/paper" }]
support: None.
refunds: Write to us.
eula: standard
input: { description: Numbers }
output: { description: A number }
pricing: { model: hourly }
instances: { training: { ml.m5.large: 0.1 }, realTime: { ml.m5.large: 0.1 }, batch: { ml.m5.large: 0.1 } }
recommended: { training: ml.m5.large, realTime: ml.m5.large, batch: ml.m5.large }
testAccounts: ['111111111111']
`;

/** A workspace whose commands speak to an API on this machine; its change sets take their time. */
async function sellerWorkspace(): Promise<{ readonly workspace: string; readonly url: string }> {
  const workspace = write(makeWorkspace(), {
    'algorithms/sum/listing/product.yaml': PRODUCT,
    'algorithms/sum/listing/description.md': '# Sums\n\nAdds numbers.\n',
    'algorithms/sum/listing/usage.md': '# Usage\n\nSend rows of numbers.\n',
    'algorithms/sum/listing/logo.png': 'a picture',
  });
  const programs = processPrograms(join(workspace, 'algorithms'));
  const api = await startApi({ dataFolder: join(workspace, 'api'), programs, changeSetStepMs: 300 });
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await api.close();
  });
  vi.stubEnv('AWS_ENDPOINT_URL', api.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  return { workspace, url: api.url };
}

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
  const { workspace, url } = await sellerWorkspace();
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
