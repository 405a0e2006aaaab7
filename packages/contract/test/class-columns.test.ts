import { expect, it } from 'vitest';
import { allClasses, bothClasses, largestIndex, namedClasses } from '../src/class-columns.js';

it('the largest of equal scores is the first one, within the row only', () => {
  expect(largestIndex([9, 1, 3, 3, 9], 1, 3)).toBe(1);
});

it('classes with names are texts, others numbers', () => {
  expect(namedClasses(Int32Array.of(1, 0), ['a', 'b'])).toEqual(['b', 'a']);
  expect(namedClasses(Int32Array.of(1, 0), undefined)).toEqual(Int32Array.of(1, 0));
});

it('every row lists all classes in order', () => {
  expect(allClasses(2, 2, ['a', 'b'])).toEqual({ values: ['a', 'b', 'a', 'b'], width: 2 });
});

it('two classes get the scores of both from that of class 1', () => {
  expect(bothClasses([0.25, 1], (value) => 1 - value)).toEqual(Float32Array.of(0.75, 0.25, 0, 1));
});
