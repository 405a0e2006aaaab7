/** The portal's last steps: prices and terms, and who tests the product. */
import type { Source } from '../documents/source.js';
import { CHARACTERS } from '../product/limits.js';
import type { Section } from './field.js';
import { dollars, priceRows } from './prices.js';

const MODELS = { free: 'Free', hourly: 'Hourly price', 'per-inference': 'Price per inference' } as const;

export function offerSections(source: Pick<Source, 'product' | 'definition'>): readonly Section[] {
  const { product } = source;
  const { pricing, eula, refunds, taxCode, testAccounts } = product;
  const trial =
    pricing.freeTrialDays === undefined
      ? 'No free trial.'
      : `Choose a free trial of **${pricing.freeTrialDays} days**.`;
  return [
    {
      title: 'Pricing and terms',
      fields: [
        {
          name: 'Pricing',
          note: `Choose **${MODELS[pricing.model]}**. It cannot be exchanged for another model later.\n\n${priceTable(source)}`.trim(),
        },
        ...(pricing.model === 'per-inference'
          ? [
              {
                name: 'Inference dimension',
                text: pricing.inference?.dimension,
                missing: 'pricing.inference.dimension',
              },
            ]
          : []),
        { name: 'Free trial', note: trial },
        { name: 'Refund policy', text: refunds, limit: CHARACTERS.refunds },
        {
          name: 'End user licence agreement',
          note: eula === 'standard' ? "Choose AWS Marketplace's standard contract." : `Upload \`listing/${eula}\`.`,
        },
        ...(taxCode === undefined ? [] : [{ name: 'Product tax code', text: taxCode }]),
      ],
    },
    {
      title: 'Submit for publishing',
      fields: [{ name: 'Additional test accounts', text: testAccounts.join(', ') || undefined }],
    },
  ];
}

// --- internal ---

/** Every dimension with its price, so that a missing one is seen before the portal refuses it. */
function priceTable(source: Pick<Source, 'product' | 'definition'>): string {
  const rows = priceRows(source).map(({ use, type, price, dimension }) => [
    use,
    type ?? 'each inference',
    price === undefined ? '**missing**' : dollars(price),
    dimension,
  ]);
  if (rows.length === 0) return '';
  const header = ['use', 'instance type', 'USD', 'dimension'];
  return [header, ['---', '---', '---:', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
