/** Checks of the definition alone. */
import assert from 'node:assert/strict';
import type { Algorithm } from '../../algorithm.js';
import { describeFields, nextDouble } from '../../hyperparameters/field.js';
import { readCandidates } from '../../hyperparameters/parse-value.js';
import { describeAlgorithm } from '../../specification/describe.js';
import type { Check } from './check.js';

export function definitionChecks(algorithm: Algorithm): Check[] {
  return [
    {
      title: 'the definition keeps the limits of CreateAlgorithm',
      run: async () => {
        await algorithm.loadHyperparameters();
        describeAlgorithm(algorithm);
      },
    },
    {
      title: 'every default of a hyperparameter is a value that its own rule accepts',
      run: async () => {
        for (const { name, schema, rule } of describeFields(await algorithm.loadHyperparameters()).values()) {
          if (rule.default === undefined) continue;
          const parsed = schema.safeParse(rule.default);
          assert.ok(parsed.success, `default of "${name}" is refused: ${JSON.stringify(rule.default)}`);
        }
      },
    },
    {
      title: 'the bounds that are published for a hyperparameter are accepted, and nothing beyond them',
      run: async () => {
        const fields = describeFields(await algorithm.loadHyperparameters());
        for (const { Name, Type, Range } of describeAlgorithm(algorithm).TrainingSpecification
          ?.SupportedHyperParameters ?? []) {
          const bounds = Range?.IntegerParameterRangeSpecification ?? Range?.ContinuousParameterRangeSpecification;
          const field = fields.get(algorithm.hyperparameterAliases?.[Name] ?? Name);
          if (!bounds || !field) continue;
          const accepts = (text: string) =>
            readCandidates(field.rule, text).some((value) => field.schema.safeParse(value).success);
          const beyond = (text: string, sign: 1 | -1) =>
            String(Type === 'Integer' ? Number(text) + sign : nextDouble(Number(text), sign));
          for (const text of [bounds.MinValue, bounds.MaxValue]) {
            assert.ok(accepts(text), `the published bound ${text} of "${Name}" is refused`);
          }
          for (const text of [beyond(bounds.MinValue, -1), beyond(bounds.MaxValue, 1)]) {
            assert.ok(!accepts(text), `"${Name}" accepts ${text}, which is beyond its published bounds`);
          }
        }
      },
    },
  ];
}
