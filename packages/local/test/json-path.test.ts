import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonPath, select } from '../src/transform/json-path.js';
import { parseJson, writeJson } from '../src/transform/json-values.js';

const selectText = (path: string, value: unknown) => select(parseJsonPath(path, 'InputFilter'), value);

const record = { id: 7, a: { b: [10, 20, 30, 40], c: { d: 'x' } }, list: [{ n: 1, m: 2 }, { n: 3 }], 'odd.name': true };

describe('a JSONPath selects', () => {
  it.each<[string, unknown]>([
    ['$', record],
    ['', record],
    ['$.id', 7],
    ["$['id']", 7],
    ['$["id"]', 7],
    ['$.a.c.d', 'x'],
    ["$.a['c'].d", 'x'],
    ["$['odd.name']", true],
    ["$['id','list']", { id: 7, list: record.list }],
    ["$.a.['b','c']", { b: [10, 20, 30, 40], c: { d: 'x' } }],
    ['$.a.b[1]', 20],
    ['$.a.b[-1]', 40],
    ['$.a.b[0,-1]', [10, 40]],
    ['$.a.b[0, 2:]', [10, 30, 40]],
    ['$.a.b[1:3]', [20, 30]],
    ['$.a.b[:2]', [10, 20]],
    ['$.a.b[-2:]', [30, 40]],
    ['$.a.b[2:99]', [30, 40]],
    ['$.a.b[9:]', []],
    ['$.a.b[*]', [10, 20, 30, 40]],
    ['$.a.c.*', ['x']],
    ['$.list[*].n', [1, 3]],
    ['$.list[*].m', [2]],
    ["$.list[*]['n','m']", [{ n: 1, m: 2 }]],
    ['$.list[0:1].n', [1]],
  ])('%s', (path, expected) => {
    expect(selectText(path, record)).toEqual(expected);
  });

  it('names with quotes and backslashes in them', () => {
    expect(selectText(String.raw`$['it\'s','a\\b']`, { "it's": 1, 'a\\b': 2, c: 3 })).toEqual({ "it's": 1, 'a\\b': 2 });
  });

  it.each([
    ['$.b', '"$.b" must have names that the record has; "b" is not in {"id":7'],
    ["$['id','none']", `"$['id','none']" must have names that the record has; "none" is not in {"id":7`],
    ['$.id.x', '"$.id.x" must have names that the record has; "x" is not in 7.'],
    ['$.a.b[4]', `"$.a.b[4]" must have indexes within the record's 4; received 4.`],
    ['$.a.b[-5]', `"$.a.b[-5]" must have indexes within the record's 4; received -5.`],
    ['$.a[0]', '"$.a[0]" must lead to a list; it leads to {"b":[10'],
    ['$.id.*', '"$.id.*" must lead to a list or an object; it leads to 7.'],
    ['$.constructor', '"constructor" is not in'],
  ])('nothing with %s, and says why', (path, message) => {
    expect(() => selectText(path, record)).toThrow(message);
  });
});

describe('a filter is refused', () => {
  it.each([
    ['id', '"id"'],
    ['$id', '"id"'],
    ['$..id', '"..id"'],
    ['$.', '"."'],
    ['$.a b', '" b"'],
    ['$[]', '"[]"'],
    ['$[0', '"[0"'],
    ['$[0:4:2]', '"[0:4:2]"'],
    ["$['a',]", `"['a',]"`],
    ["$['a',1]", `"['a',1]"`],
    ['$[?(@.a>1)]', '"[?(@.a>1)]"'],
    ["$.a['b", `"['b"`],
    ['$.a.length()', '"()"'],
  ])('%s, naming the part that is no operator', (path, part) => {
    expect(() => parseJsonPath(path, 'OutputFilter')).toThrow(
      `OutputFilter must be a JSONPath of $, .name, *, ['name'], [index] and [start:end]; received "${path}", of which ${part} is none of them.`,
    );
  });

  it('over 63 characters', () => {
    expect(() => parseJsonPath(`$.${'a'.repeat(62)}`, 'InputFilter')).toThrow(
      'InputFilter must have at most 63 characters; received 64.',
    );
  });
});

type Step = { names: string[] } | { places: (number | [number?, number?])[] } | 'all';

