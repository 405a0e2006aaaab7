import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absoluteOrder, descendingOrder, groupedDescendingOrder } from '../../src/objectives/order.js';

const runs = { seed: 20261121, numRuns: 300 };
// Also few distinct values, because ties are the interesting part.
const value = fc.oneof(fc.constantFrom(-2, -0, 0, 1, 1.5), fc.float({ noNaN: true }));
const values = fc.array(value, { maxLength: 60 }).map((list) => Float32Array.from(list));

/** Array.prototype.sort is stable and knows nothing of bits. */
function sortedRows(rows: readonly number[], compare: (a: number, b: number) => number): number[] {
  return [...rows].sort(compare);
}

function difference(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

describe('descendingOrder', () => {
  it('sorts stably by descending value', () => {
    fc.assert(
      fc.property(values, (list) => {
        const expected = sortedRows([...list.keys()], (a, b) => difference(list[b]!, list[a]!));
        expect([...descendingOrder(list)]).toEqual(expected);
      }),
      runs,
    );
  });
});

describe('absoluteOrder', () => {
  it('sorts stably by ascending absolute value', () => {
    fc.assert(
      fc.property(values, (list) => {
        const expected = sortedRows([...list.keys()], (a, b) => difference(Math.abs(list[a]!), Math.abs(list[b]!)));
        expect([...absoluteOrder(list)]).toEqual(expected);
      }),
      runs,
    );
  });
});

describe('groupedDescendingOrder', () => {
  it('sorts each group separately', () => {
    const cuts = fc.array(fc.nat(60), { maxLength: 6 });
    fc.assert(
      fc.property(values, cuts, (list, inner) => {
        const bounds = [0, ...inner.map((cut) => Math.min(cut, list.length)).sort((a, b) => a - b), list.length];
        const expected = bounds.slice(1).flatMap((end, i) => {
          const rows = [...list.keys()].slice(bounds[i]!, end);
          return sortedRows(rows, (a, b) => difference(list[b]!, list[a]!));
        });
        expect([...groupedDescendingOrder(list, Uint32Array.from(bounds))]).toEqual(expected);
      }),
      runs,
    );
  });
});
