/** Which worker gets which model, and when: with workers whose orders the test carries out. */
import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../../src/log.js';
import { createModelHolders, type PlacedModel } from '../../../src/serve/models/model-holders.js';
import { createModelLoader } from '../../../src/serve/models/model-loader.js';
import { createModelMemory } from '../../../src/serve/models/model-memory.js';
import type { ModelOrder, OrderResult } from '../../../src/serve/models/order.js';
import type { WorkerProcess } from '../../../src/serve/worker-process.js';

interface FakeWorker extends WorkerProcess {
  isReady: boolean;
  openCount: number;
  /** Orders that are not done. */
  readonly orders: { readonly order: ModelOrder; done(result?: OrderResult): void }[];
  die(reason: string): void;
}

function fakeWorker(pid: number): FakeWorker {
  const ended = Promise.withResolvers<string>();
  const worker: FakeWorker = {
    ...{ pid, isReady: true, openCount: 0, orders: [], ended: ended.promise },
    ready: new Promise(() => {}),
    invoke: () => Promise.resolve(undefined),
    talkCount: 0,
    converse: () => {
      throw new Error('No conversation is begun here.');
    },
    order: (order) => new Promise((resolve) => void worker.orders.push({ order, done: resolve })),
    end: () => {},
    kill: () => {},
    die(reason) {
      worker.isReady = false;
      for (const { done } of worker.orders.splice(0)) done(undefined);
      ended.resolve(reason);
    },
  };
  return worker;
}

const LOADED = { maxProcesses: undefined, isConcurrent: false, isBatched: false, peakBytes: 0 };