/** Straight from the words of the documentation, one value at a time. */
function naive(value: unknown, [step, ...rest]: readonly Step[]): { found: unknown[]; isList: boolean } {
  if (step === undefined) return { found: [value], isList: false };
  let children: unknown[];
  let isList = true;
  if (step === 'all') children = Object.values(value as object);
  else if ('names' in step) {
    const object = value as Record<string, unknown>;
    isList = step.names.length > 1 && rest.length > 0;
    children =
      step.names.length > 1 && rest.length === 0
        ? [Object.fromEntries(step.names.map((name) => [name, object[name]]))]
        : step.names.map((name) => object[name]);
  } else {
    const list = value as unknown[];
    isList = step.places.length > 1 || Array.isArray(step.places[0]);
    children = step.places.flatMap((place) => (Array.isArray(place) ? list.slice(...place) : [list.at(place)]));
  }
  const results = children.map((child) => naive(child, rest));
  return { found: results.flatMap(({ found }) => found), isList: isList || results.some((result) => result.isList) };
}

const show = (step: Step): string => {
  if (step === 'all') return '[*]';
  if ('names' in step) return `[${step.names.map((name) => `'${name}'`).join(',')}]`;
  return `[${step.places.map((place) => (Array.isArray(place) ? `${place[0] ?? ''}:${place[1] ?? ''}` : place)).join(',')}]`;
};

/** Trees whose every branch has the same shape, so that a path that leads somewhere leads there from each list item. */
const level = fc.constantFrom<'list' | 'object'>('list', 'object');
const treeAndPath = fc
  .array(level, { minLength: 1, maxLength: 3 })
  .chain((levels) => fc.tuple(fc.constant(levels), ...levels.map((kind) => stepFor(kind))));

function stepFor(kind: 'list' | 'object'): fc.Arbitrary<Step> {
  if (kind === 'object') {
    return fc.oneof(
      fc.subarray(['a', 'b', 'c'], { minLength: 1 }).map((names) => ({ names })),
      fc.constant<Step>('all'),
    );
  }
  const index = fc.integer({ min: -4, max: 3 });
  const bound = fc.option(fc.integer({ min: -6, max: 6 }), { nil: undefined });
  const slice = fc.tuple(bound, bound) as fc.Arbitrary<[number?, number?]>;
  return fc.oneof(
    fc.array(fc.oneof(index, slice), { minLength: 1, maxLength: 3 }).map((places) => ({ places })),
    fc.constant<Step>('all'),
  );
}

function tree([kind, ...rest]: readonly ('list' | 'object')[], path = ''): unknown {
  if (kind === undefined) return path;
  if (kind === 'list') return [0, 1, 2, 3].map((i) => tree(rest, `${path}/${i}`));
  return Object.fromEntries(['a', 'b', 'c'].map((name) => [name, tree(rest, `${path}/${name}`)]));
}

it('any path over any tree selects what a naive walk finds', () => {
  fc.assert(
    fc.property(treeAndPath, ([levels, ...steps]) => {
      const value = tree(levels);
      const { found, isList } = naive(value, steps);

      const selected = selectText(`$${steps.map(show).join('')}`, value);

      expect(selected).toEqual(isList ? found : found[0]);
    }),
    { seed: 20240601, numRuns: 2000 },
  );
});

describe('JSON that passes through', () => {
  it.each([
    '12345678901234567890',
    '-9007199254740993',
    '[0.1,0.30000000000000004,9007199254740991]',
    '{"a":9007199254740993.0,"b":1E400,"c":[-0,1.0]}',
    '{"__proto__":{"x":1},"a":"12345678901234567"}',
  ])('keeps numbers that are none of JavaScript: %s', (text) => {
    expect(writeJson(parseJson(text))).toBe(text);
  });

  it('keeps the value of any number', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(JSON.stringify),
      fc.bigInt().map(String),
    );
    fc.assert(
      fc.property(fc.array(number as fc.Arbitrary<string>), (numbers) => {
        expect(writeJson(parseJson(`[${numbers.join(', ')}]`))).toBe(`[${numbers.join(',')}]`);
      }),
      { seed: 20240601, numRuns: 1000 },
    );
  });

  it('is written compactly, its names in order', () => {
    expect(writeJson(parseJson('{ "b": 1, "SageMakerOutput": {"z": 1, "y": 12345678901234567890},\n "a": [ ] }'))).toBe(
      '{"SageMakerOutput":{"y":12345678901234567890,"z":1},"a":[],"b":1}',
    );
  });
});
