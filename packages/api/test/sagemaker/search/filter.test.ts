/** Filters, operator by operator, as the API Reference of Filter describes them. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { matches, type SearchFilter } from '../../../src/sagemaker/search/filter.js';

it.each([
  [{ a: { 'b.c': 1 } }, 'a.b.c', '1', true],
  [{ a: [{ b: 1 }, { b: 2 }] }, 'a.b', '2', true],
  [{ a: '' }, 'a', '0', false],
  [{ a: 'x' }, 'a', 'x', true],
  [{}, '__proto__', 'x', false],
])('%j has %s equal to %s: %s', (resource, Name, Value, isMatch) => {
  expect(matches(resource, { Filters: [{ Name, Value }] })).toBe(isMatch);
});

const JOB = {
  Name: 'b2',
  Count: 2,
  Rate: 0.5,
  Time: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000,
  Spot: true,
  Empty: '',
  HyperParameters: { epochs: '10', rate: '0.5', booster: 'gbtree', list: '1,2' },
};

const AT = '2026-01-02T03:04:05';

/** For each operator: what matches, and what does not. */
const OPERATORS: Readonly<Record<string, readonly [yes: string[], no: string[]]>> = {
  Equals: [
    [
      'Name b2',
      'Count 2',
      'Count 2.0',
      'Rate 0.5',
      `Time ${AT}`,
      `Time ${AT}Z`,
      'Spot true',
      'HyperParameters.epochs 10',
    ],
    ['Name B2', 'Name b', 'Count 3', 'Time 2026-01-02T03:04:06', 'Spot false', 'Empty 0', 'None x', 'Name 2e0'],
  ],
  NotEquals: [
    ['Name b', 'Count 3', 'None x', 'Spot false'],
    ['Name b2', 'Count 2', `Time ${AT}`, 'Spot true'],
  ],
  GreaterThan: [
    ['Count 1', 'Rate 0.4', 'Time 2026-01-02T03:04:04', 'HyperParameters.epochs 9', 'HyperParameters.rate 0.4'],
    ['Count 2', `Time ${AT}`, 'None 1', 'HyperParameters.booster 1', 'HyperParameters.epochs 9x'],
  ],
  GreaterThanOrEqualTo: [
    ['Count 2', `Time ${AT}Z`, 'HyperParameters.epochs 10'],
    ['Count 2.1', 'Time 2026-01-02T03:04:06'],
  ],
  LessThan: [
    ['Count 2.1', 'Time 2026-01-02T04:04:06+01:00', 'HyperParameters.epochs 11'],
    ['Count 2', `Time ${AT}`, 'HyperParameters.booster 1', 'None 1'],
  ],
  LessThanOrEqualTo: [
    ['Count 2', `Time ${AT}`],
    ['Count 1', 'Time 2026-01-02'],
  ],
  In: [
    ['Name a,b2', 'Name b2 , c', 'HyperParameters.epochs 9,10.0'],
    ['Name b,2', 'Name a', 'None a'],
  ],
  Contains: [
    ['Name 2', 'Name b2', 'HyperParameters.list 1,2'],
    ['Name B', 'None a'],
  ],
  Exists: [
    ['Name', 'Empty', 'HyperParameters.rate'],
    ['None', 'HyperParameters.none'],
  ],
  NotExists: [
    ['None', 'HyperParameters.none'],
    ['Name', 'Empty'],
  ],
};

describe.each(Object.entries(OPERATORS))('%s', (operator, [yes, no]) => {
  it.each([...yes.map((text) => [text, true] as const), ...no.map((text) => [text, false] as const)])(
    '%s: %s',
    (text, isMatch) => {
      const [Name = '', ...value] = text.split(' ');
      const filter = { Name, Operator: operator, ...(value.length > 0 && { Value: value.join(' ') }) } as SearchFilter;

      expect(matches(JOB, { Filters: [filter] })).toBe(isMatch);
    },
  );
});

it.each([
  ['Equals', '0', true],
  ['GreaterThan', '0', false],
  ['GreaterThan', '0.0', true],
  ['LessThan', '1', true],
] as const)('a decimal hyperparameter is an integer beside one: 0.5 %s %s: %s', (Operator, Value, isMatch) => {
  expect(matches(JOB, { Filters: [{ Name: 'HyperParameters.rate', Operator, Value }] })).toBe(isMatch);
});

it('a time without a zone is UTC, wherever the server is', () => {
  vi.stubEnv('TZ', 'Asia/Tokyo');
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(matches(JOB, { Filters: [{ Name: 'Time', Value: AT }] })).toBe(true);
});

it('an item of a list must match all nested filters itself', () => {
  const resource = {
    List: [
      { a: 1, b: { c: 'x' } },
      { a: 2, b: { c: 'y' } },
    ],
  };
  const nested = (a: string, c: string) => ({
    NestedFilters: [
      {
        NestedPropertyName: 'List',
        Filters: [
          { Name: 'List.a', Value: a },
          { Name: 'b.c', Value: c },
        ],
      },
    ],
  });

  expect([matches(resource, nested('1', 'x')), matches(resource, nested('1', 'y'))]).toEqual([true, false]);
});
