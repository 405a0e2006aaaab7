import { join } from 'node:path';
import { expect, it } from 'vitest';
import { productJsonSchema } from '../../src/product/json-schema.js';

it('product.schema.json is the schema that product.yaml is read by (vitest -u writes it)', async () => {
  const text = `${JSON.stringify(productJsonSchema(), null, 2)}\n`;

  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '..', '..', 'product.schema.json'));
});
