/** What becomes of models whose worker ends, at a load or later. */
import { describe, expect, it } from 'vitest';
import { carryOut, type FakeWorker, fakeWorker, startLoader, turn } from './fake-workers.js';

describe('a worker that ends', () => {
  it('while it loads a model leaves it to another one, twice at most', async () => {
    const { workers, load, end, pids } = startLoader(3);
    const loaded = load('a');
    await turn();
    await end(workers[0]!);
    await carryOut(workers[1]!);

    expect(await loaded).toBe('loaded');
    expect(pids()).toEqual([[2]]);

    const killed = startLoader(3);
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
    const { workers, load, end } = startLoader(2);
    const refused = load('a');
    await turn();
    await end(workers[0]!, 'exit code 3');
    await end(workers[1]!, 'exit code 3');

    expect(await refused).toMatch(/^E_ALGORITHM .*\(exit code 3\)\.$/);
  });

  it('has its models loaded again by others, without asking for memory', async () => {
    let free = 1e12;
    const { workers, load, end, pids, lost } = startLoader(2, () => free);
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
    const { workers, load, end, lost, log } = startLoader(3);
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

describe('a model whose only worker ends while a second one loads it', () => {
  /** The second worker is at its copy; the third one is to load it again. */
  async function startLosing() {
    const scene = startLoader(3);
    const [first, copying, again] = scene.workers as [FakeWorker, FakeWorker, FakeWorker];
    void scene.load('a');
    await turn();
    await carryOut(first);
    await scene.end(first);
    expect([copying, again].map(({ orders }) => orders.map(({ order }) => order.kind))).toEqual([['load'], ['load']]);
    return { ...scene, copying, again };
  }
  const fail = async (worker: FakeWorker) => {
    const failure = { name: 'AlgorithmError', code: 'E_ALGORITHM', message: 'No.', stack: undefined } as const;
    worker.orders.shift()!.done({ kind: 'failed', failure, heapShare: 0 });
    await turn();
  };

  it('stays where one of the two has it, whichever fails first', async () => {
    const withoutCopy = await startLosing();
    await withoutCopy.end(withoutCopy.copying);
    await carryOut(withoutCopy.again);
    const withCopy = await startLosing();
    await fail(withCopy.again);
    await carryOut(withCopy.copying);

    expect([withoutCopy.pids(), withoutCopy.lost]).toEqual([[[3]], []]);
    expect([withCopy.pids(), withCopy.lost]).toEqual([[[2]], []]);
  });

  it('is lost once where none has it, and then loaded by nobody', async () => {
    const { copying, again, lost, holders, workers, loader } = await startLosing();
    await fail(copying);
    expect(lost).toEqual([]);
    await fail(again);
    loader.next();

    expect(lost).toEqual(['a']);
    expect(workers.flatMap(({ orders }) => orders)).toEqual([]);
    expect(holders.isEmpty).toBe(true);
  });
});

it('a model that lacks a second worker when it is lost is not loaded by one', async () => {
  let free = 0.4e12; // no room for what can be done without
  const { workers, loader, load, end, lost } = startLoader(3, () => free);
  void load('a');
  await turn();
  await carryOut(workers[0]!);
  await end(workers[0]!);
  await end(workers[1]!);
  await end(workers[2]!);
  expect(lost).toEqual(['a']);

  free = 1e12;
  workers.push(fakeWorker(4));
  loader.next();
  await turn();

  expect(workers[3]!.orders).toEqual([]);
});

it('a load that hangs ends its worker, and is not tried again', async () => {
  const { workers, load, log } = startLoader(2, undefined, false, 1);
  const refused = await load('a');

  expect(refused).toBe('E_ALGORITHM Model "a" was not loaded within 0.001 s.');
  expect(log.lines.join('\n')).toContain('Model "a" was not loaded within 0.001 s');
  expect(workers.map(({ isReady, orders }) => [isReady, orders.length])).toEqual([
    [false, 0],
    [true, 0],
  ]);
});

describe('a worker that ends while its model is unloaded', () => {
  it('does not have it loaded again', async () => {
    const { workers, loader, load, models, end, holders } = startLoader(2);
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
