/** Parts of a streamed answer between two processes: in order, no faster than they are taken, and ended from both sides. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Parts, type Receiving, receiveParts, type Sending, sendParts } from '../../src/serve/part-flow.js';

/** Both ends in one process; what they say to each other takes a turn. */
function connect(parts: Parts): Parts {
  let sending: Sending | undefined;
  const receiving: Receiving = receiveParts({
    taken: (bytes) => queueMicrotask(() => sending?.taken(bytes)),
    cancel: () => queueMicrotask(() => sending?.cancel()),
  });
  sending = sendParts(parts, (part) => queueMicrotask(() => receiving.add(part)));
  sending.done.then(
    () => queueMicrotask(() => receiving.end()),
    (error: Error) => queueMicrotask(() => receiving.end(error)),
  );
  return receiving.parts;
}

async function collect(parts: Parts): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for (let part = await parts.next(); !part.done; part = await parts.next()) all.push(part.value);
  return all;
}

/** As an algorithm's generator, with a note of what was asked of it. */
function source(sizes: readonly number[], failAt = Number.POSITIVE_INFINITY) {
  const state = { made: 0, isEnded: false };
  async function* make() {
    try {
      for (const size of sizes) {
        if (state.made === failAt) throw new Error('the third part failed');
        state.made += 1;
        yield new Uint8Array(size).fill(state.made);
      }
    } finally {
      state.isEnded = true;
    }
  }
  const iterator = make();
  const parts: Parts = { next: () => iterator.next(), return: () => iterator.return(undefined) };
  return { parts, state };
}

describe('parts of an answer', () => {
  it('arrive whole and in order, whatever their sizes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 12 }), async (sizes) => {
        const { parts, state } = source(sizes);

        const received = await collect(connect(parts));

        expect(received.map((part) => [part.length, part[0]])).toEqual(sizes.map((size, i) => [size, i + 1]));
        expect(state.isEnded).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('are not made far ahead of a caller that takes none', async () => {
    const { parts, state } = source(Array(1000).fill(100_000));
    const received = connect(parts);
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);

    expect(state.made).toBe(3);
    await received.next();
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    expect(state.made).toBe(4);
    await received.return();
  });

  it('end at the source when the caller wants no more, also while it waits', async () => {
    const { parts, state } = source(Array(1000).fill(100_000));
    const received = connect(parts);
    await received.next();

    await received.return();

    expect(state.isEnded).toBe(true);
    expect(await received.next()).toEqual({ value: undefined, done: true });
  });

  it('that came before an error are all received before it', async () => {
    const { parts } = source([10, 20, 30], 2);
    const received = connect(parts);

    expect((await received.next()).value).toHaveLength(10);
    expect((await received.next()).value).toHaveLength(20);
    await expect(received.next()).rejects.toThrow('the third part failed');
  });
});
