import { beforeAll, describe, expect, it } from 'vitest';
import { sumAlgorithm } from '../support/algorithm.js';
import { makeFolder, openScene, type Scene, sharedScene } from '../support/scene.js';
import {
  CATALOG,
  callCatalog,
  change,
  createProduct,
  DIMENSIONS,
  describeEntity,
  information,
  offerChange,
  pricing,
  productChange,
  publishing,
  start,
  version,
} from './scene.js';

async function algorithm(
  scene: Scene,
  name: string,
  changes: object = { CertifyForMarketplace: true },
): Promise<string> {
  const { body } = await scene.call('CreateAlgorithm', sumAlgorithm(name, changes));
  return body.AlgorithmArn;
}

const shared = sharedScene(() => undefined, { changeSetStepMs: 0 });
let product = '';
let offer = '';

beforeAll(async () => {
  const { api } = shared();
  const { Status, ChangeSet } = await change(api.url, publishing(await algorithm(shared(), 'first')));
  if (Status !== 'SUCCEEDED') throw new Error(JSON.stringify(ChangeSet));
  product = ChangeSet[0].Entity.Identifier.replace('@1', '');
  offer = ChangeSet[5].Entity.Identifier.replace('@1', '');
});

/** Codes of the errors of a set that must fail. */
async function codesOf(changes: readonly object[]): Promise<readonly string[]> {
  const { Status, FailureCode, ChangeSet } = await change(shared().api.url, changes);
  expect([Status, FailureCode]).toEqual(['FAILED', 'CLIENT_ERROR']);
  return ChangeSet.flatMap((item: { ErrorDetailList: { ErrorCode: string }[] }) =>
    item.ErrorDetailList.map(({ ErrorCode }) => ErrorCode),
  );
}

describe('a product', () => {
  it('is published by one change set, with dimensions that nobody wrote', async () => {
    const { body } = await describeEntity(shared().api.url, product);

    expect(body).toMatchObject({ EntityType: 'MachineLearningProduct@1.0', EntityIdentifier: `${product}@1` });
    expect(body.DetailsDocument).toMatchObject({
      Description: { ProductTitle: 'Sums of numbers', Visibility: 'Limited', ProductState: 'Active' },
      Versions: [{ VersionTitle: '1.0', DeliveryOptions: [{ Type: 'SageMakerAlgorithm', Visibility: 'Limited' }] }],
      Targeting: { PositiveTargeting: { BuyerAccounts: ['111111111111'] } },
    });
    const keys = body.DetailsDocument.Dimensions.map(({ Key }: { Key: string }) => Key);
    expect(keys.toSorted()).toEqual(DIMENSIONS.toSorted());
    expect(JSON.parse(body.Details)).toEqual(body.DetailsDocument);
    expect((await describeEntity(shared().api.url, offer)).body.DetailsDocument).toMatchObject({ State: 'Released' });
  });

  it('is not changed where a set is only validated, or one of its changes fails', async () => {
    const { api } = shared();
    const before = (await describeEntity(api.url, product)).body;
    const title = productChange('UpdateInformation', product, { ProductTitle: 'Other' });

    const validated = await change(api.url, [title], { Intent: 'VALIDATE' });
    const codes = await codesOf([title, productChange('ReleaseProduct', product, {})]);

    expect([validated.Status, validated.Intent, codes]).toEqual(['SUCCEEDED', 'VALIDATE', ['INVALID_INPUT']]);
    expect((await describeEntity(api.url, product)).body).toEqual(before);
  });

  it('as a draft needs all its information at first, and all its parts for its release', async () => {
    const id = '$CreateProductChange.Entity.Identifier';
    const { LogoUrl: _, ...part } = information;

    expect(await codesOf([createProduct, productChange('UpdateInformation', id, part)])).toEqual(['INVALID_INPUT']);
    expect(await codesOf([createProduct, productChange('ReleaseProduct', id, {})])).toEqual([
      ...['MISSING_DESCRIPTION', 'MISSING_VERSIONS', 'MISSING_DIMENSIONS', 'MISSING_PROMOTIONAL_RESOURCES'],
      'MISSING_SUPPORT_INFORMATION',
    ]);
  });

  it('takes a version only of an algorithm that is there, certified and new', async () => {
    const scene = shared();
    const plain = await algorithm(scene, 'not-certified', {});
    const fit = await algorithm(scene, 'fit');
    const add = (arn: string, title: string, changes: object = {}) =>
      codesOf([productChange('AddDeliveryOptions', product, version(arn, title, changes))]);

    const codes = [
      await add(fit, '1.0'),
      await add(fit.replace('fit', 'first'), '2'),
      await add(plain, '2'),
      await add(fit.replace('fit', 'none'), '2'),
      await add(fit.replace(':algorithm/', ':model/'), '2'),
      await add(fit, '2', { RecommendedInstanceTypes: { Training: 'ml.p5.48xlarge' } }),
    ];

    expect(codes.flat()).toEqual([
      ...['DUPLICATE_VERSION_TITLE', 'DUPLICATE_ASSET', 'ASSET_VALIDATION_EXCEPTION', 'ASSET_NOT_FOUND'],
      ...['INVALID_ASSET_ARN', 'INVALID_RECOMMENDED_INSTANCE_TYPE'],
    ]);
  });

  it('with a new instance type needs a new price in the same set', async () => {
    const scene = shared();
    const training = { SupportedTrainingInstanceTypes: ['ml.m5.xlarge', 'ml.c5.xlarge'] };
    const request = sumAlgorithm('wider', { CertifyForMarketplace: true }, training);
    const { body } = await scene.call('CreateAlgorithm', request);
    const add = productChange('AddDeliveryOptions', product, version(body.AlgorithmArn, '3.0'));
    const price = (keys: readonly string[]) => offerChange('UpdatePricingTerms', offer, pricing(keys));

    expect(await codesOf([add])).toEqual(['UPDATE_PRICING_REQUIRED']);
    expect(await codesOf([add, price(DIMENSIONS)])).toEqual(['INVALID_RATE_CARD']);
    expect(await codesOf([price([...DIMENSIONS, 'ml.none.a.t'])])).toEqual(['INVALID_RATE_CARD']);
    const done = await change(scene.api.url, [add, price([...DIMENSIONS, 'ml.c5.xlarge.a.t'])]);
    expect(done.Status).toBe('SUCCEEDED');
  });
});

