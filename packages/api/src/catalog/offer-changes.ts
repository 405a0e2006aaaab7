/** What each change of an offer does to its details. Prices are compared with the product's dimensions at the end of a set. */
import { changeError } from './change-error.js';
import { timeText } from './entity.js';
import type { ProductDetails } from './product-details.js';

export interface Term {
  readonly Type: string;
  readonly RateCards?: readonly { readonly RateCard: readonly { readonly DimensionKey: string }[] }[];
  readonly Grants?: readonly { readonly DimensionKey: string }[];
  readonly [member: string]: unknown;
}

export interface OfferDetails {
  readonly Id: string;
  readonly Name?: string;
  readonly Description?: string;
  readonly ProductId: string;
  readonly State: 'Draft' | 'Released';
  readonly ReleaseDate?: string;
  readonly AvailabilityEndDate?: string;
  readonly PricingModel?: 'Free' | 'Usage';
  readonly Terms: readonly Term[];
  readonly Rules: readonly Rule[];
}

interface Rule {
  readonly Type: string;
  readonly [member: string]: unknown;
}

interface TargetingRule {
  readonly PositiveTargeting?: {
    readonly BuyerAccounts?: readonly string[];
    readonly CountryCodes?: readonly string[];
  };
}

type Change = (offer: OfferDetails, request: never) => OfferDetails;

export function newOffer(id: string, request: { readonly ProductId: string; readonly Name?: string }): OfferDetails {
  return { Id: id, ...request, State: 'Draft', Terms: [], Rules: [] };
}

const replaceTerms = (types: readonly string[]): Change =>
  ((offer, { Terms }: { readonly Terms: readonly Term[] }) => ({
    ...offer,
    Terms: [...offer.Terms.filter(({ Type }) => !types.includes(Type)), ...Terms],
  })) satisfies (offer: OfferDetails, request: { readonly Terms: readonly Term[] }) => OfferDetails;

const PRICING = ['UsageBasedPricingTerm', 'FreeTrialPricingTerm'];
const pricing = replaceTerms(PRICING);

/** By change type. Each throws a ChangeError when it cannot be. */
export const OFFER_CHANGES: Readonly<Record<string, Change>> = {
  UpdateInformation: (offer, request: { readonly Name?: string; readonly Description?: string }) => ({
    ...offer,
    ...request,
  }),
  UpdatePricingTerms: (
    offer,
    request: { readonly PricingModel: 'Free' | 'Usage'; readonly Terms: readonly Term[] },
  ) => {
    const { PricingModel } = request;
    if (offer.State === 'Released' && offer.PricingModel === 'Free' && PricingModel !== 'Free') {
      throw changeError('INVALID_PRICING_MODEL', 'A released offer that is free must stay free.');
    }
    return { ...pricing(offer, request as never), PricingModel };
  },
  UpdateLegalTerms: replaceTerms(['LegalTerm']),
  UpdateSupportTerms: replaceTerms(['SupportTerm']),
  UpdateValidityTerms: replaceTerms(['ValidityTerm']),
  UpdateRenewalTerms: replaceTerms(['RenewalTerm']),
  UpdateTargeting: (offer, request: object) => ({
    ...offer,
    Rules: [...offer.Rules.filter(({ Type }) => Type !== 'TargetingRule'), { Type: 'TargetingRule', ...request }],
  }),
  UpdateAvailability: (offer, { AvailabilityEndDate }: { readonly AvailabilityEndDate: string }) => ({
    ...offer,
    AvailabilityEndDate,
    Rules: [
      ...offer.Rules.filter(({ Type }) => Type !== 'AvailabilityRule'),
      { Type: 'AvailabilityRule', AvailabilityEndDate },
    ],
  }),
  ReleaseOffer(offer) {
    if (offer.State === 'Released') throw changeError('INVALID_INPUT', `Offer ${offer.Id} is released already.`);
    const types = offer.Terms.map(({ Type }) => Type);
    const missing = ['UsageBasedPricingTerm', 'LegalTerm', 'SupportTerm'].filter((type) => !types.includes(type));
    if (missing.length > 0) throw changeError('MISSING_TERMS', `Offer ${offer.Id} must have ${missing.join(', ')}.`);
    return { ...offer, State: 'Released', ReleaseDate: timeText(Date.now() / 1000) };
  },
};

/** Whom an offer is for, as lists have it: accounts, countries, or None, which is everybody. */
export function targetingOf({ Rules }: OfferDetails): {
  readonly accounts: readonly string[];
  readonly kinds: readonly string[];
} {
  const rule = Rules.find(({ Type }) => Type === 'TargetingRule') as TargetingRule | undefined;
  const { BuyerAccounts = [], CountryCodes = [] } = rule?.PositiveTargeting ?? {};
  const kinds = [
    ...(BuyerAccounts.length > 0 ? ['BuyerAccounts'] : []),
    ...(CountryCodes.length > 0 ? ['CountryCodes'] : []),
  ];
  return { accounts: BuyerAccounts, kinds: kinds.length > 0 ? kinds : ['None'] };
}

/** What one inference costs; only where calls are priced. */
const INFERENCE_KEYS = ['m.i.c', 'inference.count.m.i.c'];

/** Sentences on prices that the product's dimensions do not have, or that are missing. */
export function pricingProblems(offer: OfferDetails, product: ProductDetails): readonly string[] {
  const known = product.Dimensions.map(({ Key }) => Key);
  return offer.Terms.filter(({ Type }) => PRICING.includes(Type)).flatMap(({ Type, RateCards, Grants }) => {
    const keys = (RateCards?.[0]?.RateCard ?? Grants ?? []).map(({ DimensionKey }) => DimensionKey);
    // Calls may be priced in the place of real-time hours.
    const isByCall = keys.some((key) => INFERENCE_KEYS.includes(key));
    const missing = known.filter((key) => !keys.includes(key) && !(isByCall && key.endsWith('.m.i.r')));
    const foreign = keys.filter((key) => !known.includes(key) && !INFERENCE_KEYS.includes(key));
    const twice = keys.filter((key, i) => keys.indexOf(key) < i);
    return [
      ...(missing.length > 0 ? [`${Type} must have ${missing.join(', ')}.`] : []),
      ...(foreign.length > 0 ? [`${Type} must have dimensions of the product; it has ${foreign.join(', ')}.`] : []),
      ...(twice.length > 0 ? [`${Type} must have each dimension once; it has ${twice.join(', ')} twice.`] : []),
    ];
  });
}
