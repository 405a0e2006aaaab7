/** Joined requests: every answer has its own rows, whatever the model does meanwhile. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchRows, createBatcher } from '../../src/batching/batcher.js';
import { type Batching, batchingLimits } from '../../src/batching/limits.js';
import type { Predictions } from '../../src/prediction.js';

const POISON = -1;

/** A model whose batches end when the test says so; a row [a, b] gives 10 a, its text, and the list [a, b + 1]. */
function createFixture(batching: Partial<Batching> = {}) {
  const batches: { readonly rows: number; readonly keys: readonly string[]; finish(): void }[] = [];
  const predict = ({ features, rows, asked }: BatchRows<string>): Promise<Predictions> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    batches.push({ rows, keys: asked, finish: resolve });
    return promise.then(() => {
      const poison = features.indexOf(POISON);
      if (poison !== -1) throw new Error(`value ${POISON} at ${poison}`);
      const firsts = Float64Array.from({ length: rows }, (_, row) => features[2 * row]!);
      const pairs = Float32Array.from(features, (value, i) => value + (i % 2));
      return {
        score: firsts.map((value) => 10 * value),
        text: [...firsts].map(String),
        pair: { values: pairs, width: 2 },
      };
    });
  };
  const batcher = createBatcher(predict, batchingLimits({ maxRows: 4, ...batching }));
  const submit = (rows: readonly number[], key = 'a', signal = new AbortController().signal) =>
    batcher.submit({
      features: Float64Array.from(rows.flatMap((row) => [row, row])),
      rows: rows.length,
      columns: 2,
      key,
      asked: key,
      signal,
    });
  return { batches, submit };
}

const expected = (rows: readonly number[]): Predictions => ({
  score: Float64Array.from(rows, (row) => 10 * row),
  text: rows.map(String),
  pair: { values: Float32Array.from(rows.flatMap((row) => [row, row + 1])), width: 2 },
});

