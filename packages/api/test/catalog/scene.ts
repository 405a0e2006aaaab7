/** Requests to the Marketplace Catalog API as its clients send them, and the changes that make a product. */
import { sumAlgorithm } from '../support/algorithm.js';
import { type Answer, type Scene, sharedScene } from '../support/scene.js';

/** Signed for the catalog, by whose name in the signature the server knows it. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AK/20260102/us-east-1/aws-marketplace/aws4_request, SignedHeaders=host, Signature=0';

export const CATALOG = { Catalog: 'AWSMarketplace' };

export async function callCatalog(url: string, operation: string, input: object = {}): Promise<Answer> {
  const method = operation.startsWith('Describe') ? 'GET' : operation === 'CancelChangeSet' ? 'PATCH' : 'POST';
  const members = Object.entries(input).map(([name, value]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    String(value),
  ]);
  const query = method === 'POST' ? '' : `?${new URLSearchParams(Object.fromEntries(members))}`;
  const response = await fetch(`${url}/${operation}${query}`, {
    method,
    headers: { Authorization: AUTHORIZATION, 'Content-Type': 'application/json' },
    ...(method === 'POST' && { body: JSON.stringify(input) }),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

export function start(url: string, changes: readonly object[], more: object = {}): Promise<Answer> {
  return callCatalog(url, 'StartChangeSet', { ...CATALOG, ChangeSet: changes, ...more });
}

/** Starts a change set and waits for its end; returns its description. */
export async function change(url: string, changes: readonly object[], more: object = {}): Promise<Answer['body']> {
  const { status, body } = await start(url, changes, more);
  if (status !== 200) throw new Error(JSON.stringify(body));
  for (;;) {
    const described = await callCatalog(url, 'DescribeChangeSet', { ...CATALOG, ChangeSetId: body.ChangeSetId });
    if (!['PREPARING', 'APPLYING'].includes(described.body.Status)) return described.body;
  }
}

export function describeEntity(url: string, EntityId: string): Promise<Answer> {
  return callCatalog(url, 'DescribeEntity', { ...CATALOG, EntityId });
}

const PRODUCT = 'MachineLearningProduct@1.0';

export function productChange(ChangeType: string, Identifier: string, DetailsDocument: object) {
  return { ChangeType, Entity: { Type: PRODUCT, Identifier }, DetailsDocument };
}

export function offerChange(ChangeType: string, Identifier: string, DetailsDocument: object) {
  return { ChangeType, Entity: { Type: 'Offer@1.0', Identifier }, DetailsDocument };
}

export const createProduct = {
  ChangeType: 'CreateProduct',
  ChangeName: 'CreateProductChange',
  Entity: { Type: PRODUCT },
  DetailsDocument: { ProductTitle: 'Sums' },
};

export const information = {
  ProductTitle: 'Sums of numbers',
  ShortDescription: 'Adds numbers.',
  LongDescription: 'Adds all numbers of a table.\nFast.',
  LogoUrl: 'https://logos.s3.amazonaws.com/logo.png',
  Highlights: ['It adds.'],
  AdditionalResources: [{ Text: 'Paper', Url: 'https://example.com/paper?x=1' }],
  SupportDescription: 'By mail.',
  Categories: ['Structured'],
  SearchKeywords: ['sum'],
};

export function version(arn: string, title: string, changes: object = {}) {
  const details = {
    SageMakerAlgorithmArn: arn,
    AccessRoleArn: 'arn:aws:iam::000000000000:role/Marketplace',
    UsageInstructions: 'Send rows.',
    SampleNotebookUrl: 'https://example.com/notebook.ipynb',
    RepositoryUrl: 'https://example.com/repository',
    InputProperties: { Description: 'Numbers.', SampleInput: { RealtimeInferenceText: '1,2' } },
    OutputProperties: { Description: 'Sums.' },
    RecommendedInstanceTypes: { Training: 'ml.m5.xlarge', RealtimeInference: 'ml.m5.xlarge' },
    ...changes,
  };
  return {
    Version: { VersionTitle: title, ReleaseNotes: 'First.' },
    DeliveryOptions: [{ Details: { SageMakerAlgorithmDeliveryOptionDetails: details } }],
  };
}

/** Keys of prices for each use of the instance types of the algorithm `sum`. */
export const DIMENSIONS = ['ml.m5.xlarge.m.i.r', 'ml.m5.xlarge.m.i.b', 'ml.m5.xlarge.a.t', 'ml.m5.large.a.t'];

export function pricing(keys: readonly string[] = DIMENSIONS) {
  const RateCard = keys.map((DimensionKey) => ({ DimensionKey, Price: '0.05' }));
  const Terms = [{ Type: 'UsageBasedPricingTerm', CurrencyCode: 'USD', RateCards: [{ RateCard }] }];
  return { PricingModel: 'Usage', Terms };
}

/** All that publishes a product with an offer. */
export function publishing(arn: string): readonly object[] {
  const product = '$CreateProductChange.Entity.Identifier';
  const offer = '$CreateOfferChange.Entity.Identifier';
  const eula = { Type: 'LegalTerm', Documents: [{ Type: 'StandardEula', Version: '2022-07-14' }] };
  const createOffer = { ChangeType: 'CreateOffer', ChangeName: 'CreateOfferChange', Entity: { Type: 'Offer@1.0' } };
  return [
    createProduct,
    productChange('UpdateInformation', product, information),
    productChange('AddDeliveryOptions', product, version(arn, '1.0')),
    productChange('UpdateTargeting', product, { PositiveTargeting: { BuyerAccounts: ['111111111111'] } }),
    productChange('ReleaseProduct', product, {}),
    { ...createOffer, DetailsDocument: { ProductId: product, Name: 'Public offer' } },
    offerChange('UpdatePricingTerms', offer, pricing()),
    offerChange('UpdateLegalTerms', offer, { Terms: [eula] }),
    offerChange('UpdateSupportTerms', offer, { Terms: [{ Type: 'SupportTerm', RefundPolicy: 'Write to us.' }] }),
    offerChange('ReleaseOffer', offer, {}),
  ];
}

export async function algorithm(
  scene: Scene,
  name: string,
  changes: object = { CertifyForMarketplace: true },
): Promise<string> {
  const { body } = await scene.call('CreateAlgorithm', sumAlgorithm(name, changes));
  return body.AlgorithmArn;
}

export interface PublishedProduct {
  readonly product: string;
  readonly offer: string;
}

/** One scene for all tests of a file, with a product of the algorithm `first` and its offer. */
export function sharedProduct(take: (made: PublishedProduct) => void): () => Scene {
  return sharedScene(
    async (scene) => {
      const { Status, ChangeSet } = await change(scene.api.url, publishing(await algorithm(scene, 'first')));
      if (Status !== 'SUCCEEDED') throw new Error(JSON.stringify(ChangeSet));
      const [product, offer] = [0, 5].map((i) => ChangeSet[i].Entity.Identifier.replace('@1', ''));
      take({ product, offer });
    },
    { changeSetStepMs: 0 },
  );
}
