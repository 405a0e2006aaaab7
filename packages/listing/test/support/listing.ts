/** The steps of a listing, run for a seller's account of this machine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MarketplaceCatalog } from '@aws-sdk/client-marketplace-catalog';
import { openContext, type PublishRequest } from '../../src/publish/context.js';
import { CATALOG } from '../../src/publish/listing/entities.js';
import { limitedStep } from '../../src/publish/listing/limited-step.js';
import { openListing } from '../../src/publish/listing/listing.js';
import type { ListingOptions } from '../../src/publish/listing/steps.js';
import { publish } from '../../src/publish/publish.js';
import type { StepReport } from '../../src/publish/run-steps.js';
import { type Account, openAccount } from './account.js';
import { listedFiles, makeResource } from './listed.js';

const NO_TEST = { arn: undefined, notebooks: [], run: async () => undefined };

/** A seller's account with a Completed algorithm. */
export async function sellerAccount(): Promise<Account> {
  const account = await openAccount(listedFiles());
  await makeResource(account.request());
  return account;
}

export function catalogOf({ url }: Account): MarketplaceCatalog {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new MarketplaceCatalog({ region: 'us-east-1', endpoint: url, credentials });
}

export async function listing(
  request: PublishRequest,
  step: ListingOptions['step'],
  options: Partial<ListingOptions> & { readonly isDryRun?: boolean } = {},
): Promise<readonly StepReport[]> {
  const { isDryRun = false, ...more } = options;
  return publish(request, { isDryRun, onStep: () => undefined, listing: { ...NO_TEST, step, ...more } });
}

/** `prod is Limited; changes: UpdateInformation` */
export async function found(request: PublishRequest): Promise<string> {
  const { text } = await limitedStep(openListing(await openContext(request))).isDone();
  return text.replace(/prod-\w+/, 'prod');
}

export async function productsOf(account: Account) {
  const { EntitySummaryList = [] } = await catalogOf(account).listEntities({
    ...{ Catalog: CATALOG, EntityType: 'MachineLearningProduct' },
  });
  return EntitySummaryList;
}

export const ALL_CHANGES =
  'CreateProduct, UpdateInformation, AddDeliveryOptions, UpdateTargeting, ReleaseProduct, CreateOffer, UpdatePricingTerms, UpdateLegalTerms, UpdateSupportTerms, ReleaseOffer';

export function writeProduct({ folder }: Account, text: string): void {
  writeFileSync(join(folder, 'algorithms', 'sum', 'listing', 'product.yaml'), text);
}
