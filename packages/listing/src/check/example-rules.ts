/** A rule of what templates leave to the seller: addresses of nobody, which buyers would write to. Source of the domains: RFC 2606. */
import type { FieldPath } from '../product/product-file.js';
import { productRule, type Rule, SOURCES } from './rule.js';

const EXAMPLE_DOMAIN = /(?:[\w+.@-]*[.@]|(?<![\w.+-]))example\.(?:com|org|net)(?![\w-]|\.\w)/i;

/** Apart from the others, so that numbers of rules stay. */
export const EXAMPLE_RULES: readonly Rule[] = [
  productRule('no text or link of product.yaml has an address of an example domain', SOURCES.requirements, (product) =>
    textsIn(product, []).flatMap(([path, text]) => {
      const found = EXAMPLE_DOMAIN.exec(text)?.[0];
      return found === undefined ? [] : [[path, `must have your own address; found "${found}"`] as const];
    }),
  ),
];

// --- internal ---

/** Every text below a value, with its place. */
function textsIn(value: unknown, path: FieldPath): readonly (readonly [FieldPath, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((one, i) => textsIn(one, [...path, i]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => textsIn(one, [...path, key]));
}
