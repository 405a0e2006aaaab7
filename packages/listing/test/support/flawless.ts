/** A listing without findings: that of linear regression with the public addresses that ours has not. */
import type { Material } from '../../src/material.js';
import { parseProduct } from '../../src/product/product-file.js';
import { materialOf } from './material.js';
import { productText, replaceIn } from './product.js';

const LINKS = `links:
  notebook: https://example.org/listing/notebook.ipynb
  repository: https://example.org/listing
  samples: https://example.org/listing/data
`;

export async function flawlessMaterial(): Promise<Material> {
  const material = await materialOf('linear-regression');
  const text = replaceIn(productText('linear-regression'), /^links: .*\n/m, LINKS);
  return {
    ...material,
    productFile: parseProduct(text, 'product.yaml'),
  };
}

/** With one change of its product.yaml. */
export function withProduct(material: Material, from: string | RegExp, to: string): Material {
  const text = replaceIn(replaceIn(productText('linear-regression'), /^links: .*\n/m, LINKS), from, to);
  return { ...material, productFile: parseProduct(text, 'product.yaml') };
}
