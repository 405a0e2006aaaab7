/** Which rows of the windows each of several hosts has. */
import { createRandom, permutation } from '@algo/numerics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownRows, sharedCapacity, shareWindows, sumOf } from '../../src/data/shared-windows.js';

const RUNS = { seed: 20261130, numRuns: 200 };
const counts = fc.array(fc.nat(5000), { minLength: 1, maxLength: 6 }).filter((rows) => sumOf(rows) > 0);
const IN_ONE_RUN = { run: Number.POSITIVE_INFINITY, skip: 0 };

describe('windows of several hosts', () => {
  it('are full but for the last, have each row of each host once, and as many as its share of all rows', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 4000 }), (rows, capacity) => {
        const windows = shareWindows(rows, capacity);

        const total = sumOf(rows);
        expect(rows.map((_, host) => sumOf(windows.map((shares) => shares[host]!)))).toEqual(rows);
        expect(windows.slice(0, -1).every((shares) => sumOf(shares) === capacity)).toBe(true);
        for (const [host, count] of rows.entries()) {
          for (const shares of windows.slice(0, -1)) {
            // What is left of a host's share changes by less than a row in each window.
            expect(Math.abs(shares[host]! - (count * capacity) / total)).toBeLessThan(1 + windows.length);
          }
        }
      }),
      RUNS,
    );
  });

  it('hold as many rows as fit where a host has the most, in whole batches', () => {
    expect(sharedCapacity([100, 300], 300, 32)).toBe(400);
    expect(sharedCapacity([100, 300], 299, 32)).toBe(384);
    expect(sharedCapacity([100, 300], 48, 32)).toBe(64);
    expect(sharedCapacity([100, 300], 1, 32)).toBe(32);
  });
});

describe('the rows of a shuffled window', () => {
  it('are those of one host together, in the same batches and places', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 300 }), fc.nat(1000), (rows, batchSize, seed) => {
        const order = permutation(createRandom(seed), sumOf(rows));
        const batches = Math.ceil(order.length / batchSize);
        const found = new Int32Array(order.length).fill(-1);

        for (const [host, count] of rows.entries()) {
          const first = sumOf(rows.slice(0, host));
          const own = ownRows(order, { first, ...IN_ONE_RUN }, count, batchSize);
          expect([own.order.length, own.starts.length]).toEqual([count, batches + 1]);
          for (let batch = 0; batch < batches; batch++) {
            for (let at = own.starts[batch]!; at < own.starts[batch + 1]!; at++) {
              const place = own.rowNumbers?.[at] ?? at - own.starts[batch]!;
              found[batch * batchSize + place] = first + own.order[at]!;
            }
          }
        }

        expect(found).toEqual(order);
      }),
      RUNS,
    );
  });

  it('are found in runs, too, where hosts take turns at rows that all of them have', () => {
    const [hosts, run, total, batchSize] = [3, 4, 30, 7];
    const order = permutation(createRandom(1), total);
    const shareOf = (host: number) =>
      Array.from({ length: total }, (_, row) => row).filter((row) => Math.floor(row / run) % hosts === host);
    const found = new Int32Array(total).fill(-1);

    for (let host = 0; host < hosts; host++) {
      const share = shareOf(host);
      const numbers = { first: host * run, run, skip: (hosts - 1) * run };
      const own = ownRows(order, numbers, share.length, batchSize);
      for (let batch = 0; batch + 1 < own.starts.length; batch++) {
        for (let at = own.starts[batch]!; at < own.starts[batch + 1]!; at++) {
          found[batch * batchSize + own.rowNumbers![at]!] = share[own.order[at]!]!;
        }
      }
    }

    expect(found).toEqual(order);
  });
});
