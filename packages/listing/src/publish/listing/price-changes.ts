/** Prices that a change gives other values, for a person: AWS Marketplace may not let a price be changed again for months. */
import type { RequestedChange } from '@algo/api/requests';
import type { Document } from '../../documents/source.js';
import type { OfferEntity } from './entities.js';

/** `ml.m5.large.a.t 0.10 to 0.20 USD, ml.c5.large.a.t new at 0.30 USD`; undefined where no price changes. */
export function priceChangesText(
  offer: OfferEntity | undefined,
  changes: readonly RequestedChange[],
): string | undefined {
  const change = changes.find(({ ChangeType }) => ChangeType === 'UpdatePricingTerms');
  if (!offer || !change) return undefined;
  const before = pricesOf(offer.details.Terms);
  const after = pricesOf((change.DetailsDocument as { readonly Terms: readonly Term[] }).Terms);
  const texts = [...after].flatMap(([key, price]) => {
    const old = before.get(key);
    if (old === undefined) return [`${key} new at ${price} USD`];
    return Number(old) === Number(price) ? [] : [`${key} ${old} to ${price} USD`];
  });
  const gone = [...before.keys()].filter((key) => !after.has(key)).map((key) => `${key} gone`);
  return texts.length + gone.length === 0 ? undefined : [...texts, ...gone].join(', ');
}

/**
 * Terms with the prices that an offer has of dimensions which they leave out: the product keeps the instance types of its older
 * versions, and each must have a price.
 * @param dimensions keys of all that the product has
 */
export function withOlderPrices(
  terms: readonly Document[],
  offer: OfferEntity,
  dimensions: readonly string[],
): readonly Document[] {
  const wanted = pricesOf(terms as unknown as readonly Term[]);
  const older = [...pricesOf(offer.details.Terms)].filter(([key]) => dimensions.includes(key) && !wanted.has(key));
  if (older.length === 0) return terms;
  return terms.map((term) => {
    if (term.Type === 'FreeTrialPricingTerm') {
      const grants = older.map(([DimensionKey]) => ({ DimensionKey }));
      return { ...term, Grants: [...(term.Grants as readonly Document[]), ...grants] };
    }
    const [card] = term.RateCards as readonly RateCard[];
    const rows = older.map(([DimensionKey, Price]) => ({ DimensionKey, Price }));
    return { ...term, RateCards: [{ RateCard: [...card!.RateCard, ...rows] }] };
  });
}

// --- internal ---

interface Term {
  readonly Type: string;
  readonly RateCards?: unknown;
}

interface RateCard {
  readonly RateCard: readonly { readonly DimensionKey: string; readonly Price: string | number }[];
}

function pricesOf(terms: readonly Term[]): ReadonlyMap<string, string | number> {
  const usage = terms.find(({ Type }) => Type === 'UsageBasedPricingTerm');
  const [card] = (usage?.RateCards ?? []) as readonly RateCard[];
  return new Map((card?.RateCard ?? []).map(({ DimensionKey, Price }) => [DimensionKey, Price]));
}
