/** A workspace whose commands speak to an API on this machine, in the place of AWS. */
import { join } from 'node:path';
import { processPrograms, startApi } from '@algo/api';
import { onTestFinished, vi } from 'vitest';
import { makeWorkspace, write } from './command.js';

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

/**
 * With a product that can be listed; roles are those that are made.
 * @param changeSetStepMs how long a change set is PREPARING, and then APPLYING
 */
export async function sellerWorkspace(
  changeSetStepMs = 300,
): Promise<{ readonly workspace: string; readonly url: string }> {
  const workspace = write(makeWorkspace(), {
    'algorithms/sum/listing/product.yaml': PRODUCT,
    'algorithms/sum/listing/description.md': '# Sums\n\nAdds numbers.\n',
    'algorithms/sum/listing/usage.md': '# Usage\n\nSend rows of numbers.\n',
    'algorithms/sum/listing/logo.png': 'a picture',
  });
  const programs = processPrograms(join(workspace, 'algorithms'));
  const api = await startApi({
    dataFolder: join(workspace, 'api'),
    programs,
    changeSetStepMs,
    onlyMadeRoles: true,
  });
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
