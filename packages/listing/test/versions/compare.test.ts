/** Each rule of versions with a change that falls under it and no other. */
import { describe, expect, it } from 'vitest';
import type { ProductVersion } from '../../src/versions/aspect.js';
import { changesBetween, neededRaise, VERSION_RULES } from '../../src/versions/compare.js';
import { type Described, versionWith } from '../support/definition.js';

const parameters = (one: Described) => one.TrainingSpecification.SupportedHyperParameters as Record<string, unknown>[];
const depth = (one: Described) => parameters(one)[0]!;
const channels = (one: Described) => one.TrainingSpecification.TrainingChannels;
const input = (one: Described) => one.Capabilities.Inputs[0]!;
const answer = (one: Described) => one.Capabilities.Answers[0]!;
const integers = (MinValue: string, MaxValue: string) => ({
  IntegerParameterRangeSpecification: { MinValue, MaxValue },
});

/**
 * What breaks, and its rule. Where a change the other way round is an addition, its rule and what it says come after.
 */
const BREAKS: readonly (readonly [
  rule: string,
  change: (described: Described) => unknown,
  text: string,
  addition?: readonly [rule: string, text: string],
])[] = [
  [
    'a hyperparameter is gone',
    (one) => parameters(one).splice(1, 1),
    'hyperparameter "method" is gone',
    ['a hyperparameter is new', 'hyperparameter "method" is new'],
  ],
  [
    'a hyperparameter takes fewer values',
    (one) => Object.assign(depth(one), { Range: integers('2', '16') }),
    'hyperparameter "depth" takes an integer from 2 to 16; it took an integer from 1 to 16',
    [
      'a hyperparameter takes more values',
      'hyperparameter "depth" takes an integer from 1 to 16; it took an integer from 2 to 16',
    ],
  ],
  [
    'a default is another',
    (one) => Object.assign(depth(one), { DefaultValue: '3' }),
    'the default of hyperparameter "depth" is "3"; it was "6"',
  ],
  [
    'a hyperparameter is required now',
    (one) => Object.assign(depth(one), { IsRequired: true, DefaultValue: undefined }),
    'hyperparameter "depth" is required now',
    ['a hyperparameter is optional now', 'hyperparameter "depth" is optional now'],
  ],
  [
    'tuning of a hyperparameter is gone',
    (one) => Object.assign(depth(one), { IsTunable: false }),
    'tuning of hyperparameter "depth" is gone',
    ['tuning of a hyperparameter is new', 'tuning of hyperparameter "depth" is new'],
  ],
  [
    'a channel is gone',
    (one) => channels(one).splice(1, 1),
    'channel "validation" is gone',
    ['a channel is new', 'channel "validation" is new'],
  ],
  [
    'a channel is required now',
    (one) => Object.assign(channels(one)[1]!, { IsRequired: true }),
    'channel "validation" is required now',
    ['a channel is optional now', 'channel "validation" is optional now'],
  ],
  [
    'a content type, compression or input mode of a channel is gone',
    (one) => channels(one)[0]!.SupportedInputModes.pop(),
    'Pipe mode of channel "train" is gone',
    ['a content type, compression or input mode of a channel is new', 'Pipe mode of channel "train" is new'],
  ],
  [
    'training on several instances is gone',
    (one) => Object.assign(one.TrainingSpecification, { SupportsDistributedTraining: false }),
    'training on several instances is gone',
    ['training on several instances is new', 'training on several instances is new'],
  ],
  [
    'a metric is gone',
    (one) => one.TrainingSpecification.MetricDefinitions.pop(),
    'metric "validation:rmse" is gone',
    ['a metric is new', 'metric "validation:rmse" is new'],
  ],
  [
    'a tuning objective is gone',
    (one) => one.TrainingSpecification.SupportedTuningJobObjectiveMetrics.pop(),
    'objective Minimize "validation:rmse" is gone',
    ['a tuning objective is new', 'objective Minimize "validation:rmse" is new'],
  ],
  [
    'a content type of requests is gone',
    (one) => one.InferenceSpecification.SupportedContentTypes.shift(),
    'content type text/csv of requests is gone',
    ['a content type of requests is new', 'content type text/csv of requests is new'],
  ],
  [
    'a content type of answers is gone',
    (one) => one.InferenceSpecification.SupportedResponseMIMETypes.pop(),
    'content type application/json of answers is gone',
    ['a content type of answers is new', 'content type application/json of answers is new'],
  ],
  [
    'the content type of an answer to a request without Accept is another',
    (one) => one.InferenceSpecification.SupportedResponseMIMETypes.reverse(),
    'the content type of answers by default is "application/json"; it was "text/csv"',
  ],
  [
    'an output is gone',
    (one) => one.Capabilities.Outputs.pop(),
    'output "label" is gone',
    ['an output is new', 'output "label" is new'],
  ],
  [
    'an output of every answer is gone',
    (one) => Object.assign(one.Capabilities.Outputs[0]!, { IsOptional: true }),
    'output "score" in every answer is gone',
    ['an output of every answer is new', 'output "score" in every answer is new'],
  ],
  [
    'a field of requests is gone',
    (one) => input(one).Fields.pop(),
    'field "language" of application/json of requests is gone',
    ['a field of requests is new', 'field "language" of application/json of requests is new'],
  ],
  [
    'a field of requests is required now',
    (one) => Object.assign(input(one).Fields[1]!, { IsRequired: true }),
    'field "language" of application/json of requests is required now',
    ['a field of requests is optional now', 'field "language" of application/json of requests is optional now'],
  ],
  [
    'a field of answers is gone',
    (one) => answer(one).Fields.pop(),
    'field "score" of application/json of answers is gone',
    ['a field of answers is new', 'field "score" of application/json of answers is new'],
  ],
  [
    'a field of every answer is gone',
    (one) => Object.assign(answer(one).Fields[0]!, { IsRequired: false }),
    'field "label" of application/json in every answer is gone',
    ['a field of every answer is new', 'field "label" of application/json in every answer is new'],
  ],
  [
    'the rule of a field is another',
    (one) => Object.assign(input(one).Fields[0]!, { Rule: 'text of 9 characters' }),
    'the rule of field "text" of application/json of requests is "text of 9 characters"; it was "text"',
  ],
  [
    'requests must be smaller',
    (one) => Object.assign(input(one), { MaxDecodedBytes: 999 }),
    'a request of application/json may decode to 999 bytes; it was 1000',
    ['requests may be larger', 'a request of application/json may decode to 1000 bytes; it was 999'],
  ],
];
type Addition = readonly [rule: string, text: string, change: (described: Described) => unknown];
const ADDITIONS: readonly Addition[] = BREAKS.flatMap(([, change, , addition]): Addition[] =>
  addition ? [[...addition, change]] : [],
);

