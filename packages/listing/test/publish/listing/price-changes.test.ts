import { expect, it } from 'vitest';
import { priceChangesText, withOlderPrices } from '../../../src/publish/listing/price-changes.js';

const terms = (prices: Readonly<Record<string, string | number>>) => [
  {
    Type: 'UsageBasedPricingTerm',
    RateCards: [{ RateCard: Object.entries(prices).map(([DimensionKey, Price]) => ({ DimensionKey, Price })) }],
  },
];
const offer = { id: 'offer-1', details: { ProductId: 'prod-1', Terms: terms({ a: '0.10', b: 0.2, c: '0.3' }) } };
const change = (prices: Readonly<Record<string, string>>) => [
  { ChangeType: 'UpdatePricingTerms', Entity: { Type: 'Offer@1.0' }, DetailsDocument: { Terms: terms(prices) } },
];

it('prices that change are listed with the old and the new one', () => {
  expect(priceChangesText(offer, change({ a: '0.15', b: '0.20', d: '1' }))).toBe(
    'a 0.10 to 0.15 USD, d new at 1 USD, c gone',
  );
});

it('prices that stay are not listed, nor those of a new offer', () => {
  expect(priceChangesText(offer, change({ a: '0.1', b: '0.20', c: '0.30' }))).toBeUndefined();
  expect(priceChangesText(offer, [])).toBeUndefined();
  expect(priceChangesText(undefined, change({ a: '1' }))).toBeUndefined();
});

it('the prices of older versions stay where the product has their dimensions, in the trial too', () => {
  const [usage] = terms({ a: '0.15' });
  const trial = { Type: 'FreeTrialPricingTerm', Grants: [{ DimensionKey: 'a' }] };

  expect(withOlderPrices([usage!, trial], offer, ['a', 'b'])).toEqual([
    terms({ a: '0.15', b: 0.2 })[0],
    { ...trial, Grants: [{ DimensionKey: 'a' }, { DimensionKey: 'b' }] },
  ]);
  expect(withOlderPrices([usage!], offer, ['a'])).toEqual([usage]);
});
