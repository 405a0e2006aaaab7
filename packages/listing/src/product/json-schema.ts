/**
 * The JSON schema of `product.yaml`, which editors complete and check the file with. It names the instance types that AWS
 * has for each use, so that editors offer them, and allows others: AWS adds some every month.
 */
import { z } from 'zod';
import { typesOf } from './instance-types.js';
import { productSchema, type Use } from './schema.js';

/** As product.schema.json holds it. */
export function productJsonSchema(): object {
  return z.toJSONSchema(productSchema, {
    io: 'input',
    override({ jsonSchema, path }) {
      const [, parent, , use] = path;
      if (parent !== 'instances' || path.length !== 4) return;
      const { propertyNames, additionalProperties } = jsonSchema;
      if (typeof propertyNames !== 'object' || typeof additionalProperties !== 'object') return;
      jsonSchema.properties = Object.fromEntries(typesOf(use as Use).map((type) => [type, {}]));
      jsonSchema.patternProperties = { [propertyNames.pattern!]: additionalProperties };
      jsonSchema.additionalProperties = false;
      delete jsonSchema.propertyNames;
    },
  });
}
