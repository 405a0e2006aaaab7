/** More rows on all hosts than 32 bits can number: a host that has a few of them, and another that says it has the others. */
import { type Communicator, oneHost } from '@algo/contract';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createCutSketch } from '../../src/engine/binning/cuts.js';
import type { Team } from '../../src/engine/team.js';
import { createPool } from '../../src/engine/threads/pool.js';
import { assignFolds } from '../../src/job/folds.js';
import { layoutOf } from '../../src/objectives/whole/row-layout.js';

const OTHERS = 2 ** 32;

const pool = createPool(1);
const start = pool.arena.mark();
afterEach(() => pool.arena.release(start));
afterAll(() => pool.close());

/**
 * The first of two hosts.
 * @param sums what the other one adds to these sums, call after call
 * @param rows numbers of rows that it has where this one gives its own; it has no values to add to lists of values
 */
function hostOf(sums: readonly (readonly number[])[], rows: readonly number[]): Communicator {
  let calls = 0;
  const others = (part: Numbers): Numbers => {
    if (part instanceof Float64Array) return Float64Array.from(rows);
    return part instanceof Uint32Array ? new Uint32Array(part.length) : new Float32Array(0);
  };
  return {
    ...oneHost(),
    size: 2,
    sum(values) {
      for (const [index, value] of (sums[calls++] ?? []).entries()) (values as Float64Array)[index]! += value;
    },
    gather: ((part: Numbers) => [part, others(part)]) as Communicator['gather'],
  };
}

type Numbers = Parameters<Communicator['sum']>[0];

const teamOf = (hosts: Communicator): Team => ({ hosts, isStopping: () => false });

describe('cut points of more than 2^32 rows', () => {
  it('know how many there are, and how many have no value', () => {
    // Rows and sparse rows; values that are missing and that are there, of two features.
    const hosts = hostOf(
      [
        [OTHERS, 0],
        [OTHERS, 7],
        [0, 0],
      ],
      [OTHERS, 0],
    );
    const sketch = createCutSketch(pool, { featureCount: 2, maxBin: 4, rows: 3, team: teamOf(hosts) });
    sketch.addBlock(Float32Array.of(1, Number.NaN, 2, 5, 3, Number.NaN));

    const cuts = sketch.finish();

    expect(cuts.rows).toBe(OTHERS + 3);
    expect([...cuts.missing]).toEqual([OTHERS, 9]);
  });

  it('know it of sparse rows, too', () => {
    const hosts = hostOf(
      [
        [OTHERS, OTHERS],
        [0, 0],
        [OTHERS - 5, 3],
      ],
      [OTHERS, 0],
    );
    const sketch = createCutSketch(pool, { featureCount: 2, maxBin: 4, rows: 2, team: teamOf(hosts) });
    const rowStarts = Uint32Array.of(0, 2, 3);
    sketch.addSparseBlock({ rowStarts, columnIndices: Uint32Array.of(0, 1, 0), values: Float32Array.of(1, 2, 3) });

    expect([...sketch.finish().missing]).toEqual([5, OTHERS + 2 - 4]);
  });
});

describe('what needs the rows of all hosts on each', () => {
  const labels = Float32Array.of(0, 1, 0);
  const rowsOn = (hosts: Communicator) => ({ labels, hosts });
  const message = 'takes at most 4294967295 values; received 4294967299.';

  it('is refused for more of them than have numbers, before memory is asked for', () => {
    const layout = layoutOf(rowsOn(hostOf([], [OTHERS])));

    expect(layout.count).toBe(OTHERS + 3);
    expect(() => layout.gather(labels)).toThrow(message);
    expect(() => layout.keepOwn(new Uint16Array(3), 1, () => expect.fail('it was computed'))).toThrow(message);
    expect(() => layoutOf(rowsOn(hostOf([], [OTHERS / 2]))).gather(new Float32Array(6), 2)).toThrow(
      'takes at most 4294967295 values; received 4294967302.',
    );
  });

  it.each(['binary', 'regression'] as const)('is refused for folds of a %s', (task) => {
    const options = { folds: 2, seed: 0, repetition: 0, task };

    expect(() => assignFolds(rowsOn(hostOf([], [OTHERS])), 3, options)).toThrow(message);
  });
});
