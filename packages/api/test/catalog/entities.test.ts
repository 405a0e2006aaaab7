/** Lists of products and offers. */
import { expect, it } from 'vitest';
import { CATALOG, callCatalog, change, offerChange, sharedProduct } from './scene.js';

let product = '';
let offer = '';
const shared = sharedProduct((made) => {
  ({ product, offer } = made);
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
