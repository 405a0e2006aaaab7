import { expect, it } from 'vitest';
import { openClients } from '../../src/publish/clients.js';
import { costText, priceList } from '../../src/publish/prices.js';
import { answering } from '../support/faults.js';

/** As the Price List API has it: JSON in a text. */
function product(usagetype: string, price: string, unit = 'Hrs'): string {
  const priceDimensions = { rate: { unit, pricePerUnit: { USD: price } } };
  return JSON.stringify({
    product: { attributes: { usagetype } },
    terms: { OnDemand: { offer: { priceDimensions } } },
  });
}

async function pricesOf(PriceList: readonly string[]) {
  const around = answering(() => ({ PriceList }));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return priceList(await openClients({ region: 'us-east-1', credentials, around }), 'us-east-1');
}

const HOST = product('USE1-Host:ml.m5.large', '0.12');
const instances = [{ use: 'realTime' as const, type: 'ml.m5.large', hours: 2 }];

it('is the price of the use and type, times the hours', async () => {
  const prices = await pricesOf([
    HOST,
    product('USE1-Train:ml.m5.large', '0.5'),
    product('USE1-Host:ml.m5.large', '9', 'GB'),
  ]);

  expect(await costText(prices, instances)).toBe('up to 0.24 USD');
  expect(await costText(prices, [])).toBe('none');
});

it.each([
  ['none', []],
  ['two of them', [HOST, product('Host:ml.m5.large', '0.13')]],
])('is not known where the price list has %s', async (_, list) => {
  expect(await costText(await pricesOf(list), instances)).toBe('not known');
});