it('an offer that was made with a revision of its product is of the product', async () => {
  const { api } = shared();
  const createOffer = { ChangeType: 'CreateOffer', Entity: { Type: 'Offer@1.0' } };

  const made = await change(api.url, [{ ...createOffer, DetailsDocument: { ProductId: `${product}@1` } }]);

  const { body } = await describeEntity(api.url, made.ChangeSet[0].Entity.Identifier.replace('@1', ''));
  expect(body.DetailsDocument.ProductId).toBe(product);
});

describe('a change set', () => {
  const update = (details: object) => productChange('UpdateInformation', 'x', details);
  const buyers = { PositiveTargeting: { BuyerAccounts: ['1'] } };

  it.each([
    [update({ ProductTitle: 'x'.repeat(73) }), 'ProductTitle must have 1 to 72 characters'],
    [update({ LongDescription: 'a\rb' }), 'LongDescription must have no control characters'],
    [update({ ShortDescription: ' a' }), 'ShortDescription must not begin with white space'],
    [update({ Categories: ['Cars'] }), 'Categories/0 must be one of ML Solutions'],
    [update({ SearchKeywords: Array(6).fill('x'.repeat(50)) }), '250 characters together'],
    [update({ LogoUrl: 'http://a.com/x' }), 'LogoUrl must be an https URL'],
    [update({ Title: 'x' }), 'Title is unknown; there are: ProductTitle'],
    [productChange('UpdateTargeting', 'x', buyers), 'BuyerAccounts/0 must be an account'],
    [productChange('AddRegions', 'x', {}), 'ChangeType must be one of CreateProduct, UpdateInformation'],
    [productChange('CreateProduct', 'x', {}), 'Entity/Identifier must not be given'],
    [{ ...createProduct, Details: '{}' }, 'Details or DetailsDocument must be given, not both'],
    [{ ...createProduct, DetailsDocument: [1] }, 'CreateProduct: Details must be an object; received [1]'],
    [{ ...createProduct, DetailsDocument: undefined, Details: '{ }x }' }, 'Details must be JSON'],
    [{ ...createProduct, Entity: { Type: 'AmiProduct@1.0' } }, 'Entity/Type must be one of MachineLearningProduct@1.0'],
    [
      offerChange('UpdatePricingTerms', 'x', { PricingModel: 'Usage', Terms: [{ Type: 'Other' }] }),
      'Terms/0/Type must be one of',
    ],
  ])('with %j is refused immediately', async (requested, message) => {
    const { status, body } = await start(shared().api.url, [requested]);

    expect([status, body.__type]).toEqual([422, 'ValidationException']);
    expect(body.Message).toContain(message);
    expect(body.ValidationExceptionFieldList[0].ChangeType).toBe(requested.ChangeType);
  });

  it.each([
    ['StartChangeSet', { Catalog: 'Other', ChangeSet: [createProduct] }, 422],
    ['StartChangeSet', { ...CATALOG, ChangeSet: [] }, 422],
    ['StartChangeSet', { ...CATALOG, ChangeSet: [productChange('ReleaseProduct', 'prod-none', {})] }, 404],
    ['DescribeChangeSet', { ...CATALOG, ChangeSetId: 'none' }, 404],
    ['DescribeEntity', { ...CATALOG, EntityId: 'prod-none' }, 404],
    ['ListEntities', { ...CATALOG, EntityType: 'Cars' }, 422],
    ['ListChangeSets', { ...CATALOG, FilterList: [{ Name: 'Colour', ValueList: ['red'] }] }, 422],
    ['ListChangeSets', { ...CATALOG, Sort: { SortBy: 'Status' } }, 422],
    [
      'ListEntities',
      { ...CATALOG, EntityType: 'Offer', EntityTypeFilters: { MachineLearningProductFilters: {} } },
      422,
    ],
    ['ListTagsForResource', { ResourceArn: 'arn:aws:aws-marketplace:us-east-1:000000000000:AWSMarketplace/x' }, 404],
  ])('%s of %j is refused', async (operation, input, status) => {
    expect((await callCatalog(shared().api.url, operation, input)).status).toBe(status);
  });

  it('is started once for a token, and keeps its tags', async () => {
    const { api } = shared();
    const more = { ClientRequestToken: 'once', ChangeSetTags: [{ Key: 'a', Value: 'b' }] };

    const first = await start(api.url, [createProduct], more);
    const second = await start(api.url, [createProduct], more);

    expect(second.body).toEqual(first.body);
    const tags = await callCatalog(api.url, 'ListTagsForResource', { ResourceArn: first.body.ChangeSetArn });
    expect(tags.body.Tags).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  it('is refused with a tag whose key AWS reserves, of its own or of an entity', async () => {
    const { api } = shared();
    const tags = [{ Key: 'aws:x', Value: 'b' }];

    const own = await start(api.url, [createProduct], { ChangeSetTags: tags });
    const entity = await start(api.url, [{ ...createProduct, EntityTags: tags }]);

    for (const { status, body } of [own, entity]) {
      expect(status).toBe(422);
      expect(JSON.stringify(body)).toContain('aws: prefixed tag key names are not allowed');
    }
  });

  it('that prepares keeps others from its product, can be cancelled, and is applied after a restart', async () => {
    const folder = makeFolder();
    const first = await openScene({ folder, changeSetStepMs: 0 });
    const made = await change(first.api.url, [createProduct]);
    await first.api.close();
    const slow = await openScene({ folder, changeSetStepMs: 3_600_000 });
    const id = made.ChangeSet[0].Entity.Identifier.replace('@1', '');
    const target = (account: string) => [
      productChange('UpdateTargeting', id, { PositiveTargeting: { BuyerAccounts: [account] } }),
    ];

    const cancelled = await start(slow.api.url, target('111111111111'));
    const other = await start(slow.api.url, target('222222222222'));
    await callCatalog(slow.api.url, 'CancelChangeSet', { ...CATALOG, ChangeSetId: cancelled.body.ChangeSetId });
    await start(slow.api.url, target('333333333333'));
    await slow.api.close();
    const { api } = await openScene({ folder, changeSetStepMs: 0 });
    const waiting = { ...CATALOG, FilterList: [{ Name: 'Status', ValueList: ['PREPARING', 'APPLYING'] }] };
    for (;;) {
      const { body } = await callCatalog(api.url, 'ListChangeSets', waiting);
      if (body.ChangeSetSummaryList.length === 0) break;
    }

    expect([other.status, other.body.__type]).toEqual([423, 'ResourceInUseException']);
    const { body } = await describeEntity(api.url, id);
    expect(body.EntityIdentifier).toBe(`${id}@2`);
    expect(body.DetailsDocument.Targeting.PositiveTargeting.BuyerAccounts).toEqual(['333333333333']);
  });
});

it('entities are listed by filters, in order and pages, and described in batches', async () => {
  const { api } = shared();
  const list = (more: object) =>
    callCatalog(api.url, 'ListEntities', { ...CATALOG, EntityType: 'MachineLearningProduct', ...more });
  const filters = { MachineLearningProductFilters: { Visibility: { ValueList: ['Limited'] } } };

  const limited = await list({ EntityTypeFilters: filters });
  const ordered = await list({ MaxResults: 1, Sort: { SortBy: 'EntityId', SortOrder: 'ASCENDING' } });
  const sharedByOthers = await list({ OwnershipType: 'SHARED' });
  const batch = await callCatalog(api.url, 'BatchDescribeEntities', {
    EntityRequestList: [
      { ...CATALOG, EntityId: product },
      { ...CATALOG, EntityId: 'prod-none' },
    ],
  });

  expect(limited.body.EntitySummaryList).toMatchObject([{ EntityId: product, Visibility: 'Limited' }]);
  expect(ordered.body.EntitySummaryList).toHaveLength(1);
  expect(sharedByOthers.body).toEqual({ EntitySummaryList: [] });
  expect(Object.keys(batch.body.EntityDetails)).toEqual([product]);
  expect(batch.body.Errors['prod-none'].ErrorCode).toBe('ResourceNotFoundException');
});

it('offers that are not released have no date of release that a filter could match', async () => {
  const { api } = shared();
  const createOffer = { ChangeType: 'CreateOffer', Entity: { Type: 'Offer@1.0' } };
  await change(api.url, [{ ...createOffer, DetailsDocument: { ProductId: product } }]);
  const released = async (DateRange: object) => {
    const filters = { OfferFilters: { ReleaseDate: { DateRange } } };
    const { body } = await callCatalog(api.url, 'ListEntities', {
      ...{ ...CATALOG, EntityType: 'Offer', EntityTypeFilters: filters },
    });
    return body.EntitySummaryList.map(({ EntityId }: { EntityId: string }) => EntityId);
  };

  const [before, after] = ['2999-01-01T00:00:00Z', '2000-01-01T00:00:00Z'];
  expect(await released({ BeforeValue: before })).toEqual([offer]);
  expect(await released({ AfterValue: after, BeforeValue: before })).toEqual([offer]);
  expect(await released({ AfterValue: before })).toEqual([]);
});

it('offers are listed with the accounts that they are for, and found by them', async () => {
  const { api } = shared();
  const reference = '$Private.Entity.Identifier';
  const createOffer = { ChangeType: 'CreateOffer', ChangeName: 'Private', Entity: { Type: 'Offer@1.0' } };
  const { ChangeSet } = await change(api.url, [
    { ...createOffer, DetailsDocument: { ProductId: product } },
    offerChange('UpdateTargeting', reference, { PositiveTargeting: { BuyerAccounts: ['444444444444'] } }),
  ]);
  const own = ChangeSet[0].Entity.Identifier.replace('@1', '');
  const found = async (OfferFilters: object) => {
    const { body } = await callCatalog(api.url, 'ListEntities', {
      ...{ ...CATALOG, EntityType: 'Offer', EntityTypeFilters: { OfferFilters } },
    });
    return body.EntitySummaryList;
  };

  expect(await found({ BuyerAccounts: { WildCardValue: '4444' } })).toMatchObject([
    { EntityId: own, OfferSummary: { BuyerAccounts: ['444444444444'], Targeting: ['BuyerAccounts'] } },
  ]);
  expect(await found({ State: { ValueList: ['Released'] }, Targeting: { ValueList: ['None'] } })).toMatchObject([
    { EntityId: offer, OfferSummary: { BuyerAccounts: [], Targeting: ['None'] } },
  ]);
});

it('a product that becomes public has public versions', async () => {
  const { api } = shared();
  const { ChangeSet } = await change(api.url, publishing(await algorithm(shared(), 'shown')));
  const id = ChangeSet[0].Entity.Identifier.replace('@1', '');

  await change(api.url, [productChange('UpdateVisibility', id, { TargetVisibility: 'Public' })]);

  expect((await describeEntity(api.url, id)).body.DetailsDocument).toMatchObject({
    Description: { Visibility: 'Public' },
    Versions: [{ DeliveryOptions: [{ Visibility: 'Public' }] }],
  });
});

it('an algorithm is described with the product that lists it, until its version is restricted', async () => {
  const { api } = shared();
  const productId = async (name: string) =>
    (await shared().call('DescribeAlgorithm', { AlgorithmName: name })).body.ProductId;
  const { ChangeSet } = await change(api.url, publishing(await algorithm(shared(), 'listed')));
  const id = ChangeSet[0].Entity.Identifier.replace('@1', '');
  await change(api.url, [
    productChange('AddDeliveryOptions', id, version(await algorithm(shared(), 'listed-2'), '2.0')),
  ]);
  const { body } = await describeEntity(api.url, id);
  const listed = await productId('listed');

  const options = [body.DetailsDocument.Versions[0].DeliveryOptions[0].Id];
  await change(api.url, [productChange('RestrictDeliveryOptions', id, { DeliveryOptionIds: options })]);

  expect([listed, await productId('listed'), await productId('listed-2')]).toEqual([id, undefined, id]);
});
