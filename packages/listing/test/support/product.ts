/** The product.yaml of an algorithm of this repository, as it is or with one change. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProductFile, parseProduct } from '../../src/product/product-file.js';

export const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
export const ALGORITHMS = ['gradient-boosting', 'linear-regression', 'neural-network'] as const;

export function productText(algorithm: string): string {
  return readFileSync(join(ROOT, 'algorithms', algorithm, 'listing', 'product.yaml'), 'utf8');
}

/** @throws Error where `from` is not in the text, which would make a test that cannot fail */
export function replaceIn(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, () => to);
  if (changed === text) throw new Error(`the text must have ${from}`);
  return changed;
}

/** That of linear regression with one change. */
export function changedProduct(from: string | RegExp, to: string): ProductFile {
  return parseProduct(replaceIn(productText('linear-regression'), from, to), 'product.yaml');
}
