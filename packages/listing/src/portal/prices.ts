/** The prices of a product as rows: every supported instance type of every use, and the price per inference. */
import { USE_NAMES } from '../product/instance-types.js';
import type { Product, Use } from '../product/schema.js';

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
export function priceRows({ pricing, instances }: Product): readonly PriceRow[] {
  if (pricing.model === 'free') return [];
  const isPerInference = pricing.model === 'per-inference';
  const uses = (['training', 'realTime', 'batch'] as const).filter((use) => !(isPerInference && use === 'realTime'));
  const hourly = uses.flatMap((use) =>
    Object.entries(instances[use] ?? {}).map(([type, price]) => ({
      ...{ dimension: `${type}.${ENDINGS[use]}`, use: USE_NAMES[use], type },
      price: price ?? undefined,
    })),
  );
  if (!isPerInference) return hourly;
  return [...hourly, { dimension: PER_INFERENCE, use: USE_NAMES.realTime, price: pricing.inference?.price }];
}

/** Dollars as AWS takes them: no exponent, 8 decimals. */
export function dollars(price: number): string {
  return price.toFixed(8).replace(/(\.\d\d\d*?)0+$/, '$1');
}
