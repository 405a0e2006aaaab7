/** Which worker gets which model, and when: with workers whose orders the test carries out. */
import { describe, expect, it } from 'vitest';
import { carryOut, type FakeWorker, fakeWorker, LOADED, startLoader, turn } from './fake-workers.js';

describe('a model', () => {
  it('is loaded by one worker after the other, and can be asked after the first', async () => {
    const { workers, load, pids } = startLoader(2);
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
      const { workers, load, pids } = startLoader(2, () => free);
      void load('a');
      await turn();
      await carryOut(workers[0]!, facts);

      expect(pids()).toEqual([[1]]);
      expect(workers.map(({ orders }) => orders.length)).toEqual([0, 0]);
    }
  });

  it('goes to the worker that is idle, then to the one with the fewest bytes', async () => {
    const { workers, load, pids } = startLoader(3);
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
    const { workers, holders, load, models } = startLoader(2);
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
    const { workers, load } = startLoader(2);
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
    const { workers, loader, load, models, pids, starved } = startLoader(1, undefined, true);
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

describe('unloading', () => {
  it('closes what is loaded and what is being loaded', async () => {
    const { workers, loader, load, models, holders } = startLoader(2);
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

describe('memory', () => {
  it('is given back by idle workers before a model is refused', async () => {
    let free = 0.2e12;
    const { workers, load } = startLoader(2, () => free);
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
    const { workers, load } = startLoader(1);
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
