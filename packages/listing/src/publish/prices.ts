/**
 * What instances cost, from AWS's Price List API and from nowhere else: where it does not say, the cost is not known.
 * Source: AWS Price List Query API, GetProducts of AmazonSageMaker.
 */
import { z } from 'zod';
import type { Clients } from './clients.js';
import type { InstanceHours } from './step.js';

/** USD per hour of an instance type for a use; undefined: not known. */
export type Prices = (use: InstanceHours['use'], type: string) => Promise<number | undefined>;

/** As usage types name the uses: `USE1-Host:ml.m5.large`. */
const USAGES: Readonly<Record<InstanceHours['use'], string>> = { training: 'Train', realTime: 'Host', batch: 'Tsform' };

export function priceList({ pricing }: Clients, region: string): Prices {
  const known = new Map<string, Promise<number | undefined>>();
  const ask = async (use: InstanceHours['use'], type: string): Promise<number | undefined> => {
    const fields = { regionCode: region, instanceName: type };
    const Filters = Object.entries(fields).map(([Field, Value]) => ({ Type: 'TERM_MATCH' as const, Field, Value }));
    try {
      const { PriceList = [] } = await pricing.getProducts({ ServiceCode: 'AmazonSageMaker', Filters });
      return onlyPrice(PriceList.map(String), `${USAGES[use]}:${type}`);
    } catch {
      return undefined; // no permission, no such API: a price is no reason to end
    }
  };
  return (use, type) => {
    const key = `${use} ${type}`;
    const found = known.get(key) ?? ask(use, type);
    known.set(key, found);
    return found;
  };
}

/** `up to 0.12 USD`, of the longest times; `none` where nothing runs. */
export async function costText(prices: Prices, instances: readonly InstanceHours[]): Promise<string> {
  if (instances.length === 0) return 'none';
  let sum = 0;
  for (const { use, type, hours } of instances) {
    const price = await prices(use, type);
    if (price === undefined) return 'not known';
    sum += price * hours;
  }
  return `up to ${sum.toFixed(2)} USD`;
}

// --- internal ---

const productSchema = z.looseObject({
  product: z.looseObject({ attributes: z.looseObject({ usagetype: z.string() }) }),
  terms: z.looseObject({
    OnDemand: z.record(
      z.string(),
      z.looseObject({
        priceDimensions: z.record(
          z.string(),
          z.looseObject({ unit: z.string(), pricePerUnit: z.looseObject({ USD: z.string().optional() }) }),
        ),
      }),
    ),
  }),
});

/** The price per hour of the products with a usage, if all have the same one. */
function onlyPrice(products: readonly string[], usage: string): number | undefined {
  const prices = new Set(
    products.flatMap((text) => {
      const { data } = productSchema.safeParse(JSON.parse(text));
      if (!data || data.product.attributes.usagetype.replace(/^[A-Z0-9]+-/, '') !== usage) return [];
      const dimensions = Object.values(data.terms.OnDemand).flatMap((term) => Object.values(term.priceDimensions));
      return dimensions.filter(({ unit }) => /^h(ou)?rs?$/i.test(unit)).map(({ pricePerUnit }) => pricePerUnit.USD);
    }),
  );
  const [price] = prices;
  return prices.size === 1 && price !== undefined ? Number(price) : undefined;
}