/** What the rules above cannot show by one description alone. */
const KIND = 'the kind of product is another';
const INSTANCES = ['an instance type is gone', 'an instance type is new'];

describe('a change for buyers', () => {
  it.each(BREAKS.map(([rule, change, text]) => [rule, change, text] as const))(
    'is a break: %s',
    (rule, change, text) => {
      expect(changesBetween(versionWith(), versionWith(change))).toEqual([{ level: 'major', rule, text }]);
    },
  );

  it.each(ADDITIONS)('is an addition: %s', (rule, text, change) => {
    expect(changesBetween(versionWith(change), versionWith())).toEqual([{ level: 'minor', rule, text }]);
  });

  it('is a break where an instance type is gone, and an addition where one is new', () => {
    const one = { ...versionWith(), instances: { batch: ['ml.m5.large', 'ml.c5.large'] } };
    const other = { ...versionWith(), instances: { batch: ['ml.m5.large', 'ml.g5.xlarge'] } };

    expect(changesBetween(one, other)).toEqual([
      { level: 'major', rule: INSTANCES[0], text: 'ml.c5.large for batch transform is gone' },
      { level: 'minor', rule: INSTANCES[1], text: 'ml.g5.xlarge for batch transform is new' },
    ]);
  });

  it('is a break where an algorithm becomes a model package', () => {
    const before = versionWith();
    const { TrainingSpecification: _, ...definition } = before.definition;

    expect(changesBetween(before, { ...before, definition })).toContainEqual({
      ...{ level: 'major', rule: KIND },
      text: 'the kind of product is "model package"; it was "algorithm"',
    });
  });

  it('has a fixture here for every rule', () => {
    const tested = [...BREAKS.map(([rule]) => rule), ...ADDITIONS.map(([rule]) => rule), KIND, ...INSTANCES];

    expect(VERSION_RULES.map(({ title }) => title).sort()).toEqual([...tested].sort());
  });
});

