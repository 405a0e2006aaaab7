/** The changes that lead from what the catalog has of a product to what its documents say. */
import type { RequestedChange } from '@algo/api/requests';
import { ArgumentError } from '@algo/local';
import { changeSet, informationDocument, versionDocument } from '../../documents/change-set.js';
import { offerChanges, termChanges } from '../../documents/offer-changes.js';
import type { Document, Source } from '../../documents/source.js';
import type { Material } from '../../material.js';
import type { Tag } from '../mark.js';
import type { OfferEntity, ProductEntity } from './entities.js';
import { withOlderPrices } from './price-changes.js';
import { hasAllOf } from './same.js';

export interface Wanted {
  /** With the ARN of the resource that is listed. */
  readonly source: Source;
  readonly material: Material;
  /** Of a product and an offer that are made. */
  readonly tags: readonly Tag[];
}

/** None where all is as it should be. */
export function plannedChanges(
  wanted: Wanted,
  product: ProductEntity | undefined,
  offer: OfferEntity | undefined,
): readonly RequestedChange[] {
  const { source, material, tags } = wanted;
  if (!product) return changeSet(source, material).ChangeSet.map((change) => marked(change, tags));
  return [
    ...productChanges(wanted, product),
    ...(offer
      ? changesOfOffer(source, offer, product)
      : offerChanges(source, product.id).map((change) => marked(change, tags))),
  ];
}

// --- internal ---

const PRODUCT = 'MachineLearningProduct@1.0';
const OFFER = 'Offer@1.0';

function marked(change: RequestedChange, tags: readonly Tag[]): RequestedChange {
  const isNew = change.ChangeType === 'CreateProduct' || change.ChangeType === 'CreateOffer';
  return isNew ? { ...change, EntityTags: tags } : change;
}

function productChanges({ source, material }: Wanted, { id, details }: ProductEntity): readonly RequestedChange[] {
  const change = (ChangeType: string, DetailsDocument: Document): RequestedChange => ({
    ...{ ChangeType, Entity: { Type: PRODUCT, Identifier: id }, DetailsDocument },
  });
  const { testAccounts } = source.product;
  const targeted = details.Targeting?.PositiveTargeting?.BuyerAccounts ?? [];
  const hasAccounts = hasAllOf(targeted.toSorted(), testAccounts.toSorted());
  const information = informationDocument(source, material);
  return [
    ...(hasInformation(details, information) ? [] : [change('UpdateInformation', information)]),
    ...versionChanges(details, source, versionDocument(source, material) as unknown as VersionDocument, change),
    ...(hasAccounts ? [] : [change('UpdateTargeting', { PositiveTargeting: { BuyerAccounts: testAccounts } })]),
    ...(details.Description.Visibility === 'Draft' ? [change('ReleaseProduct', {})] : []),
  ];
}

function hasInformation(details: ProductEntity['details'], information: Document): boolean {
  const { LogoUrl, AdditionalResources, SupportDescription, ...texts } = information;
  const { Description, PromotionalResources = {}, SupportInformation } = details;
  return (
    hasAllOf(Description, texts) &&
    hasAllOf(PromotionalResources.AdditionalResources ?? [], AdditionalResources) &&
    SupportInformation?.Description === SupportDescription &&
    hasLogo(PromotionalResources.LogoUrl, String(LogoUrl))
  );
}

/** AWS may keep a copy at an address of its own; whether that is the same picture cannot be seen. */
function hasLogo(have: string | undefined, want: string): boolean {
  if (have === undefined) return false;
  return new URL(have).host !== new URL(want).host || have === want;
}

interface VersionDocument {
  readonly Version: { readonly VersionTitle: string; readonly ReleaseNotes: string };
  readonly DeliveryOptions: readonly { readonly Details: Readonly<Record<string, Document>> }[];
}

function versionChanges(
  { Versions }: ProductEntity['details'],
  source: Source,
  document: VersionDocument,
  change: (type: string, document: Document) => RequestedChange,
): readonly RequestedChange[] {
  const { Version, DeliveryOptions } = document;
  const found = Versions.find(({ VersionTitle }) => VersionTitle === Version.VersionTitle);
  if (!found) return [change('AddDeliveryOptions', { Version, DeliveryOptions })];
  const listed = found.Sources.map(({ AlgorithmArn, ModelPackageArn }) => AlgorithmArn ?? ModelPackageArn)[0];
  if (listed !== undefined && listed !== source.seller.arn) {
    throw new ArgumentError(
      `Version ${Version.VersionTitle} must be ${source.seller.arn}, as it is now; the catalog has ${listed}. A version of a product stays: raise the version.`,
    );
  }
  const [kind, details] = Object.entries(DeliveryOptions[0]!.Details)[0]!;
  const { SageMakerAlgorithmArn: _, SageMakerModelPackageArn: __, AccessRoleArn: ___, ...texts } = details;
  const { UsageInstructions, RecommendedInstanceTypes, ...instructions } = texts;
  const option = found.DeliveryOptions[0];
  const isSame =
    found.ReleaseNotes === Version.ReleaseNotes &&
    hasAllOf(option?.Instructions, { Usage: UsageInstructions, ...instructions }) &&
    hasAllOf(option?.RecommendedInstanceTypes, RecommendedInstanceTypes);
  if (isSame || !option) return [];
  const { ReleaseNotes } = Version;
  const update = { Version: { ReleaseNotes }, DeliveryOptions: [{ Id: option.Id, Details: { [kind]: texts } }] };
  return [change('UpdateDeliveryOptions', update)];
}

/** A released offer keeps its terms until new ones are given. */
function changesOfOffer(source: Source, offer: OfferEntity, product: ProductEntity): readonly RequestedChange[] {
  const { id, details } = offer;
  const dimensions = product.details.Dimensions.map(({ Key }) => Key);
  const wanted = termChanges(source, id).map((change) =>
    change.ChangeType === 'UpdatePricingTerms'
      ? {
          ...change,
          DetailsDocument: {
            ...change.DetailsDocument,
            Terms: withOlderPrices(change.DetailsDocument.Terms, offer, dimensions),
          },
        }
      : change,
  );
  const terms = wanted.filter(({ ChangeType, DetailsDocument }) => {
    const have = details.Terms.filter(({ Type }) => TERMS[ChangeType]?.includes(Type));
    return !hasAllOf(have, DetailsDocument.Terms);
  });
  const release = { ChangeType: 'ReleaseOffer', Entity: { Type: OFFER, Identifier: id }, DetailsDocument: {} };
  return [...terms, ...(details.State === 'Released' ? [] : [release])];
}

/** The types of terms that a change replaces. */
const TERMS: Readonly<Record<string, readonly string[]>> = {
  UpdatePricingTerms: ['UsageBasedPricingTerm', 'FreeTrialPricingTerm'],
  UpdateLegalTerms: ['LegalTerm'],
  UpdateSupportTerms: ['SupportTerm'],
};
