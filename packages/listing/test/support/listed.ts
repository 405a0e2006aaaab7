/** A product that can be listed: with public addresses, test accounts, the texts that the catalog asks for, and its resource. */
import type { CreateAlgorithmInput } from '@aws-sdk/client-sagemaker';
import { openContext, type PublishRequest } from '../../src/publish/context.js';
import { tagsOf } from '../../src/publish/mark.js';
import { REQUEST_TAG, requestDigest, resourceRequest } from '../../src/publish/resources.js';
import { productText, replaceIn } from './product.js';

/** Files of its folder `listing`. */
export function listedFiles(): Readonly<Record<string, string>> {
  return {
    'product.yaml': PRODUCT,
    'description.md': '# Sums\n\nAdds numbers.\n',
    'usage.md': '# Usage\n\nSend rows of numbers.\n',
    'logo.png': 'a picture, which no step looks at',
  };
}

export const PRODUCT = replaceIn(
  replaceIn(productText('linear-regression'), /^title: .*$/m, 'title: Sums'),
  /^links: .*$/m,
  `testAccounts: ['111111111111', '222222222222']
links:
  notebook: https://example.org/sums/notebook.ipynb
  repository: https://example.org/sums`,
);

/** What `algo publish` makes, without its jobs: without a validation the API has no job to run. */
export async function makeResource(
  request: PublishRequest,
  { isFirst = true, name: own }: { readonly isFirst?: boolean; readonly name?: string } = {},
): Promise<void> {
  const context = await openContext(request);
  const name = own ?? context.source.seller.resource;
  const { ValidationSpecification: _, ...document } = resourceRequest(context, name);
  if (isFirst) await context.clients.s3.createBucket({ Bucket: context.source.seller.bucket });
  await context.clients.sagemaker.createAlgorithm({
    ...(document as unknown as CreateAlgorithmInput),
    Tags: tagsOf(context.mark, { [REQUEST_TAG]: await requestDigest(context) }),
  });
}
