/** Change sets: what is refused, their tokens and tags, and their life. */
import { describe, expect, it } from 'vitest';
import { makeFolder, openScene, sharedScene } from '../support/scene.js';
import {
  CATALOG,
  callCatalog,
  change,
  createProduct,
  describeEntity,
  offerChange,
  productChange,
  start,
} from './scene.js';

const shared = sharedScene(() => undefined, { changeSetStepMs: 0 });

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
    [
      'ListChangeSets',
      {
        ...CATALOG,
        FilterList: [
          { Name: 'Status', ValueList: ['NONE'] },
          { Name: 'AfterEndTime', ValueList: ['x'] },
        ],
      },
      422,
    ],
    ['ListEntities', { ...CATALOG, EntityType: 'Offer', FilterList: [{ Name: 'Colour', ValueList: ['red'] }] }, 422],
    ['ListEntities', { ...CATALOG, EntityType: 'Offer', Sort: { SortBy: 'Colour' } }, 422],
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
