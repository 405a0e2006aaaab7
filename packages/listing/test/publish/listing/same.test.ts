import { expect, it } from 'vitest';
import { hasAllOf } from '../../../src/publish/listing/same.js';

it.each([
  [{ a: 1, more: 2 }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [undefined, { a: 1 }, false],
  [{ price: 0.8 }, { price: '0.80' }, true],
  [{ price: '0.8' }, { price: '0.81' }, false],
  [['a', 'b'], ['b', 'a'], false],
  [['a'], ['a', 'b'], false],
  [['a', 'b'], ['a'], false],
  [[{ key: 'a' }, { key: 'b', more: 1 }], [{ key: 'b' }, { key: 'a' }], true],
  [[{ key: 'a' }, { key: 'a' }], [{ key: 'a' }, { key: 'b' }], false],
  ['1.0', '1.0.0', false],
])('%j has all of %j: %s', (have, want, expected) => {
  expect(hasAllOf(have, want)).toBe(expected);
});
