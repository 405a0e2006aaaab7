/** Bytes that a decoded value takes. */
import { describe, expect, it } from 'vitest';
import { decodedSize } from '../../src/payloads/decoded-size.js';

describe('the size of a decoded value', () => {
  it.each([
    ['an array of numbers', new Float64Array(10), 80],
    ['bytes', new Uint8Array(10), 10],
    ['a buffer', new ArrayBuffer(10), 10],
    ['a text', 'abc', 6],
    ['a number', 1, 8],
    ['nothing', undefined, 8],
    ['an object around arrays', { pixels: new Uint8Array(100), width: 10 }, 140],
    ['a list', [new Uint8Array(1), new Uint8Array(2)], 35],
    ['a map', new Map([['a', new Uint8Array(4)]]), 38],
    ['a set', new Set([1, 2]), 48],
  ])('counts %s', (_, value, bytes) => {
    expect(decodedSize(value, Number.POSITIVE_INFINITY)).toBe(bytes);
  });

  it('counts what is there twice once, also where an object holds itself', () => {
    const shared = new Uint8Array(100);
    const circle: Record<string, unknown> = { a: shared, b: shared };
    circle.self = circle;

    expect(decodedSize(circle, Number.POSITIVE_INFINITY)).toBe(132);
  });

  it('stops counting beyond the limit', () => {
    const endless: Iterable<unknown> & object = Array.from({ length: 100_000 }, () => ({}));

    expect(decodedSize(endless, 1000)).toBeLessThan(1100);
  });
});
