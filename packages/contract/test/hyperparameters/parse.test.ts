import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseHyperparameters } from '../../src/hyperparameters/parse.js';

const schema = z.object({
  num_round: z.int().min(1).max(4000).meta({ description: 'Rounds.' }),
  eta: z.number().min(0).max(1).default(0.3).meta({ description: 'Step.' }),
  gamma: z.number().gt(0).optional().meta({ description: 'Gain.' }),
  booster: z.enum(['gbtree', 'dart']).default('gbtree').meta({ description: 'Kind.' }),
  fit_intercept: z.boolean().default(true).meta({ description: 'Intercept.' }),
  hidden_units: z.array(z.int().min(1)).optional().meta({ description: 'Layers.' }),
  kernel_size: z.array(z.int().min(1)).min(1).max(3).optional().meta({ description: 'Sizes.' }),
  padding: z.array(z.int()).length(2).optional().meta({ description: 'Sides.' }),
  stops: z.array(z.string()).min(2).optional().meta({ description: 'Stops.' }),
  seed: z
    .union([z.int(), z.literal('auto')])
    .default('auto')
    .meta({ description: 'Seed.' }),
  note: z.string().optional().meta({ description: 'Text.' }),
});

const algorithm = {
  hyperparameters: schema,
  hyperparameterAliases: { learning_rate: 'eta' },
  checkHyperparameters: ({ booster, eta }: Record<string, unknown>) =>
    booster === 'dart' && eta === 1 ? ['With booster "dart", "eta" must be below 1; received 1.'] : [],
};