describe('no change for buyers', () => {
  it.each<readonly [string, (described: Described) => unknown]>([
    ['another order of hyperparameters', (one) => parameters(one).reverse()],
    ['a description', (one) => Object.assign(depth(one), { Description: 'Depth of a tree.' })],
    [
      'another expression for a metric',
      (one) => Object.assign(one.TrainingSpecification.MetricDefinitions[0]!, { Regex: 'rmse=(.*)' }),
    ],
  ])('is %s', (_, change) => {
    expect(changesBetween(versionWith(), versionWith(change))).toEqual([]);
  });

  it('is known of instance types where a description has none', () => {
    expect(changesBetween({ ...versionWith(), instances: {} }, versionWith())).toEqual([]);
  });

  it('comes from a content type that is new with fields of its own', () => {
    const own = {
      ContentType: 'application/xml',
      Fields: [{ Path: 'a', Rule: 'text', IsRequired: true, Description: '' }],
    };
    const added = versionWith((one) =>
      one.Capabilities.Inputs.push(own as Described['Capabilities']['Inputs'][number]),
    );

    expect(changesBetween(versionWith(), added)).toEqual([]);
  });
});

describe('the values of a hyperparameter', () => {
  const changeOf = (from: object, to: object) => {
    const version = (range: object): ProductVersion => versionWith((one) => Object.assign(depth(one), range));
    return neededRaise(
      changesBetween(version(from), version(to)).filter(({ rule }) => rule.startsWith('a hyperparameter takes')),
    );
  };
  const integer = { Type: 'Integer', Range: integers('1', '16') };
  const number = {
    Type: 'Continuous',
    Range: { ContinuousParameterRangeSpecification: { MinValue: '1', MaxValue: '16' } },
  };
  const names = (...Values: string[]) => ({
    ...{ Type: 'Categorical', Range: { CategoricalParameterRangeSpecification: { Values } } },
  });
  const text = { Type: 'FreeText', Range: undefined };

  it.each([
    ['integers become numbers of the same range', integer, number, 'minor'],
    ['numbers become integers', number, integer, 'major'],
    ['the highest value is lower', integer, { ...integer, Range: integers('1', '15') }, 'major'],
    ['the range moves', integer, { ...integer, Range: integers('2', '17') }, 'major'],
    ['a name is gone', names('a', 'b'), names('a'), 'major'],
    ['a name is new', names('a'), names('a', 'b'), 'minor'],
    ['a name is another', names('a'), names('b'), 'major'],
    ['names become any text', names('a'), text, 'minor'],
    ['any text becomes names', text, names('a'), 'major'],
    ['0 and 1 become a range', names('0', '1'), { ...integer, Range: integers('0', '9') }, 'minor'],
    ['a name becomes a range', names('all'), integer, 'major'],
    ['the bounds are written otherwise', integer, { ...integer, Range: integers('1', '16.0') }, 'none'],
  ])('%s', (_, from, to, expected) => {
    expect(changeOf(from, to)).toBe(expected);
  });
});
