/** Joined requests: every answer has its own rows, whatever the device does meanwhile. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchingLimits, createBatcher } from '../../src/inference/batching.js';
import type { RowPart, Scores } from '../../src/inference/scorer.js';

const WIDTH = 2;

/** A device whose batches end when the test says so; a row [a, b] scores [10 a, b + 1]. */
function createDevice() {
  const batches: { readonly rows: number; finish(): void; fail(error: Error): void }[] = [];
  const score = (parts: readonly RowPart[]): Promise<Scores> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const features = parts.flatMap((part) => [...part.features.subarray(0, part.rows * 2)]);
    batches.push({ rows: features.length / 2, finish: () => resolve(), fail: reject });
    return promise.then(() => {
      const poison = features.indexOf(POISON);
      if (poison !== -1) throw new Error(`value ${POISON} at ${poison}`);
      return {
        values: Float64Array.from(features, (value, i) => (i % 2 === 0 ? 10 * value : value + 1)),
        width: WIDTH,
      };
    });
  };
  return { batches, score };
}

const POISON = -1;

function createFixture(limits: Partial<BatchingLimits> = {}) {
  const device = createDevice();
  const scorer = { featureCount: 2, maxRows: 0, isImmediate: false, score: device.score };
  const batcher = createBatcher(scorer, { maxRows: 4, maxDelayMs: 0, ...limits });
  const submit = (rows: readonly number[]) => {
    return batcher.submit(Float64Array.from(rows.flatMap((row) => [row, row])), rows.length);
  };
  return { ...device, submit };
}

const expected = (rows: readonly number[]) => Float64Array.from(rows.flatMap((row) => [10 * row, row + 1]));

/** Lets everything that is ready run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}

describe('requests for a batch', () => {
  it('that arrive in one turn of the event loop are one batch, and each gets its own rows', async () => {
    const { batches, submit } = createFixture();

    const answers = [submit([1]), submit([2, 3]), submit([4])];
    await settle();
    batches[0]!.finish();
    const scores = await Promise.all(answers);

    expect(batches.map(({ rows }) => rows)).toEqual([4]);
    expect(scores.map(({ values }) => values)).toEqual([[1], [2, 3], [4]].map(expected));
    expect(scores.map(({ width }) => width)).toEqual([WIDTH, WIDTH, WIDTH]);
  });

  it('that arrive while the device is busy wait and form one batch', async () => {
    const { batches, submit } = createFixture();

    const first = submit([1]);
    await settle();
    const others = [submit([2]), submit([3]), submit([4])];
    await settle();
    const before = batches.length;
    batches[0]!.finish();
    await settle();
    batches[1]!.finish();

    expect(before).toBe(1);
    expect(batches.map(({ rows }) => rows)).toEqual([1, 3]);
    expect((await first).values).toEqual(expected([1]));
    expect((await Promise.all(others)).map(({ values }) => values)).toEqual([[2], [3], [4]].map(expected));
  });

  it('with many rows take turns with small ones', async () => {
    const { batches, submit } = createFixture();
    const order: string[] = [];
    const rows = Array.from({ length: 14 }, (_, i) => i);

    const large = submit(rows).then((scores) => {
      order.push('large');
      return scores;
    });
    const small = submit([100]).then((scores) => {
      order.push('small');
      return scores;
    });
    for (let batch = 0; batch < 4; batch++) {
      await settle();
      batches[batch]!.finish();
    }

    expect((await large).values).toEqual(expected(rows));
    expect((await small).values).toEqual(expected([100]));
    expect(order).toEqual(['small', 'large']);
    expect(batches.map(({ rows: count }) => count)).toEqual([4, 4, 4, 3]);
  });

  it('start immediately if they fill a batch, whatever the delay', async () => {
    const { batches, submit } = createFixture({ maxDelayMs: 10_000 });

    void submit([1, 2]);
    await settle();
    const waiting = batches.length;
    void submit([3, 4]);

    expect(waiting).toBe(0);
    expect(batches.map(({ rows }) => rows)).toEqual([4]);
  });

  it('wait for others up to the delay', async () => {
    const { batches, submit } = createFixture({ maxDelayMs: 1 });

    void submit([1]);
    void submit([2]);
    await expect.poll(() => batches.length).toBe(1);

    expect(batches[0]!.rows).toBe(2);
  });

  it('fail separately', async () => {
    const { batches, submit } = createFixture();

    const answers = [submit([1]), submit([POISON]), submit([2])];
    const settled = Promise.allSettled(answers);
    for (let batch = 0; batch < 4; batch++) {
      await settle();
      batches[batch]!.finish();
    }
    const [first, second, third] = await settled;

    expect(first).toMatchObject({ status: 'fulfilled', value: { values: expected([1]) } });
    expect(second).toMatchObject({ status: 'rejected', reason: new Error('value -1 at 0') });
    expect(third).toMatchObject({ status: 'fulfilled', value: { values: expected([2]) } });
  });

  it('with many rows do not continue after one part failed', async () => {
    const { batches, submit } = createFixture();

    const failing = submit([1, 2, 3, POISON, 5, 6, 7, 8, 9]);
    const outcome = failing.catch((error: Error) => error.message);
    await settle();
    batches[0]!.finish();
    await settle();
    const next = submit([10]);
    await settle();
    batches[1]!.finish();

    expect(await outcome).toBe('value -1 at 6');
    expect((await next).values).toEqual(expected([10]));
    expect(batches.map(({ rows }) => rows)).toEqual([4, 1]);
  });

  it('never get rows of another request, for any sizes and arrival order', async () => {
    const request = fc.record({ rows: fc.integer({ min: 1, max: 12 }), turns: fc.integer({ min: 0, max: 3 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 40 }), async (requests) => {
        const { batches, submit } = createFixture();
        let finished = 0;
        let tag = 0;
        const answers: Promise<{ readonly rows: readonly number[]; readonly scores: Scores }>[] = [];
        for (const { rows: count, turns } of requests) {
          const rows = Array.from({ length: count }, () => ++tag);
          answers.push(submit(rows).then((scores) => ({ rows, scores })));
          for (let turn = 0; turn < turns; turn++) {
            await nextTurn();
            if (turn === 1 && finished < batches.length) batches[finished++]!.finish();
          }
        }
        const all = Promise.all(answers);
        let isDone = false;
        void all.then(() => {
          isDone = true;
        });
        while (!isDone) {
          await nextTurn();
          while (finished < batches.length) batches[finished++]!.finish();
        }

        for (const { rows, scores } of await all) expect(scores.values).toEqual(expected(rows));
        expect(Math.max(...batches.map(({ rows }) => rows))).toBeLessThanOrEqual(4);
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});