const parse = (received: Record<string, string>) => parseHyperparameters(algorithm, { num_round: '10', ...received });
const refusal = (received: Record<string, string>): string => {
  try {
    parseHyperparameters(algorithm, received);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('hyperparameter values of real clients', () => {
  it.each([
    ['a plain integer', { num_round: '25' }, { num_round: 25 }],
    ['a JSON-quoted integer', { num_round: '"256"' }, { num_round: 256 }],
    ['padded text', { eta: '  0.5\n' }, { eta: 0.5 }],
    ['padding inside JSON quotes', { eta: '" 0.5 "' }, { eta: 0.5 }],
    ['an exponent', { eta: '1e-2' }, { eta: 0.01 }],
    ['an integer with an empty fraction', { num_round: '25.0' }, { num_round: 25 }],
    ['Python’s True', { fit_intercept: 'True' }, { fit_intercept: true }],
    ['Python’s False in quotes', { fit_intercept: '"False"' }, { fit_intercept: false }],
    ['a flag as 0', { fit_intercept: '0' }, { fit_intercept: false }],
    ['a quoted category', { booster: '"dart"' }, { booster: 'dart' }],
    ['an alias', { learning_rate: '0.7' }, { eta: 0.7 }],
    ['a list between commas', { hidden_units: '128, 64' }, { hidden_units: [128, 64] }],
    ['a JSON list', { hidden_units: '[128,64]' }, { hidden_units: [128, 64] }],
    ['either side of a union, number', { seed: '7' }, { seed: 7 }],
    ['either side of a union, word', { seed: 'auto' }, { seed: 'auto' }],
    ['text unchanged', { note: 'a "b" c' }, { note: 'a "b" c' }],
  ])('are accepted: %s', (_, received, expected) => {
    expect(parse(received as Record<string, string>)).toMatchObject(expected);
  });

  it('may include the names that the platform and AWS’s clients add', () => {
    const values = parse({ _tuning_objective_metric: 'validation:rmse', sagemaker_program: 'train.py' });

    expect(values).toEqual({ num_round: 10, eta: 0.3, booster: 'gbtree', fit_intercept: true, seed: 'auto' });
  });

  it('are read as the same number for every decimal that JavaScript prints, bare or JSON-quoted', () => {
    const eta = fc.double({ min: 0, max: 1, noNaN: true });

    fc.assert(
      fc.property(eta, fc.boolean(), (value, isQuoted) => {
        const text = isQuoted ? JSON.stringify(String(value)) : String(value);
        expect(parse({ eta: text }).eta).toBe(Object.is(value, -0) ? 0 : value);
      }),
      { seed: 1 },
    );
  });
});

describe('invalid hyperparameters', () => {
  it.each([
    ['0', 'Hyperparameter "num_round" must be an integer in [1, 4000]; received "0".'],
    ['6.5', 'Hyperparameter "num_round" must be an integer in [1, 4000]; received "6.5".'],
    ['', 'Hyperparameter "num_round" must be an integer in [1, 4000]; received "".'],
    ['5abc', 'Hyperparameter "num_round" must be an integer in [1, 4000]; received "5abc".'],
    ['0x10', 'Hyperparameter "num_round" must be an integer in [1, 4000]; received "0x10".'],
    ['NaN', 'Hyperparameter "num_round" must be an integer in [1, 4000]; received "NaN".'],
    ['null', 'Hyperparameter "num_round" must be an integer in [1, 4000]; received "null".'],
  ])('are refused with key, rule and value: num_round %j', (text, message) => {
    expect(refusal({ num_round: text })).toBe(message);
  });

  it.each([
    [{ fit_intercept: 'yes' }, '"fit_intercept" must be true or false; received "yes".'],
    [{ booster: 'gblinear' }, '"booster" must be one of gbtree, dart; received "gblinear".'],
    [{ gamma: '0' }, '"gamma" must be a number > 0; received "0".'],
    [{ eta: '1e999' }, '"eta" must be a number in [0, 1]; received "1e999".'],
    [{ hidden_units: '128,x' }, '"hidden_units" must be a list, each entry an integer ≥ 1; received "128,x".'],
    [
      { kernel_size: '1,2,3,4' },
      '"kernel_size" must be a list of 1 to 3 entries, each entry an integer ≥ 1; received "1,2,3,4".',
    ],
    [{ padding: '1' }, '"padding" must be a list of 2 entries, each entry an integer; received "1".'],
    [{ stops: 'a' }, '"stops" must be a list of ≥ 2 entries, each entry text; received "a".'],
    [{ seed: 'x' }, '"seed" must be an integer or "auto"; received "x".'],
  ])('are refused with the rule: %j', (received, sentence) => {
    expect(refusal({ num_round: '1', ...(received as Record<string, string>) })).toContain(sentence);
  });

  it('with a misspelt name are refused with the nearest known name, aliases included', () => {
    expect(refusal({ num_round: '1', eta_: '1' })).toBe('Unknown hyperparameter "eta_"; did you mean "eta"?');
    expect(refusal({ num_round: '1', learningrate: '1' })).toContain('did you mean "learning_rate"?');
  });

  it('with a name like no known one are refused with the known ones, once and not all of many', () => {
    const known = Object.keys(algorithm.hyperparameters.shape).join(', ');
    const many = z.object(Object.fromEntries(Array.from({ length: 18 }, (_, index) => [`p${index}`, z.string()])));
    const refused = (hyperparameters: z.ZodObject) => () =>
      parseHyperparameters({ hyperparameters }, { zzzzzzzz: '1', ['z'.repeat(3000)]: '1' });

    expect(refusal({ num_round: '1', zzzzzzzz: '1' })).toBe(`Unknown hyperparameter "zzzzzzzz"; known are ${known}.`);
    expect(refused(many.partial())).toThrow(
      `Unknown hyperparameter "zzzzzzzz"; known are p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15 and 2 more. Unknown hyperparameter "${'z'.repeat(63)}…".`,
    );
    expect(refused(z.object({}))).toThrow('Unknown hyperparameter "zzzzzzzz"; the algorithm has none.');
  });

  it('are all reported in one error', () => {
    const message = refusal({ eta: '2', boster: 'dart' });

    expect(message).toMatch(/^3 problems with the hyperparameters\. /);
    expect(message).toContain('"num_round" is required and must be an integer in [1, 4000]; it is missing.');
    expect(message).toContain('"eta" must be a number in [0, 1]; received "2".');
    expect(message).toContain('Unknown hyperparameter "boster"; did you mean "booster"?');
  });

  it('given under a name and its alias: the last one is used, with a warning', () => {
    const warnings: string[] = [];
    const warn = (sentence: string) => void warnings.push(sentence);

    const last = parseHyperparameters(algorithm, { num_round: '1', eta: '0.1', learning_rate: '0.2' }, warn);
    const first = parseHyperparameters(algorithm, { num_round: '1', learning_rate: '0.2', eta: '0.1' });

    expect([last.eta, first.eta]).toEqual([0.2, 0.1]);
    expect(warnings).toEqual([
      'Hyperparameters "eta" and "learning_rate" are names of the same hyperparameter; the last one, "learning_rate", is used: "0.2" in place of "0.1".',
    ]);
  });

  it('cause the warnings that the algorithm returns for valid values', () => {
    const warnings: string[] = [];
    const hyperparameterWarnings = ({ eta }: Record<string, unknown>) => (eta === 0 ? ['"eta" is 0.'] : []);

    for (const eta of ['0', '0.5']) {
      parseHyperparameters({ ...algorithm, hyperparameterWarnings }, { num_round: '1', eta }, (sentence) =>
        warnings.push(sentence),
      );
    }

    expect(warnings).toEqual(['"eta" is 0.']);
  });

  it('are found by rules across fields', () => {
    expect(refusal({ num_round: '1', booster: 'dart', eta: '1' })).toContain('"eta" must be below 1');
  });

  it('are found by a refinement of the whole schema', () => {
    const refined = schema.refine(
      ({ eta, num_round }) => eta * num_round <= 100,
      'eta × num_round must be at most 100',
    );

    expect(() => parseHyperparameters({ hyperparameters: refined }, { num_round: '4000', eta: '1' })).toThrow(
      'eta × num_round must be at most 100',
    );
  });
});
