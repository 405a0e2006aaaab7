/** Bounds on JSON, found before it is parsed. */
import { describe, expect, it } from 'vitest';
import { checkJsonBounds, MAX_DEPTH, MAX_VALUES } from '../../src/payloads/json-bounds.js';

const check = (text: string) => checkJsonBounds(Buffer.from(text));
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('JSON from outside', () => {
  it('may be nested as deep as the limit, and no deeper', () => {
    expect(() => check(nested(MAX_DEPTH))).not.toThrow();
    expect(() => check(nested(MAX_DEPTH + 1))).toThrow('JSON must be nested at most 64 deep');
    expect(() => check('{"a":'.repeat(MAX_DEPTH + 1))).toThrow('JSON must be nested at most 64 deep');
  });

  it('may have as many values as the limit, and no more', () => {
    const list = (count: number) => `[${'0,'.repeat(count - 1)}0]`;

    expect(() => check(list(MAX_VALUES - 2))).not.toThrow();
    expect(() => check(list(MAX_VALUES + 1))).toThrow(expect.objectContaining({ code: 'E_REQUEST_SIZE' }));
    expect(() => check(`[${'{},'.repeat(MAX_VALUES / 2)}{}]`)).toThrow(
      expect.objectContaining({ code: 'E_REQUEST_SIZE' }),
    );
  });

  it('has the keys of all its objects counted, those that are repeated too, and no colons in texts', () => {
    expect(check('{"a":[{"b:":": \\":"},{}],"a" : 1,"c":{"__proto__":null}}')).toBe(5);
    expect(check('[1,":"]')).toBe(0);
  });

  it.each(['"[[[["', '"\\"[["', '"\\\\"', '"open', '', ']]]]', '"\\'])(
    'counts no brackets or commas in texts: %j',
    (text) => {
      expect(() => check(text.replace('[[', '['.repeat(100)))).not.toThrow();
    },
  );
});
