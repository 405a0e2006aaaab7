/** Sentences for what a schema finds wrong: the path of the field, the rule, what was received. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkBySchema } from '../../src/payloads/check-schema.js';

async function problemOf(schema: z.ZodType, value: unknown): Promise<string | undefined> {
  const checked = await checkBySchema(schema, value, 'the body');
  return 'problem' in checked ? checked.problem : undefined;
}

const shape = z.object({
  size: z.int().min(1).max(512),
  mode: z.enum(['gray', 'rgb']),
  note: z.string().max(3).optional(),
});
const request = z.strictObject({ instances: z.array(shape).min(1).max(2) });

const forms = z.object({
  at: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('circle'), radius: z.number() }),
    z.object({ kind: z.literal('square'), side: z.number() }),
  ]),
});
const DOUBLES = 'the body must be a number; received one beyond ±1.797e308, the range of a double.';

describe('a value that a schema refuses', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['a number below its minimum', request, one({ size: 0 }), 'instances[0].size must be ≥ 1; received 0.'],
    ['a number above its maximum', request, one({ size: 600 }), 'instances[0].size must be ≤ 512; received 600.'],
    ['text for a number', request, one({ size: 'big' }), 'instances[0].size must be a number; received "big".'],
    ['a fraction for an integer', request, one({ size: 1.5 }), 'instances[0].size must be an integer; received 1.5.'],
    [
      'a name that is not declared',
      request,
      one({ mode: 'hsv' }),
      'instances[0].mode must be one of "gray", "rgb"; received "hsv".',
    ],
    [
      'a text that is too long',
      request,
      one({ note: 'long' }),
      'instances[0].note must have at most 3 characters; received "long".',
    ],
    [
      'a field that is missing',
      request,
      one({ size: undefined }),
      'instances[0].size must be a number; it is missing.',
    ],
    ['an empty list', request, { instances: [] }, 'instances must have at least 1 entry; received an empty list.'],
    [
      'a list that is too long',
      request,
      { instances: [good, good, good] },
      'instances must have at most 2 entries; received a list of 3.',
    ],
    [
      'a member that is not declared',
      request,
      { instances: [good], extra: 1 },
      'the body must have known names only; received "extra".',
    ],
    ['another type as a whole', request, [1], 'the body must be an object; received a list of 1.'],
    ['null', z.object({ a: z.string() }), { a: null }, 'a must be text; received null.'],
    ['a number of an open range', z.number().gt(0).lt(1), 1, 'the body must be < 1; received 1.'],
    ['no multiple', z.number().multipleOf(4), 6, 'the body must be a multiple of 4; received 6.'],
    ['a text of another form', z.object({ at: z.email() }), { at: 'x' }, 'at must be an email address; received "x".'],
    [
      'none of several types',
      z.object({ a: z.union([z.string(), z.number()]) }),
      { a: true },
      'a must be text or a number; received true.',
    ],
    [
      'the nearest of several forms',
      z.object({ a: z.union([z.number(), z.object({ b: z.number() })]) }),
      { a: { b: 'x' } },
      'a.b must be a number; received "x".',
    ],
    [
      'a form that is not declared',
      forms,
      { at: { kind: 'line' } },
      'at.kind must be one of "circle", "square"; received "line".',
    ],
    ['no form', forms, { at: {} }, 'at.kind must be one of "circle", "square"; it is missing.'],
    ['a number too large for JSON', z.number(), JSON.parse('1e999'), DOUBLES],
    [
      'a name with blanks',
      z.record(z.string(), z.number()),
      { 'a b': 'x' },
      'the body["a b"] must be a number; received "x".',
    ],
  ])('because of %s is named by its path', async (_, schema, value, sentence) => {
    expect(await problemOf(schema, value)).toBe(sentence);
  });

  it('keeps the words that the author put into the schema', async () => {
    const own = z.object({
      a: z.string({ error: 'It must be a name' }),
      b: z.number().refine((b) => b !== 13, 'Not 13.'),
    });

    expect(await problemOf(own, { a: 1, b: 13 })).toBe('a: It must be a name. b: Not 13.');
  });

  it('waits for rules that are promises', async () => {
    const later = z.string().refine(async (text) => text === 'yes', 'Say yes.');

    expect(await problemOf(later, 'no')).toBe('the body: Say yes.');
  });

  it('lists three problems and counts the rest', async () => {
    const list = z.array(z.number());
    const first = '[0] must be a number; received "x".';

    expect(await problemOf(list, ['x'])).toBe(`the body${first}`);
    expect(await problemOf(list, ['x', 1, 'x', 'x', 'x'])).toContain('received "x". There is 1 more problem.');
    expect(await problemOf(list, Array(10).fill('x'))).toContain('There are 7 more problems.');
  });

  it('in hundreds of thousands of places says so, in one sentence', async () => {
    const schema = z.object({ rows: z.array(z.object({ x: z.number() })) });
    const rows = Array.from({ length: 200_000 }, () => ({ x: 'x' }));

    expect(await problemOf(schema, { rows })).toMatch(
      /^(the body must follow its schema; it breaks it in too many places to list\.|rows\[0\].*There are 199997 more problems\.)$/,
    );
  });
});

it('gives the value that the schema makes of it', async () => {
  const schema = z.object({ a: z.string().default('x'), b: z.string().transform(Number) });

  expect(await checkBySchema(schema, { b: '4' }, 'the body')).toEqual({ value: { a: 'x', b: 4 } });
});

const good = { size: 8, mode: 'gray' };

/** A request of one instance that differs from a good one. */
function one(changes: Readonly<Record<string, unknown>>) {
  return { instances: [{ ...good, ...changes }] };
}
