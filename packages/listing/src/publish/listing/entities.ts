/**
 * The product and its offer in AWS Marketplace's catalog, as DescribeEntity answers them. The catalog does not describe these
 * documents in its model, so all is optional here, and what is not read stays out. Source: AWS's shapes of entities
 * (aws-marketplace-catalog-api-shapes-for-python).
 */
import { type EntitySummary, type MarketplaceCatalog, paginateListEntities } from '@aws-sdk/client-marketplace-catalog';
import { z } from 'zod';
import { isOwn, type Mark } from '../mark.js';

export const CATALOG = 'AWSMarketplace';

const term = z.looseObject({ Type: z.string() });
const arn = z.string().optional();

const productDetails = z.looseObject({
  Description: z.looseObject({ ProductTitle: z.string().optional(), Visibility: z.string().optional() }),
  PromotionalResources: z.looseObject({ LogoUrl: z.string().optional() }).optional(),
  SupportInformation: z.looseObject({ Description: z.string().optional() }).optional(),
  Versions: z
    .array(
      z.looseObject({
        VersionTitle: z.string(),
        ReleaseNotes: z.string().optional(),
        Sources: z.array(z.looseObject({ AlgorithmArn: arn, ModelPackageArn: arn })).default([]),
        DeliveryOptions: z
          .array(
            z.looseObject({
              Id: z.string(),
              Instructions: z.looseObject({}).default({}),
              RecommendedInstanceTypes: z.looseObject({}).default({}),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  Dimensions: z.array(z.looseObject({ Key: z.string() })).default([]),
  Targeting: z
    .looseObject({ PositiveTargeting: z.looseObject({ BuyerAccounts: z.array(z.string()).default([]) }).optional() })
    .optional(),
});
/** Of any product, made here or not. */
const listedDetails = z.looseObject({
  Description: z.looseObject({ Visibility: z.string().optional() }).optional(),
  Versions: productDetails.shape.Versions,
});
const offerDetails = z.looseObject({
  ProductId: z.string(),
  State: z.string().optional(),
  Terms: z.array(term).default([]),
});

export interface Entity<D> {
  /** `prod-…` or `offer-…`, without a revision. */
  readonly id: string;
  readonly details: D;
}

export type ProductEntity = Entity<z.output<typeof productDetails>>;
export type OfferEntity = Entity<z.output<typeof offerDetails>>;

/**
 * The product that publishing made, whatever its title is now, or the one that is named. A product of somebody else with the same
 * title is none of ours.
 * @param named its id, for a product that was made in the portal
 */
export async function findProduct(
  client: MarketplaceCatalog,
  mark: Mark,
  named: string | undefined,
): Promise<ProductEntity | undefined> {
  if (named !== undefined) return describeProduct(client, named);
  for await (const { EntityId = '', EntityArn } of entities(client, 'MachineLearningProduct')) {
    const { Tags } = await client.listTagsForResource({ ResourceArn: EntityArn });
    if (isOwn(Tags, mark)) return describeProduct(client, EntityId);
  }
  return undefined;
}

/** The public offer of a product: one without buyers of its own. */
export async function findOffer(client: MarketplaceCatalog, product: string): Promise<OfferEntity | undefined> {
  for await (const { EntityId = '', OfferSummary } of entities(client, 'Offer')) {
    if (OfferSummary?.ProductId !== product || OfferSummary.BuyerAccounts?.length) continue;
    const { DetailsDocument } = await client.describeEntity({ Catalog: CATALOG, EntityId });
    return { id: EntityId, details: offerDetails.parse(DetailsDocument) };
  }
  return undefined;
}

/** A version of a product, in the catalog. */
export interface ListedVersion {
  /** `prod-…` */
  readonly product: string;
  readonly title: string;
  readonly visibility: string;
}

/** By the ARN of the resource that they are of: versions of all products of the account, made here or in the portal. */
export async function listedVersions(client: MarketplaceCatalog): Promise<ReadonlyMap<string, ListedVersion>> {
  const found = new Map<string, ListedVersion>();
  for await (const { EntityId = '' } of entities(client, 'MachineLearningProduct')) {
    const { DetailsDocument } = await client.describeEntity({ Catalog: CATALOG, EntityId });
    const { Versions, Description } = listedDetails.parse(DetailsDocument);
    for (const { VersionTitle: title, Sources } of Versions) {
      const listed = { product: EntityId, title, visibility: Description?.Visibility ?? 'of unknown visibility' };
      for (const { AlgorithmArn, ModelPackageArn } of Sources) found.set(AlgorithmArn ?? ModelPackageArn ?? '', listed);
    }
  }
  return found;
}

// --- internal ---

/** As many as one page may have. */
const PAGE = 50;

async function* entities(client: MarketplaceCatalog, EntityType: string): AsyncGenerator<EntitySummary> {
  for await (const page of paginateListEntities({ client, pageSize: PAGE }, { Catalog: CATALOG, EntityType })) {
    yield* page.EntitySummaryList ?? [];
  }
}

async function describeProduct(client: MarketplaceCatalog, id: string): Promise<ProductEntity> {
  const { DetailsDocument } = await client.describeEntity({ Catalog: CATALOG, EntityId: id });
  return { id, details: productDetails.parse(DetailsDocument) };
}
