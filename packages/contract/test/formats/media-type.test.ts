import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MediaType, parseMediaType, readMediaType } from '../../src/formats/media-type.js';

describe('parseMediaType', () => {
  it.each([
    ['text/csv', 'text/csv', {}],
    ['Text/CSV', 'text/csv', {}],
    ['text/csv;label_size=2', 'text/csv', { label_size: '2' }],
    ['text/csv; Label_Size=2 ; charset="utf-8"', 'text/csv', { label_size: '2', charset: 'utf-8' }],
    ['text/csv;charset=UTF-8', 'text/csv', { charset: 'UTF-8' }],
    ['  text/csv\t;  a=b  ', 'text/csv', { a: 'b' }],
    ['text/csv;', 'text/csv', {}],
    ['text/csv; ; a=1;', 'text/csv', { a: '1' }],
    ['text/csv; note="a; b, \\"c\\" \\\\"', 'text/csv', { note: 'a; b, "c" \\' }],
    ['text/csv; empty=""', 'text/csv', { empty: '' }],
    ['application/vnd.api+json', 'application/vnd.api+json', {}],
    ['*/*', '*/*', {}],
    ['text/csv; label_size = 1', 'text/csv', { label_size: '1' }],
    ['text/csv;label_size\t=\t"1"', 'text/csv', { label_size: '1' }],
    ['text/*;q=0.5', 'text/*', { q: '0.5' }],
  ])('reads %j', (text, type, parameters) => {
    expect(parseMediaType(text)).toEqual({ type, parameters });
  });

  it.each([
    '',
    'text/',
    'text',
    'csv',
    'toString',
    'csv libsvm',
    '/csv',
    'text /csv',
    'text/csv,application/json',
    'text/csv label_size=1',
    'text/csv; label_size',
    'text/csv; label_size=',
    'text/csv; a="open',
    'text/csv; a="b"c',
    'text/csv; a=1; A=2',
    'text/c(s)v',
  ])('refuses %j', (text) => {
    expect(parseMediaType(text)).toBeUndefined();
  });

  it.each([
    ['text/csv; label_size', 'NAME=VALUE', '"label_size"'],
    ['text/csv; label_size=', 'NAME=VALUE', '"label_size="'],
    ['text/csv; charset=', 'NAME=VALUE', '"charset="'],
    ['text/csv;delimiter=;', 'in quotes where it is empty or has blanks or separators such as ";"', '"delimiter="'],
    ['text/csv;delimiter=,;header=present', 'in quotes', '"delimiter=,"'],
    ['text/csv; header=present label=y', 'in quotes', '"header=present label=y"'],
    ['text/csv; a="open; b', 'in quotes', '"a=\\"open"'],
    ['text/csv; a="b"c; d=1', 'in quotes', '"a=\\"b\\"c"'],
    ['text/csv; =', 'NAME=VALUE', '"="'],
    ['TEXT/CSV; a=1; A=2', 'its parameter "a" must be there once', 'it twice'],
    ['text/csv label_size=1; a=2', 'each after a semicolon', '"label_size=1"'],
  ])('names what is wrong behind the type of %j', (text, rule, received) => {
    const read = readMediaType(text);

    expect(read).toEqual({ type: 'text/csv', problem: expect.stringContaining(rule) });
    expect(read).toHaveProperty('problem', expect.stringMatching(/; received .*$/));
    expect((read as { problem: string }).problem.endsWith(`; received ${received}`)).toBe(true);
  });

  it('treats a parameter named like a property of Object as a plain parameter', () => {
    const parsed = parseMediaType('text/csv; __proto__=x; constructor=y');

    expect(Object.entries(parsed?.parameters ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('reads back whatever is written by the grammar', () => {
    const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9a-z-]{1,8}$/);
    const value = fc.stringMatching(/^[\t\u0020-\u007e\u0080-\u00ff]{0,12}$/);
    const mediaType = fc.record({
      type: fc.tuple(token, token).map((parts) => parts.join('/')),
      parameters: fc.dictionary(token, value, { noNullPrototype: true, maxKeys: 4 }),
    });

    fc.assert(
      fc.property(mediaType, (original) => {
        expect(parseMediaType(written(original))).toEqual(original);
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });

  it('takes linear time on hostile input', () => {
    const hostile = `text/csv${';'.repeat(50_000)}${' '.repeat(50_000)}"`;

    expect(parseMediaType(hostile)).toBeUndefined();
    expect(
      parseMediaType(`text/csv;${'a'.repeat(50_000)}=${'b'.repeat(50_000)}${' '.repeat(50_000)}"`),
    ).toBeUndefined();
  });
});

/** The media type as header text, values quoted where the grammar asks for it. */
function written({ type, parameters }: MediaType): string {
  const isToken = (text: string) => /^[!#$%&'*+.^_`|~\w-]+$/.test(text);
  const value = (text: string) => (isToken(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`);
  return Object.entries(parameters).reduce((text, [name, own]) => `${text}; ${name}=${value(own)}`, type);
}
