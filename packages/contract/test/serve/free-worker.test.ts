/** Which worker holds a conversation, and how long one is waited for. */
import { expect, it } from 'vitest';
import { freeWorker } from '../../src/serve/conversation/free-worker.js';
import type { WorkerProcess } from '../../src/serve/worker-process.js';

const worker = (talkCount: number) => ({ talkCount }) as WorkerProcess;

it('the worker with the fewest conversations holds the next one', async () => {
  const [busy, free] = [worker(2), worker(1)];

  expect(
    await freeWorker(
      () => [busy, free],
      () => true,
    ),
  ).toBe(free);
});

it('a worker that is on its way is waited for, as long as somebody wants it', async () => {
  const late = worker(0);
  let looks = 0;
  const workers = () => (++looks < 3 ? [] : [late]);

  expect(await freeWorker(workers, () => true)).toBe(late);
  expect(
    await freeWorker(
      () => [],
      () => false,
    ),
  ).toBeUndefined();
});
