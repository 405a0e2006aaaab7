/** Who predicts the parts of a body, and when; and which algorithms have no bodies in parts. */
import { describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import type { Answer, InvocationRequest } from '../../src/serve/message.js';
import { joined, type Pieces } from '../../src/serve/pieces.js';
import { createSpreadBodies } from '../../src/serve/spread-body/spread-bodies.js';
import { spreadBody } from '../../src/serve/spread-body/spread-body.js';
import { createSpreadPlanner } from '../../src/serve/spread-body/spread-plan.js';
import type { RequestHead } from '../../src/serve/worker-message.js';
import type { WorkerProcess } from '../../src/serve/worker-process.js';
import { sumAlgorithm } from './sum-algorithm.js';

const NEVER = () => new AbortController().signal;
const HEAD: RequestHead = {
  contentType: 'text/csv',
  accept: 'text/csv',
  contentEncoding: undefined,
  customAttributes: undefined,
};

/** A dispatcher whose answers are given by the test. */
function heldDispatcher() {
  const asked: { readonly rows: number; answer(answer: Answer): void; readonly place: { isReady: boolean } }[] = [];
  const dispatcher = {
    isIdle: false,
    invoke({ body }: InvocationRequest<Pieces>, _left: unknown, at: { onWorker(worker: WorkerProcess): void }) {
      const place = { isReady: true };
      at.onWorker(place as WorkerProcess);
      const rows = joined(body).filter((byte) => byte === 0x0a).length;
      return new Promise<Answer>((answer) => asked.push({ rows, answer, place }));
    },
  };
  return { asked, dispatcher };
}

const answerOf = (rows: number): Answer => ({ status: 200, headers: {}, body: Buffer.from(`${rows}\n`), rows });
const turn = () => new Promise(setImmediate);

describe('the workers of a body', () => {
  /** Ten parts of a row each, the last two together. */
  const begin = (left = NEVER) => {
    const { asked, dispatcher } = heldDispatcher();
    const lines = Array.from({ length: 10 }, (_, i) => Buffer.from(`${i},1\n`));
    const plan = createSpreadPlanner(sumAlgorithm(), undefined)(HEAD)!;
    const options = { request: HEAD, plan, length: 40, dispatcher, workers: 20, left, leastBytes: 4 };
    return { asked, dispatcher, lines, ...spreadBody(options) };
  };

  it('are one where others have something to do, and get its parts while it comes', async () => {
    const { asked, lines, add, finish } = begin();
    for (const line of lines.slice(0, 3)) add(line);
    expect(asked).toHaveLength(1);

    asked[0]!.answer(answerOf(1));
    await turn();
    expect(asked).toHaveLength(2);

    for (const line of lines.slice(3)) add(line);
    const answer = finish();
    for (let i = 1; i < asked.length; i++) {
      expect(asked).toHaveLength(i + 1);
      asked[i]!.answer(answerOf(asked[i]!.rows));
      await turn();
    }
    expect(await answer).toMatchObject({ status: 200, rows: 10 });
  });

  it('are all that are idle, and its answer is in order whichever is first', async () => {
    const { asked, dispatcher, lines, add, finish } = begin();
    dispatcher.isIdle = true;
    for (const line of lines) add(line);
    expect(asked).toHaveLength(10);

    const answer = finish();
    for (const [i, one] of [...asked.entries()].reverse()) one.answer({ ...answerOf(1), body: Buffer.from(`${i}`) });

    const { body, ...rest } = (await answer)!;
    expect(Buffer.from(joined(body as Pieces)).toString()).toBe('0123456789');
    expect(rest).toEqual({ status: 200, headers: {}, rows: 10 });
  });

  it('are asked for no more once a part was refused, and the body is answered as a whole when all have answered', async () => {
    const { asked, lines, add, finish } = begin();
    for (const line of lines.slice(0, 5)) add(line);
    asked[0]!.answer({ ...answerOf(1), status: 400 });
    await turn();
    for (const line of lines.slice(5)) add(line);

    expect(await finish()).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it('are not asked again for a body that one of them has died of', async () => {
    const { asked, dispatcher, lines, add, finish } = begin();
    dispatcher.isIdle = true;
    for (const line of lines) add(line);
    asked[3]!.place.isReady = false;
    asked[3]!.answer({ ...answerOf(1), status: 500 });
    for (const { answer } of asked) answer(answerOf(1));

    expect(await finish()).toMatchObject({ status: 500 });
    expect(asked).toHaveLength(10);
  });

  it('are not asked for more by a caller that has left', async () => {
    const caller = new AbortController();
    const { asked, lines, add, finish } = begin(() => caller.signal);
    for (const line of lines) add(line);
    caller.abort();
    asked[0]!.answer({ ...answerOf(1), status: 503 });

    expect(await finish()).toMatchObject({ status: 503 });
    expect(asked).toHaveLength(1);
  });

  it('end a part that is answered by a stream, whose body is answered as a whole', async () => {
    const { asked, lines, add, finish } = begin();
    for (const line of lines) add(line);
    let isEnded = false;
    const rest = {
      next: async () => ({ value: undefined, done: true as const }),
      return: async () => {
        isEnded = true;
      },
    };
    asked[0]!.answer({ ...answerOf(1), rest });

    expect(await finish()).toBeUndefined();
    expect(isEnded).toBe(true);
  });
});

describe('an algorithm that has bodies in parts', () => {
  const spreads = (algorithm: Partial<Algorithm>, isBatch = false) => {
    const { dispatcher } = heldDispatcher();
    const settings = { isBatch, defaultAccept: undefined };
    const spread = createSpreadBodies(sumAlgorithm(algorithm), settings, dispatcher, { workers: 2 });
    return spread?.(HEAD, 1024 * 1024, NEVER) !== undefined;
  };
  const boundedRows = () => 1;

  it('bounds the rows of a request, has nothing of its own for the whole, and is not in a batch transform', () => {
    expect(spreads({ boundedRows })).toBe(true);
    expect(spreads({})).toBe(false);
    expect(spreads({ boundedRows }, true)).toBe(false);
    expect(spreads({ boundedRows, batching: { maxRows: 8, maxDelayMs: 1 } })).toBe(false);
    expect(spreads({ boundedRows, isMetered: true, units: () => 1 })).toBe(false);
  });
});
