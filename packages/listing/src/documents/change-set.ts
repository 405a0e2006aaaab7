/**
 * The request of StartChangeSet that makes the product and its public offer in AWS Marketplace's catalog. With `Intent` VALIDATE
 * nothing is made; APPLY makes both, for the seller and the test accounts only. Sources: AWS Marketplace API Reference, "Work with
 * seller products", "Add a new version" and "Update pricing terms" of ML products.
 */
import type { RequestedChange } from '@algo/api/requests';
import type { Material } from '../material.js';
import { shortDescriptionOf, withoutHeading } from '../portal/portal.js';
import { type Sample, type Samples, samplesOf } from '../portal/samples.js';
import { offerChanges } from './offer-changes.js';
import type { Document, Source } from './source.js';

export interface ChangeSet {
  readonly Catalog: string;
  readonly Intent: 'VALIDATE' | 'APPLY';
  readonly ChangeSetName: string;
  readonly ChangeSet: readonly RequestedChange[];
}

const PRODUCT = 'MachineLearningProduct@1.0';
/** What the first change makes, in later ones. */
const IDENTIFIER = '$CreateProductChange.Entity.Identifier';

/** Why there can be no change set for a product yet; undefined where there can. */
export function changeSetObstacle(
  { product, profile, releaseNotes, definition }: Source,
  { sampleData }: Material,
): string | undefined {
  const { links, pricing } = product;
  if (pricing.model === 'free')
    return 'a free product is made in the portal: its prices in a change set are not documented';
  if (product.visibility === 'private')
    return 'a private product is made in the portal: the change set has a public offer';
  if (product.regions !== 'all') return 'a product of some Regions is made in the portal: the change set names none';
  if (releaseNotes === undefined) return `${definition.Version} has no release notes in CHANGELOG.md or product.yaml`;
  const missing = (['notebook', 'repository'] as const).filter((name) => links[name] === undefined);
  const isLong = Object.values(samplesOf(profile, sampleData, undefined)).some(
    (sample) => sample && sample.text === undefined,
  );
  const all = [...missing, ...(isLong && links.samples === undefined ? ['samples'] : [])];
  return all.length === 0 ? undefined : `product.yaml has no ${all.map((name) => `links.${name}`).join(', ')}`;
}

export function changeSet(source: Source, material: Material): ChangeSet {
  const { product, seller } = source;
  const change = (ChangeType: string, DetailsDocument: Document): RequestedChange => ({
    ...{ ChangeType, Entity: { Type: PRODUCT, Identifier: IDENTIFIER }, DetailsDocument },
  });
  return {
    Catalog: 'AWSMarketplace',
    Intent: 'VALIDATE',
    ChangeSetName: `Publish ${seller.resource}`,
    ChangeSet: [
      {
        ChangeType: 'CreateProduct',
        ChangeName: 'CreateProductChange',
        Entity: { Type: PRODUCT },
        DetailsDocument: { ProductTitle: product.title },
      },
      change('UpdateInformation', informationDocument(source, material)),
      change('AddDeliveryOptions', versionDocument(source, material)),
      ...(product.testAccounts.length === 0
        ? []
        : [change('UpdateTargeting', { PositiveTargeting: { BuyerAccounts: product.testAccounts } })]),
      change('ReleaseProduct', {}),
      ...offerChanges(source, IDENTIFIER),
    ],
  };
}

/** Shows a product to all buyers that was seen by the seller and the test accounts. @param product its identifier */
export function publicChange(product: string): RequestedChange {
  return {
    ...{ ChangeType: 'UpdateVisibility', Entity: { Type: PRODUCT, Identifier: product } },
    DetailsDocument: { TargetVisibility: 'Public' },
  };
}

/** The request that does it, where the catalog's answer to the first change set is written in. */
export function publicChangeSet({ seller }: Source): ChangeSet {
  return {
    ...{ Catalog: 'AWSMarketplace', Intent: 'VALIDATE', ChangeSetName: `Make ${seller.resource} public` },
    ChangeSet: [publicChange('PRODUCT_ID')],
  };
}

/** Of UpdateInformation. */
export function informationDocument(source: Source, { description }: Material): Document {
  const { product, seller } = source;
  return {
    ProductTitle: product.title,
    ...(product.sku !== undefined && { Sku: product.sku }),
    ShortDescription: shortDescriptionOf(source),
    LongDescription: withoutHeading(description?.text ?? ''),
    LogoUrl: `${seller.publicFiles}/${product.logo}`,
    Highlights: product.highlights,
    AdditionalResources: product.links.resources.map(({ text, url }) => ({ Text: text, Url: url })),
    SupportDescription: product.support,
    Categories: product.categories,
    SearchKeywords: product.keywords,
  };
}

/** Of AddDeliveryOptions. */
export function versionDocument(source: Source, { usage, sampleData }: Material): Document {
  const { definition, product, profile, seller } = source;
  const { links, recommended } = product;
  const isAlgorithm = definition.TrainingSpecification !== undefined;
  const details = {
    ...(isAlgorithm ? { SageMakerAlgorithmArn: seller.arn } : { SageMakerModelPackageArn: seller.arn }),
    AccessRoleArn: seller.accessRole,
    UsageInstructions: usage?.text.trim() ?? '',
    SampleNotebookUrl: links.notebook,
    RepositoryUrl: links.repository,
    ...properties(source, samplesOf(profile, sampleData, links.samples)),
    RecommendedInstanceTypes: {
      ...(isAlgorithm && { Training: recommended.training }),
      RealtimeInference: recommended.realTime,
      BatchTransform: recommended.batch,
    },
  };
  const option = isAlgorithm ? 'SageMakerAlgorithmDeliveryOptionDetails' : 'SageMakerModelPackageDeliveryOptionDetails';
  return {
    Version: { VersionTitle: definition.Version, ReleaseNotes: source.releaseNotes ?? '' },
    DeliveryOptions: [{ Details: { [option]: details } }],
  };
}

// --- internal ---

function properties({ definition, product }: Source, samples: Samples): Document {
  const { description, limitations, parameters } = product.input;
  return {
    InputProperties: {
      Description: description,
      ...(limitations !== undefined && { Limitations: limitations }),
      SampleInput: sampleDocument(samples.realTimeInput, samples.batchInput),
      Parameters: parameters.map(({ name, description: meaning, constraints, required }) => ({
        ...{ Name: name, Description: meaning, Required: required },
        ...(constraints !== undefined && { Constraints: constraints }),
      })),
    },
    OutputProperties: {
      Description: product.output.description,
      SampleOutput: sampleDocument(samples.realTimeOutput, samples.batchOutput),
      Parameters: definition.Capabilities.Outputs.map(({ Name, Description, IsOptional }) => ({
        ...{ Name, Description, AlwaysReturned: !IsOptional },
      })),
    },
  };
}

function sampleDocument(realTime: Sample | undefined, batch: Sample | undefined): Document {
  return {
    ...(realTime?.text !== undefined && { RealtimeInferenceText: realTime.text }),
    ...(realTime?.url !== undefined && { RealtimeInferenceUrl: realTime.url }),
    ...(batch?.text !== undefined && { BatchTransformText: batch.text }),
    ...(batch?.url !== undefined && { BatchTransformUrl: batch.url }),
  };
}