/** Lets everything that is ready run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}

describe('requests in a batching model', () => {
  it('that arrive in one turn are one batch, and each gets its own rows', async () => {
    const { batches, submit } = createFixture();

    const answers = [submit([1]), submit([2, 3]), submit([4])];
    await settle();
    batches[0]!.finish();

    expect(await Promise.all(answers)).toEqual([[1], [2, 3], [4]].map(expected));
    expect(batches.map(({ rows }) => rows)).toEqual([4]);
  });

  it('that come while the model is busy wait, and go together', async () => {
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
    expect(await first).toEqual(expected([1]));
    expect(await Promise.all(others)).toEqual([[2], [3], [4]].map(expected));
  });

  it('of many rows take turns with small ones', async () => {
    const { batches, submit } = createFixture();
    const order: string[] = [];
    const rows = Array.from({ length: 14 }, (_, i) => i);

    const large = submit(rows).finally(() => order.push('large'));
    const small = submit([100]).finally(() => order.push('small'));
    for (let batch = 0; batch < 4; batch++) {
      await settle();
      batches[batch]!.finish();
    }

    expect(await large).toEqual(expected(rows));
    expect(await small).toEqual(expected([100]));
    expect(order).toEqual(['small', 'large']);
    expect(batches.map(({ rows: count }) => count)).toEqual([4, 4, 4, 3]);
  });

  it('that ask for different things are never predicted together, and keep their turn', async () => {
    const { batches, submit } = createFixture();

    const answers = [submit([1], 'a'), submit([2], 'b'), submit([3], 'a'), submit([4], 'b')];
    for (let batch = 0; batch < 2; batch++) {
      await settle();
      batches[batch]!.finish();
    }

    expect(await Promise.all(answers)).toEqual([[1], [2], [3], [4]].map(expected));
    expect(batches.map(({ keys }) => keys)).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
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

  it('wait for others as long as the delay, and no longer', async () => {
    const { batches, submit } = createFixture({ maxDelayMs: 1 });

    void submit([1]);
    void submit([2]);
    await expect.poll(() => batches.length).toBe(1);

    expect(batches[0]!.rows).toBe(2);
  });

  it('that do not fit into the queue are refused, those in it are answered, and a large one alone is let in', async () => {
    const { batches, submit } = createFixture({ maxRows: 4, maxQueuedRows: 6 });

    const running = submit([1, 2, 3, 4]);
    await settle();
    const queued = submit([5, 6, 7, 8, 9]);
    const refused = submit([10, 11]).catch((error: Error) => error);
    const fitting = submit([12]);
    for (let batch = 0; batch < 3; batch++) {
      await settle();
      batches[batch]!.finish();
    }

    expect(await refused).toMatchObject({
      code: 'E_BUSY',
      message: 'At most 6 rows may wait for the model; there is no room for this request. Send it again later.',
    });
    expect(await Promise.all([running, queued, fitting])).toEqual([[1, 2, 3, 4], [5, 6, 7, 8, 9], [12]].map(expected));
  });

  it('whose caller leaves while they wait are not predicted', async () => {
    const { batches, submit } = createFixture();
    const caller = new AbortController();

    const running = submit([1]);
    await settle();
    const leaving = submit([2, 3], 'a', caller.signal).catch((error: Error) => error);
    const staying = submit([4]);
    caller.abort();
    batches[0]!.finish();
    await settle();
    batches[1]!.finish();

    expect(await leaving).toMatchObject({ code: 'E_BUSY' });
    expect(await Promise.all([running, staying])).toEqual([[1], [4]].map(expected));
    expect(batches.map(({ rows }) => rows)).toEqual([1, 1]);
  });

  it('whose caller leaves during their batch keep their rows until it ends, and no more of them are predicted', async () => {
    const { batches, submit } = createFixture();
    const caller = new AbortController();
    const log: string[] = [];

    const leaving = submit([1, 2, 3, 4, 5, 6], 'a', caller.signal).catch((error: { code: string }) => {
      log.push(error.code);
    });
    await settle();
    caller.abort();
    await settle();
    log.push('end of the batch');
    batches[0]!.finish();
    await leaving;
    await settle();

    expect(log).toEqual(['end of the batch', 'E_BUSY']);
    expect(batches.map(({ rows }) => rows)).toEqual([4]);
  });

  it('whose caller leaves during a batch that fails are not tried again', async () => {
    const { batches, submit } = createFixture();
    const caller = new AbortController();

    const leaving = submit([1], 'a', caller.signal).catch((error: Error) => error);
    const failing = submit([POISON]).catch((error: Error) => error);
    await settle();
    caller.abort();
    batches[0]!.finish();
    await settle();
    batches[1]!.finish();

    expect(await failing).toEqual(new Error('value -1 at 0'));
    expect(await leaving).toMatchObject({ code: 'E_BUSY' });
    expect(batches.map(({ rows }) => rows)).toEqual([2, 1]);
  });

  it('that fail, fail alone', async () => {
    const { batches, submit } = createFixture();

    const settled = Promise.allSettled([submit([1]), submit([POISON]), submit([2])]);
    for (let batch = 0; batch < 4; batch++) {
      await settle();
      batches[batch]!.finish();
    }

    expect(await settled).toMatchObject([
      { status: 'fulfilled', value: expected([1]) },
      { status: 'rejected', reason: new Error('value -1 at 0') },
      { status: 'fulfilled', value: expected([2]) },
    ]);
  });

  it('of many rows that fail in one part are not asked for the others', async () => {
    const { batches, submit } = createFixture();

    const outcome = submit([1, 2, 3, POISON, 5, 6, 7, 8, 9]).catch((error: Error) => error.message);
    await settle();
    batches[0]!.finish();
    await settle();
    const next = submit([10]);
    await settle();
    batches[1]!.finish();

    expect(await outcome).toBe('value -1 at 6');
    expect(await next).toEqual(expected([10]));
    expect(batches.map(({ rows }) => rows)).toEqual([4, 1]);
  });

  it('never get rows of another, in any order of sizes, kinds and arrivals', async () => {
    const request = fc.record({
      rows: fc.integer({ min: 1, max: 12 }),
      key: fc.constantFrom('a', 'b'),
      turns: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 40 }), async (requests) => {
        const { batches, submit } = createFixture({ maxQueuedRows: 1000 });
        let finished = 0;
        let tag = 0;
        const answers: Promise<{ readonly rows: readonly number[]; readonly predictions: Predictions }>[] = [];
        for (const { rows: count, key, turns } of requests) {
          const rows = Array.from({ length: count }, () => ++tag);
          answers.push(submit(rows, key).then((predictions) => ({ rows, predictions })));
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

        for (const { rows, predictions } of await all) expect(predictions).toEqual(expected(rows));
        expect(batches.every(({ rows, keys }) => rows <= 4 && new Set(keys).size === 1)).toBe(true);
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});

describe('limits of batching', () => {
  it.each([
    [{ maxRows: 0 }, 'batching: maxRows must be an integer ≥ 1; received 0.'],
    [{ maxRows: 2, maxDelayMs: -1 }, 'batching: maxDelayMs must be a number in [0, 10000]; received -1.'],
    [{ maxRows: 2, maxQueuedRows: 1 }, 'batching: maxQueuedRows must be a number ≥ maxRows; received 1.'],
  ])('%o are refused', (batching, message) => {
    expect(() => batchingLimits(batching)).toThrow(message);
  });
});
