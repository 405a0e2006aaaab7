/** Checks of the definition alone. */
import assert from 'node:assert/strict';
import type { Algorithm } from '../../algorithm.js';
import { describeFields } from '../../hyperparameters/field.js';
import { describeAlgorithm } from '../../specification.js';
import type { Check } from './check.js';

export function definitionChecks(algorithm: Algorithm): Check[] {
  return [
    {
      title: 'the definition keeps the limits of CreateAlgorithm',
      run: async () => void describeAlgorithm(algorithm),
    },
    {
      title: 'every default of a hyperparameter is a value that its own rule accepts',
      run: async () => {
        for (const { name, schema, rule } of describeFields(algorithm.hyperparameters).values()) {
          if (rule.default === undefined) continue;
          const parsed = schema.safeParse(rule.default);
          assert.ok(parsed.success, `default of "${name}" is refused: ${JSON.stringify(rule.default)}`);
        }
      },
    },
    {
      title: 'a required channel reads CSV, which the sample data is in',
      run: async () => {
        const required = Object.values(algorithm.channels).filter((channel) => channel.required);
        assert.ok(required.some((channel) => channel.contentTypes.some((type) => type.startsWith('text/csv'))));
      },
    },
  ];
}
