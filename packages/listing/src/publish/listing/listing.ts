/** What the steps of a listing share: the catalog's client, the resource that is listed, and where the product is now. */

import type { RequestedChange } from '@algo/api/requests';
import { ArgumentError, JobError } from '@algo/local';
import { MarketplaceCatalog } from '@aws-sdk/client-marketplace-catalog';
import { changeSetObstacle } from '../../documents/change-set.js';
import { changeSetProblem } from '../../documents/documents.js';
import type { PublishContext } from '../context.js';
import { tagsOf } from '../mark.js';
import { findResources } from '../resources.js';
import { CATALOG, findOffer, findProduct, type OfferEntity, type ProductEntity } from './entities.js';
import { plannedChanges } from './plan.js';
import { priceChangesText } from './price-changes.js';
import { followEarlier, runChangeSet } from './run-change-set.js';

/** The catalog has one endpoint. */
const REGION = 'us-east-1';

export interface Listing {
  readonly context: PublishContext;
  readonly client: MarketplaceCatalog;
  /** A product that was made in the portal. */
  readonly productId: string | undefined;
}

/** What is there, and what is to be changed. */
export interface State {
  readonly product: ProductEntity | undefined;
  readonly offer: OfferEntity | undefined;
  /** Of the texts, the version and the offer: undefined while there is no resource to list. */
  readonly changes: readonly RequestedChange[] | undefined;
}

/** @throws ArgumentError for a product that cannot be listed by the catalog's API */
export function openListing(context: PublishContext, productId?: string): Listing {
  if (context.isPrivate)
    throw new ArgumentError('--private has no listing: the resource is not certified for Marketplace.');
  const obstacle = changeSetObstacle(context.source, context.material);
  if (obstacle !== undefined) throw new ArgumentError(`The listing cannot be made here: ${obstacle}.`);
  return { context, client: openCatalog(context), productId };
}

export function openCatalog({ clients }: PublishContext): MarketplaceCatalog {
  return clients.prepare(new MarketplaceCatalog({ ...clients.options, region: REGION }));
}

export async function readState({ context, client, productId }: Listing): Promise<State> {
  const product = await findProduct(client, context.mark, productId);
  const offer = product && (await findOffer(client, product.id));
  const { current } = await findResources(context);
  if (current?.status !== 'Completed') return { product, offer, changes: undefined };
  const { source, material, mark } = context;
  const listed = { ...source, seller: { ...source.seller, arn: current.arn } };
  return { product, offer, changes: plannedChanges({ source: listed, material, tags: tagsOf(mark) }, product, offer) };
}

export function visibilityOf(product: ProductEntity | undefined): string {
  return product?.details.Description.Visibility ?? 'not there';
}

/** What is to be changed, with the prices: a person looks at it before it is applied. */
export function plannedText({ offer, changes = [] }: State): string {
  const prices = priceChangesText(offer, changes);
  return `changes: ${changesText(changes)}${prices === undefined ? '' : `; prices: ${prices}`}`;
}

/** What changes do, in a few words: `UpdateInformation, AddDeliveryOptions`. */
export function changesText(changes: readonly RequestedChange[]): string {
  return changes.map(({ ChangeType }) => ChangeType).join(', ');
}

export function resourceMissing({ context }: Listing): JobError {
  const { definition } = context.source;
  return new JobError(
    `there is no Completed resource of ${definition.Name} ${definition.Version} to list; algo publish makes it`,
  );
}

/** Validated by the catalog, and nothing changed. @throws JobError with what it has against them */
export async function validateChanges(
  { context, client }: Listing,
  step: string,
  changes: readonly RequestedChange[],
): Promise<void> {
  const name = setNames(context, step).check;
  const set = { Catalog: CATALOG, Intent: 'VALIDATE' as const, ChangeSetName: name, ChangeSet: changes };
  const problem = changeSetProblem(set);
  if (problem !== undefined) throw new ArgumentError(problem);
  await runChangeSet(context, client, { name, intent: 'VALIDATE', changes });
}

/**
 * Plans, validates and applies changes until there are none. What an earlier run has started is waited for first.
 * @returns the changes that were applied
 */
export async function applyChanges(
  listing: Listing,
  step: string,
  plan: () => Promise<readonly RequestedChange[]>,
): Promise<readonly RequestedChange[]> {
  const { context, client } = listing;
  const { check, apply } = setNames(context, step);
  await followEarlier(context, client, [check, apply]);
  const changes = await plan();
  if (changes.length === 0) return changes;
  await validateChanges(listing, step, changes);
  await runChangeSet(context, client, { name: apply, intent: 'APPLY', changes });
  return changes;
}

// --- internal ---

/** Names of change sets, at most 100 characters: a resource has 63. */
function setNames({ source }: PublishContext, step: string) {
  const { resource } = source.seller;
  return { check: `algo check ${step} ${resource}`, apply: `algo ${step} ${resource}` };
}
