/** Which worker gets which request, with workers that are no processes. */
import { expect, it } from 'vitest';
import { createDispatcher } from '../../src/serve/dispatcher.js';
import type { WorkerProcess } from '../../src/serve/worker-process.js';

function createWorker() {
  const death = Promise.withResolvers<undefined>();
  let isReady = true;
  let invoked = 0;
  const worker = {
    get isReady() {
      return isReady;
    },
    openCount: 0,
    invoke() {
      invoked += 1;
      return death.promise;
    },
  } as unknown as WorkerProcess;
  const die = () => {
    isReady = false;
    death.resolve(undefined);
  };
  return { worker, die, invoked: () => invoked };
}

it.each([
  [false, 1],
  [true, 0],
])(
  'the second request of a worker that dies (its caller has left: %s) is sent again %i times',
  async (hasLeft, times) => {
    const [first, second] = [createWorker(), createWorker()];
    const dispatcher = createDispatcher({
      pool: {
        ready: () =>
          [first, second]
            .map(({ worker }) => worker)
            .filter(({ isReady }) => isReady)
            .slice(0, 1),
        replace() {},
      },
      limits: { perWorker: 2, sharedBytes: 100, bytes: 100 },
      timeoutMs: 1000,
      streamMs: 1000,
    });
    const head = { contentType: undefined, contentEncoding: undefined, accept: undefined, customAttributes: undefined };
    const request = { ...head, body: [Buffer.from('1')] };
    const caller = new AbortController();
    const culprit = dispatcher.invoke(request);
    const other = dispatcher.invoke(request, () => caller.signal);
    expect(first.invoked()).toBe(2);

    if (hasLeft) caller.abort();
    first.die();
    expect((await culprit).status).toBe(500);
    await new Promise(setImmediate);

    expect(second.invoked()).toBe(times);
    second.die();
    expect((await other).status).toBe(hasLeft ? 503 : 500);
  },
);
