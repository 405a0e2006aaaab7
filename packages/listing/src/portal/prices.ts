/** The prices of a product as rows: every supported instance type of every use, and the price per inference. */
import type { Source } from '../documents/source.js';
import { everyType, USE_NAMES, usesOf } from '../product/instance-types.js';
import type { Use } from '../product/schema.js';

export interface PriceRow {
  /** AWS's key of the dimension, such as `ml.m5.large.a.t`. */
  readonly dimension: string;
  readonly use: string;
  /** Absent for a price per inference. */
  readonly type?: string;
  /** USD per hour or per inference; undefined: not decided. */
  readonly price: number | undefined;
}

/** Endings of dimensions' keys: training, real-time and batch hours. Source: AWS Marketplace API Reference, pricing terms. */
const ENDINGS: Readonly<Record<Use, string>> = { training: 'a.t', realTime: 'm.i.r', batch: 'm.i.b' };
const PER_INFERENCE = 'm.i.c';

/** None for a free product. With prices per inference, real-time hours have no price. */
export function priceRows({ product, definition }: Pick<Source, 'product' | 'definition'>): readonly PriceRow[] {
  const { pricing } = product;
  if (pricing.model === 'free') return [];
  const isPerInference = pricing.model === 'per-inference';
  const uses = usesOf(definition).filter((use) => !(isPerInference && use === 'realTime'));
  const hourly = everyType(product, uses).map(({ use, type, price }) => ({
    ...{ dimension: `${type}.${ENDINGS[use]}`, use: USE_NAMES[use], type },
    price: price ?? undefined,
  }));
  if (!isPerInference) return hourly;
  return [...hourly, { dimension: PER_INFERENCE, use: USE_NAMES.realTime, price: pricing.inference?.price }];
}

/** Dollars as AWS takes them: no exponent, 8 decimals. */
export function dollars(price: number): string {
  return price.toFixed(8).replace(/(\.\d\d\d*?)0+$/, '$1');
}
