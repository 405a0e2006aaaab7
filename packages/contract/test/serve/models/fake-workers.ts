/** A loader of models with workers whose orders the test carries out. */
import { memoryLog } from '../../../src/log.js';
import { createModelHolders, type PlacedModel } from '../../../src/serve/models/model-holders.js';
import { createModelLoader } from '../../../src/serve/models/model-loader.js';
import { createModelMemory } from '../../../src/serve/models/model-memory.js';
import type { ModelOrder, OrderResult } from '../../../src/serve/models/order.js';
import type { WorkerProcess } from '../../../src/serve/worker-process.js';

export interface FakeWorker extends WorkerProcess {
  isReady: boolean;
  openCount: number;
  /** Orders that are not done. */
  readonly orders: { readonly order: ModelOrder; done(result?: OrderResult): void }[];
  die(reason: string): void;
}

export function fakeWorker(pid: number): FakeWorker {
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

export const LOADED = { maxProcesses: undefined, isConcurrent: false, isBatched: false, peakBytes: 0 };

/** Does the worker's next order. */
export async function carryOut(
  worker: FakeWorker,
  facts: Partial<typeof LOADED> | { maxProcesses: number } = {},
): Promise<ModelOrder> {
  const { order, done } = worker.orders.shift()!;
  const model = { ...LOADED, ...facts };
  done(order.kind === 'load' ? { kind: 'loaded', model, heapShare: 0 } : { kind: 'done', heapShare: 0 });
  await turn();
  return order;
}

export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export function startLoader(count: number, freeBytes = () => 1e12, isAlone = false, loadMs = 60_000) {
  const workers = Array.from({ length: count }, (_, i) => fakeWorker(i + 1));
  const lost: string[] = [];
  const ready = () => workers.filter(({ isReady }) => isReady);
  const holders = createModelHolders(ready, isAlone);
  let starved = 0;
  const log = memoryLog();
  const loader = createModelLoader({
    ...{ workers: ready, holders, log, loadMs, onFree: () => {}, onLoaded: () => {} },
    memory: createModelMemory(1e12, freeBytes),
    replace(worker, reason) {
      log.error(reason);
      void end(worker as FakeWorker);
    },
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