/** Does the worker's next order. */
async function carryOut(
  worker: FakeWorker,
  facts: Partial<typeof LOADED> | { maxProcesses: number } = {},
): Promise<ModelOrder> {
  const { order, done } = worker.orders.shift()!;
  const model = { ...LOADED, ...facts };
  done(order.kind === 'load' ? { kind: 'loaded', model, heapShare: 0 } : { kind: 'done', heapShare: 0 });
  await turn();
  return order;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function start(count: number, freeBytes = () => 1e12, isAlone = false) {
  const workers = Array.from({ length: count }, (_, i) => fakeWorker(i + 1));
  const lost: string[] = [];
  const ready = () => workers.filter(({ isReady }) => isReady);
  const holders = createModelHolders(ready, isAlone);
  let starved = 0;
  const log = memoryLog();
  const loader = createModelLoader({
    ...{ workers: ready, holders, log, loadMs: 60_000, onFree: () => {}, onLoaded: () => {} },
    memory: createModelMemory(1e12, freeBytes),
    replace: () => {},
    onLost: ({ name }) => lost.push(name),
    ...(isAlone && {
      copies: 1,
      onStarved() {
        starved += 1;
        return undefined;
      },
    }),
  });
  const models: PlacedModel[] = [];
  const load = (name: string, fileBytes = 1) => {
    const model: PlacedModel = { name, url: `/${name}`, fileBytes, holders: new Set(), facts: undefined };
    models.push(model);
    return loader.load(model).then(
      () => 'loaded',
      (error: { code: string; message: string }) => `${error.code} ${error.message}`,
    );
  };
  const pids = () => models.map(({ holders }) => [...holders].map(({ pid }) => pid).sort());
  const end = async (worker: FakeWorker, reason = 'signal SIGKILL') => {
    worker.die(reason);
    loader.onEnded(worker);
    await turn();
  };
  return { workers, holders, loader, models, load, pids, end, lost, log, starved: () => starved };
}

describe('a model', () => {
  it('is loaded by one worker after the other, and can be asked after the first', async () => {
    const { workers, load, pids } = start(2);
    const [first, second] = workers as [FakeWorker, FakeWorker];

    const loaded = load('a');
    await turn();
    expect(second.orders).toEqual([]);
    await carryOut(first);
    expect(await loaded).toBe('loaded');
    expect(pids()).toEqual([[1]]);
    await carryOut(second);

    expect(pids()).toEqual([[1, 2]]);
  });

  it('is in one worker only where it is for one, or half of the memory is in use', async () => {
    for (const { facts, free } of [
      { facts: { maxProcesses: 1 }, free: 1e12 },
      { facts: {}, free: 0.4e12 },
    ]) {
      const { workers, load, pids } = start(2, () => free);
      void load('a');
      await turn();
      await carryOut(workers[0]!, facts);

      expect(pids()).toEqual([[1]]);
      expect(workers.map(({ orders }) => orders.length)).toEqual([0, 0]);
    }
  });

  it('goes to the worker that is idle, then to the one with the fewest bytes', async () => {
    const { workers, load, pids } = start(3);
    const [first, second, third] = workers as [FakeWorker, FakeWorker, FakeWorker];
    first.openCount = 1;
    void load('a', 100);
    await turn();
    await carryOut(second, { maxProcesses: 1 });
    void load('b', 10);
    await turn();
    await carryOut(third, { maxProcesses: 1 });
    void load('c', 1);
    await turn();
    await carryOut(third, { maxProcesses: 1 });

    expect(pids()).toEqual([[2], [3], [3]]);
  });

  it('is not loaded by a worker while another one that has the same models is loading', async () => {
    const { workers, holders, load, models } = start(2);
    const [first, second] = workers as [FakeWorker, FakeWorker];
    void load('a');
    await turn();
    await carryOut(first);
    await carryOut(second);

    void load('b');
    void load('c');
    await turn();

    const busy = workers.filter(({ orders }) => orders.length > 0);
    expect(busy.length).toBe(1);
    expect(holders.answering(models[0]!)).toEqual(workers.filter((worker) => worker !== busy[0]));
  });

  it('comes before second copies of others', async () => {
    const { workers, load } = start(2);
    const [first, second] = workers as [FakeWorker, FakeWorker];
    void load('a');
    void load('b');
    await turn();
    void load('c');
    const orders = [await carryOut(first), await carryOut(second)];
    for (let i = 0; i < 4; i++) {
      const worker = first.orders.length > 0 ? first : second;
      orders.push(await carryOut(worker));
    }

    expect(orders.map((order) => order.kind === 'load' && order.name).slice(0, 3)).toEqual(['a', 'b', 'c']);
    expect(
      orders
        .map((order) => order.kind === 'load' && order.name)
        .slice(3)
        .sort(),
    ).toEqual(['a', 'b', 'c']);
  });
});

describe('a model that has its process for itself', () => {
  it('is alone in a worker, asks for another one, and leaves its own to the next', async () => {
    const { workers, loader, load, models, pids, starved } = start(1, undefined, true);
    void load('a');
    await turn();
    await carryOut(workers[0]!);
    void load('b');
    void load('c');
    await turn();
    expect(workers[0]!.orders).toEqual([]);
    expect(starved()).toBeGreaterThan(0);

    workers.push(fakeWorker(2));
    loader.next();
    await turn();
    await carryOut(workers[1]!);
    void loader.unload(models[0]!);
    await turn();
    expect((await carryOut(workers[0]!)).kind).toBe('unload');
    await turn();
    await carryOut(workers[0]!);

    expect(pids()).toEqual([[], [2], [1]]);
  });
});

describe('a worker that ends', () => {
  it('while it loads a model leaves it to another one, twice at most', async () => {
    const { workers, load, end, pids } = start(3);
    const loaded = load('a');
    await turn();
    await end(workers[0]!);
    await carryOut(workers[1]!);

    expect(await loaded).toBe('loaded');
    expect(pids()).toEqual([[2]]);

    const killed = start(3);
    const refused = killed.load('a');
    await turn();
    await killed.end(killed.workers[0]!);
    await killed.end(killed.workers[1]!);

    expect(await refused).toBe(
      'E_MODEL_MEMORY Model "a": the worker process ended while it loaded the model (signal SIGKILL). The model may need more memory. Unload other models, then retry.',
    );
    expect(killed.workers[2]!.orders).toEqual([]);
  });

  it('by itself is an error of the algorithm', async () => {
    const { workers, load, end } = start(2);
    const refused = load('a');
    await turn();
    await end(workers[0]!, 'exit code 3');
    await end(workers[1]!, 'exit code 3');

    expect(await refused).toMatch(/^E_ALGORITHM .*\(exit code 3\)\.$/);
  });

  it('has its models loaded again by others, without asking for memory', async () => {
    let free = 1e12;
    const { workers, load, end, pids, lost } = start(2, () => free);
    const [first, second] = workers as [FakeWorker, FakeWorker];
    void load('a');
    await turn();
    await carryOut(first, { maxProcesses: 1 });
    free = 0;
    await end(first);
    await carryOut(second);

    expect(pids()).toEqual([[2]]);
    expect(lost).toEqual([]);
  });

  it('takes a model with it that ends two more workers', async () => {
    const { workers, load, end, lost, log } = start(3);
    void load('a');
    await turn();
    await carryOut(workers[0]!, { maxProcesses: 1 });
    await end(workers[0]!);
    await end(workers[1]!);
    await end(workers[2]!);

    expect(lost).toEqual(['a']);
    expect(log.lines.join('\n')).toMatch(/model "a" was not loaded again: Model "a": the worker process ended/);
  });
});

describe('unloading', () => {
  it('closes what is loaded and what is being loaded', async () => {
    const { workers, loader, load, models, holders } = start(2);
    const [first, second] = workers as [FakeWorker, FakeWorker];
    void load('a');
    await turn();
    await carryOut(first);

    let isDone = false;
    void loader.unload(models[0]!).then(() => (isDone = true));
    await turn();
    expect(first.orders).toEqual([]);
    await carryOut(second); // its copy
    const orders = [await carryOut(first), await carryOut(second)];

    expect(orders).toEqual([1, 2].map(() => ({ kind: 'unload', name: 'a' })));
    expect(isDone).toBe(true);
    expect(holders.isEmpty).toBe(true);
  });
});

describe('a worker that ends while its model is unloaded', () => {
  it('does not have it loaded again', async () => {
    const { workers, loader, load, models, end, holders } = start(2);
    void load('a');
    await turn();
    await carryOut(workers[0]!, { maxProcesses: 1 });
    const unloaded = loader.unload(models[0]!);
    await turn();
    await end(workers[0]!);
    await unloaded;

    expect(workers[1]!.orders).toEqual([]);
    expect(holders.isEmpty).toBe(true);
  });
});

describe('memory', () => {
  it('is given back by idle workers before a model is refused', async () => {
    let free = 0.2e12;
    const { workers, load } = start(2, () => free);
    const [first, second] = workers as [FakeWorker, FakeWorker];
    second.openCount = 1;
    const loaded = load('a');
    await turn();

    expect(second.orders.map(({ order }) => order.kind)).toEqual(['collect']);
    free = 0.3e12;
    expect((await carryOut(first)).kind).toBe('collect');
    expect((await carryOut(first)).kind).toBe('load');
    expect(await loaded).toBe('loaded');

    free = 0.2e12;
    const refused = load('b');
    await turn();
    expect((await carryOut(first)).kind).toBe('collect');
    expect(await refused).toMatch(/^E_MODEL_MEMORY /);
  });

  it('of a worker is its heap, too', async () => {
    const { workers, load } = start(1);
    const [worker] = workers as [FakeWorker];
    void load('a');
    await turn();
    const { done } = worker.orders.shift()!;
    done({ kind: 'loaded', model: LOADED, heapShare: 0.8 });
    await turn();

    const refused = load('b');
    await turn();
    worker.orders.shift()!.done({ kind: 'done', heapShare: 0.76 });

    expect(await refused).toBe(
      'E_MODEL_MEMORY Model "b" needs room in a worker\'s heap; the heaps are 76 % full. Unload other models, then retry.',
    );
  });
});
