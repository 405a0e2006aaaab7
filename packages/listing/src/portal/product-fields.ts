/** The portal's first step: general product information. */
import { CHARACTERS } from '../product/limits.js';
import type { Product } from '../product/schema.js';
import type { Section } from './field.js';

/** @param description text of description.md without its heading */
export function productSections(product: Product, description: string, shortDescription: string): readonly Section[] {
  const { title, highlights, categories, keywords, links, regions } = product;
  return [
    {
      title: 'Product descriptions',
      fields: [
        {
          name: 'Product visibility',
          note: product.visibility === 'public' ? 'Choose **Public**.' : 'Choose **Private**.',
        },
        { name: 'Product title', text: title, limit: CHARACTERS.title },
        { name: 'SKU', text: product.sku, limit: CHARACTERS.sku },
        { name: 'Short product description', text: shortDescription, limit: CHARACTERS.shortDescription },
        { name: 'Product overview', text: description, limit: CHARACTERS.description },
        ...highlights.map((text, i) => ({ name: `Highlight ${i + 1}`, text, limit: CHARACTERS.highlight })),
        ...categories.map((name, i) => ({ name: `Product category ${i + 1}`, note: `Choose **${name}**.` })),
      ],
    },
    {
      title: 'Promotional resources',
      fields: [
        { name: 'Product logo', note: `Upload \`listing/${product.logo}\`.` },
        { name: 'Search keywords', text: keywords.join(','), limit: CHARACTERS.keywords },
        ...links.resources.flatMap(({ text, url }, i) => [
          { name: `Resource ${i + 1}: title`, text, limit: CHARACTERS.resourceText },
          { name: `Resource ${i + 1}: URL`, text: url, limit: CHARACTERS.url },
        ]),
      ],
    },
    {
      title: 'Support information',
      fields: [
        { name: 'Are you offering support?', note: 'Choose **Yes**.' },
        { name: 'Support details', text: product.support, limit: CHARACTERS.support },
      ],
    },
    {
      title: 'Region availability',
      fields: [
        {
          name: 'Regions',
          note:
            regions === 'all'
              ? 'Choose **Make available in all current and future supported Regions**. It cannot be changed later.'
              : `Choose ${regions.join(', ')}. It cannot be changed later.`,
        },
      ],
    },
  ];
}
