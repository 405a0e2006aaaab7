/**
 * A container of many models (SAGEMAKER_MULTI_MODEL), put together. The process that owns the sockets knows the models by
 * name and holds none of them, so that no load holds it up; workers hold them (model-loader.ts), two of them each model
 * where memory allows. It unloads nothing by itself: that is the platform's part, when a load is answered by 507.
 */
import type { Log } from '../../log.js';
import type { ServingSettings } from '../../serving-settings.js';
import { limitsFor } from '../dispatch-limits.js';
import type { Dispatcher } from '../dispatcher.js';
import type { FrontState } from '../front-state.js';
import type { MemoryBudget } from '../memory-budget.js';
import { planMemory } from '../memory-plan.js';
import { type Answer, errorAnswer, type InvocationRequest } from '../message.js';
import type { Pieces } from '../pieces.js';
import { countWorkers } from '../process-count.js';
import type { ByMethod } from '../router.js';
import type { WorkerPool } from '../worker-pool.js';
import type { StartWorker, WorkerProcess } from '../worker-process.js';
import { freeMemory } from './free-memory.js';
import { createHostedModels } from './hosted-models.js';
import { lostWhileAsked } from './model-errors.js';
import { createModelHolders } from './model-holders.js';
import { createModelLoader } from './model-loader.js';
import { createModelMemory } from './model-memory.js';
import { modelRoutes } from './model-routes.js';
import { createWorkerGrowth } from './worker-growth.js';

export interface ModelHost {
  /** Starts a worker that models can be loaded into. */
  readonly start: StartWorker;
  /** The workers that can answer a request now. */
  candidates(request: InvocationRequest<Pieces>): readonly WorkerProcess[];
  /** The answer to a request whose worker ended. */
  lost(request: InvocationRequest<Pieces>, worker: WorkerProcess): Promise<Answer>;
  /** @param unavailable why nobody can answer now, if so */
  routes(unavailable: () => Answer | undefined): ReadonlyMap<string, ByMethod>;
  /** Starts the workers; there is no model to wait for. */
  open(): Promise<void>;
}

export interface ModelHostOptions {
  readonly start: StartWorker;
  /** Whether a worker may hold one model only: then there are as many workers as models. */
  readonly isAlone: boolean;
  readonly state: FrontState;
  readonly settings: ServingSettings;
  readonly limitBytes: number;
  /** Bytes that the container can still take; default: measured. */
  readonly freeBytes?: (() => number) | undefined;
  readonly log: Log;
  /** What is made after the host. */
  readonly parts: () => {
    readonly pool: WorkerPool;
    readonly dispatcher: Dispatcher;
    readonly budget: MemoryBudget;
  };
}

export function createModelHost(options: ModelHostOptions): ModelHost {
  const { start, isAlone, state, settings, limitBytes, freeBytes = freeMemory, log, parts } = options;
  const workers = () => parts().pool.ready();
  const holders = createModelHolders(workers, isAlone);
  const memory = createModelMemory(limitBytes, freeBytes);
  const growth = createWorkerGrowth({ memory, pool: () => parts().pool });
  /** Whether all models so far take several requests at a time. */
  let isConcurrent = true;
  /** What the models take is not there for requests any more. */
  const resize = () => {
    const { budget, dispatcher } = parts();
    const plan = planMemory(settings.isBatch, limitBytes - freeBytes(), limitBytes);
    budget.limit = plan.heldBytes;
    dispatcher.limits = { ...limitsFor({ isConcurrent, isBatched: false }), bytes: plan.workingBytes };
    dispatcher.next();
  };
  const loader = createModelLoader({
    workers,
    holders,
    memory,
    ...(isAlone && { copies: 1, onStarved: growth.addFor }),
    replace: (worker, reason) => parts().pool.replace(worker, reason),
    loadMs: LOAD_MS,
    log,
    onFree: resize,
    onLoaded({ facts }) {
      if (!facts?.isConcurrent && !facts?.isBatched) isConcurrent = false;
    },
    onLost: (model) => models.drop(model),
  });
  const models = createHostedModels(loader, (request, left) => parts().dispatcher.invoke(request, left));
  return {
    start() {
      const worker = start();
      void worker.ready.then(() => {
        growth.onReady();
        loader.next();
      });
      void worker.ended.then(() => loader.onEnded(worker));
      return worker;
    },
    candidates({ model = '' }) {
      const known = models.find(model);
      return known ? holders.answering(known) : [];
    },
    lost: async ({ model = '' }, worker) => errorAnswer(lostWhileAsked(model, await worker.ended)),
    routes: (unavailable) => modelRoutes(models, unavailable),
    async open() {
      state.model = 'ready';
      const { pool } = parts();
      const report = await pool.tryModel();
      if ('message' in report) return; // no worker starts: the pool says so
      growth.open(report.processBytes);
      if (isAlone) return loader.next();
      state.workers = countWorkers(state.workers, report, settings.workers, limitBytes, log);
      pool.grow(state.workers);
    },
  };
}

// --- internal ---

/** How long AWS's containers give a model server to start, models included (SAGEMAKER_STARTUP_TIMEOUT). */
const LOAD_MS = 600_000;
