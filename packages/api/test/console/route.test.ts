import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../console/src/state/kinds.js';
import { addressOf, parseRoute, type Route } from '../../console/src/state/route.js';
import { moveBy, windowOf } from '../../console/src/state/row-window.js';

describe('a route', () => {
  const kind = fc.constantFrom(...KINDS.map((info) => info.kind));
  const job = fc.constantFrom(...KINDS.filter(({ isJob }) => isJob).map((info) => info.kind));
  const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '+new');
  const route: fc.Arbitrary<Route> = fc.oneof(
    fc.record({ page: fc.constant('list' as const), kind }),
    fc.record({ page: fc.constant('detail' as const), kind, name }),
    fc.record({ page: fc.constant('create' as const), kind: job, from: name }),
    fc.record({ page: fc.constant('deploy' as const), kind: fc.constant('endpoint' as const), job: name }),
    fc.record({ page: fc.constant('compare' as const), names: fc.array(name) }),
  );

  it('has an address that is read as the same route, whatever the names', () => {
    fc.assert(
      fc.property(route, (one) => {
        expect(parseRoute(addressOf(one))).toEqual(one);
      }),
    );
  });

  it.each([
    ['', { page: 'list', kind: 'training-job' }],
    ['#/models/', { page: 'list', kind: 'model' }],
    ['#/nothing', { page: 'unknown' }],
    ['#/models/a/b', { page: 'unknown' }],
    ['#/models/%', { page: 'detail', kind: 'model', name: '%' }],
    ['#/models/+new', { page: 'unknown' }],
    ['#/endpoints/+new', { page: 'unknown' }],
    ['#/endpoints/+new?from=job', { page: 'deploy', kind: 'endpoint', job: 'job' }],
    ['#/training-jobs/+new', { page: 'create', kind: 'training-job' }],
  ])('%s is read', (address, expected) => {
    expect(parseRoute(address)).toEqual(expected);
  });
});

describe('the rows that are drawn', () => {
  it('are those in view and a few around them, and never outside of the list', () => {
    const count = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(
        count,
        fc.integer({ min: -100, max: 500_000 }),
        fc.integer({ min: 0, max: 2000 }),
        (rows, top, height) => {
          const { first, end } = windowOf(rows, 44, top, height);

          expect(first).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(rows);
          expect(end - first).toBeLessThanOrEqual(Math.ceil(height / 44) + 18);
          const inView = Math.floor(Math.max(0, top) / 44);
          if (inView < rows && height > 0) expect(first <= inView && inView < end).toBe(true);
        },
      ),
    );
  });

  it.each([
    ['ArrowDown', 0, 1],
    ['ArrowUp', 0, 0],
    ['PageDown', 5, 15],
    ['End', 0, 99],
    ['Home', 50, 0],
    ['PageDown', 98, 99],
    ['a', 3, undefined],
  ])('follow the key %s from row %i to %s', (key, at, to) => {
    expect(moveBy(key, at, 10, 100)).toBe(to);
  });
});
