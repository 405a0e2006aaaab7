/** The changes that make a product's public offer: a price for each dimension, trial, agreement, refunds. */
import type { RequestedChange } from '@algo/api/requests';
import { dollars, priceRows } from '../portal/prices.js';
import type { Document, Source } from './source.js';

const OFFER = 'Offer@1.0';
const IDENTIFIER = '$CreateOfferChange.Entity.Identifier';
/** Of AWS Marketplace's standard contract. */
const STANDARD_VERSION = '2022-07-14';

/** @param product identifier of the product, or a reference to the change that makes it */
export function offerChanges(source: Source, product: string): readonly RequestedChange[] {
  const { title } = source.product;
  return [
    {
      ChangeType: 'CreateOffer',
      ChangeName: 'CreateOfferChange',
      Entity: { Type: OFFER },
      DetailsDocument: { ProductId: product, Name: `Public offer of ${title}` },
    },
    ...termChanges(source, IDENTIFIER),
    { ChangeType: 'ReleaseOffer', Entity: { Type: OFFER, Identifier: IDENTIFIER }, DetailsDocument: {} },
  ];
}

/** The changes that give an offer its terms. @param offer its identifier */
export function termChanges(source: Source, offer: string): readonly (RequestedChange & TermsChange)[] {
  const change = (ChangeType: string, DetailsDocument: TermsDocument) => ({
    ...{ ChangeType, Entity: { Type: OFFER, Identifier: offer }, DetailsDocument },
  });
  return [
    change('UpdatePricingTerms', { PricingModel: 'Usage', Terms: pricingTerms(source) }),
    change('UpdateLegalTerms', { Terms: [{ Type: 'LegalTerm', Documents: [agreement(source)] }] }),
    change('UpdateSupportTerms', { Terms: [{ Type: 'SupportTerm', RefundPolicy: source.product.refunds }] }),
  ];
}

interface TermsDocument extends Document {
  readonly Terms: readonly Document[];
}

interface TermsChange {
  readonly DetailsDocument: TermsDocument;
}

// --- internal ---

function pricingTerms(source: Source): readonly Document[] {
  const rows = priceRows(source);
  const rateCard = rows.flatMap(({ dimension, price }) =>
    price === undefined ? [] : [{ DimensionKey: dimension, Price: dollars(price) }],
  );
  const { freeTrialDays } = source.product.pricing;
  return [
    { Type: 'UsageBasedPricingTerm', CurrencyCode: 'USD', RateCards: [{ RateCard: rateCard }] },
    ...(freeTrialDays === undefined
      ? []
      : [
          {
            Type: 'FreeTrialPricingTerm',
            Duration: `P${freeTrialDays}D`,
            Grants: rows.map(({ dimension }) => ({ DimensionKey: dimension })),
          },
        ]),
  ];
}

function agreement({ product: { eula }, seller }: Source): Document {
  if (eula === 'standard') return { Type: 'StandardEula', Version: STANDARD_VERSION };
  return { Type: 'CustomEula', Url: `${seller.publicFiles}/${eula}` };
}
