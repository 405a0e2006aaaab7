/** The documents of changes of an Offer@1.0. Sources as for products; "Update pricing terms" of the API Reference. */
import { list, object, oneOf, type Rule, text } from './rules.js';

const date = text({ pattern: /^\d{4}-\d{2}-\d{2}$/, form: 'a date as 2026-01-31' });
const duration = text({ pattern: /^P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?$/, form: 'a duration as P30D' });
const account = text({ pattern: /^\d{12}$/, form: 'an account of 12 digits' });
const country = text({ pattern: /^[A-Z]{2}$/, form: 'a country code of two letters' });

/** Documentation has a number here, the shapes a text. */
const price: Rule = (value, field) =>
  (typeof value === 'number' || typeof value === 'string') && /^\d{1,9}(\.\d{1,8})?$/.test(String(value))
    ? []
    : [{ field, message: `must be a price as 0.05; received ${JSON.stringify(value)}` }];

const dimensionKey = text({ max: 100 });
/** AWS's limit of a rate card is 800 rows. */
const rateCard = list(object({ DimensionKey: dimensionKey, Price: price }, ['DimensionKey', 'Price']), 1, 800);
const usageTerm = object(
  {
    Type: oneOf(['UsageBasedPricingTerm']),
    CurrencyCode: oneOf(['USD']),
    RateCards: list(object({ RateCard: rateCard }, ['RateCard']), 1, 1),
  },
  ['Type', 'CurrencyCode', 'RateCards'],
);
const trialDuration = text({ pattern: /^P(?:[5-9]|[12]\d|3[01])D$/, form: 'a duration of P5D to P31D' });
const trialTerm = object(
  {
    Type: oneOf(['FreeTrialPricingTerm']),
    Duration: trialDuration,
    Grants: list(object({ DimensionKey: dimensionKey }, ['DimensionKey']), 1, 800),
  },
  ['Type', 'Duration', 'Grants'],
);
const termRules: Readonly<Record<string, Rule>> = { UsageBasedPricingTerm: usageTerm, FreeTrialPricingTerm: trialTerm };
const pricingTerm: Rule = (value, field) => {
  const type = (value as { readonly Type?: unknown } | null)?.Type;
  const rule = typeof type === 'string' && Object.hasOwn(termRules, type) ? termRules[type] : undefined;
  return (rule ?? object({ Type: oneOf(Object.keys(termRules)) }, ['Type']))(value, field);
};
const legalDocument = object(
  {
    Type: oneOf(['StandardEula', 'CustomEula']),
    Version: text({ max: 50 }),
    Url: text({ max: 2048, pattern: /^https:\/\/\S+$/, form: 'an https URL' }),
  },
  ['Type'],
);

function terms(term: Rule, min: number, max: number): Rule {
  return object({ Terms: list(term, min, max) }, ['Terms']);
}

const named = { Name: text({ max: 150 }) };
const buyers = object({ BuyerAccounts: list(account, 0, 26), CountryCodes: list(country, 0, 300) });

export const OFFER_RULES: Readonly<Record<string, Rule>> = {
  CreateOffer: object({ ...named, ProductId: text({ max: 50 }) }, ['ProductId']),
  UpdateInformation: object({ ...named, Description: text({ max: 255 }) }),
  UpdatePricingTerms: object({ PricingModel: oneOf(['Free', 'Usage']), Terms: list(pricingTerm, 1, 2) }, [
    'PricingModel',
    'Terms',
  ]),
  UpdateLegalTerms: terms(
    object({ Type: oneOf(['LegalTerm']), Documents: list(legalDocument, 1, 1) }, ['Type', 'Documents']),
    1,
    1,
  ),
  UpdateSupportTerms: terms(
    object({ Type: oneOf(['SupportTerm']), RefundPolicy: text({ max: 500 }) }, ['Type', 'RefundPolicy']),
    0,
    1,
  ),
  UpdateValidityTerms: terms(
    object(
      {
        Type: oneOf(['ValidityTerm']),
        AgreementDuration: duration,
        AgreementStartDate: date,
        AgreementEndDate: date,
      },
      ['Type'],
    ),
    0,
    1,
  ),
  UpdateRenewalTerms: terms(object({ Type: oneOf(['RenewalTerm']) }, ['Type']), 0, 1),
  UpdateTargeting: object({
    PositiveTargeting: buyers,
    NegativeTargeting: object({ CountryCodes: list(country, 0, 300) }),
  }),
  UpdateAvailability: object({ AvailabilityEndDate: date }, ['AvailabilityEndDate']),
  ReleaseOffer: object({}),
};
