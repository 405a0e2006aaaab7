/**
 * The models in one worker process, by name. Loads come one after the other, as the first process orders them; requests
 * to the models that are there are answered meanwhile wherever a load gives the event loop a turn.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Algorithm } from '../../algorithm.js';
import type { Environment } from '../../environment.js';
import type { Log } from '../../log.js';
import { isAllocationFailure } from '../../out-of-memory.js';
import { errorAnswer, type Invoke, shorten } from '../message.js';
import { failureOf } from '../model-failure.js';
import { type LoadedModel, loadInvocation } from '../model-loading.js';
import { thenEnd } from '../part-flow.js';
import { memoryRanOut, notLoaded } from './model-errors.js';
import type { ModelOrder, OrderResult } from './order.js';

export interface HeldModels {
  /** Answers by the model that the request names. */
  readonly invoke: Invoke;
  /** Never rejects. */
  order(order: ModelOrder): Promise<OrderResult>;
  /** Closes all of them. */
  close(): Promise<void>;
}

export function createHeldModels(algorithm: Algorithm, environment: Environment, log: Log): HeldModels {
  const held = new Map<string, HeldModel>();

  const load = async (name: string, url: string): Promise<OrderResult> => {
    const before = process.memoryUsage.rss();
    const peakBefore = peakOfProcess();
    try {
      const paths = { ...environment.paths, model: url };
      const loaded = await loadInvocation(algorithm, { ...environment, paths }, log);
      held.set(name, { loaded, openCount: 0, wake: undefined });
      const { maxProcesses, isConcurrent, isBatched } = loaded;
      const peak = peakOfProcess();
      const peakBytes = Math.max(process.memoryUsage.rss(), peak > peakBefore ? peak : 0) - before;
      return { kind: 'loaded', model: { maxProcesses, isConcurrent, isBatched, peakBytes }, heapShare: heapShare() };
    } catch (error) {
      const failure = failureOf(isForMemory(error) ? memoryRanOut(name) : error);
      log.error(`model "${shorten(name)}" cannot be used: ${failure.name} ${failure.code}: ${failure.message}`);
      for (const line of failure.stack?.split('\n') ?? []) log.error(line);
      return { kind: 'failed', failure, heapShare: heapShare() };
    }
  };

  const unload = async (name: string): Promise<OrderResult> => {
    const model = held.get(name);
    if (model) {
      held.delete(name);
      if (model.openCount > 0) await new Promise<void>((resolve) => (model.wake = resolve));
      await model.loaded.close();
    }
    return { kind: 'done', heapShare: heapShare() };
  };

  return {
    async invoke(request, patience) {
      const model = held.get(request.model ?? '');
      if (!model) return errorAnswer(notLoaded(request.model ?? ''));
      model.openCount += 1;
      const release = () => {
        model.openCount -= 1;
        if (model.openCount === 0) model.wake?.();
      };
      const answer = await model.loaded.invoke(request, patience);
      if (answer.rest) return { ...answer, rest: thenEnd(answer.rest, release) };
      release();
      return answer;
    },
    async order(order) {
      if (order.kind === 'load') return load(order.name, order.url);
      if (order.kind === 'unload') return unload(order.name);
      collectGarbage();
      return { kind: 'done', heapShare: heapShare() };
    },
    async close() {
      await Promise.all([...held.keys()].map(unload));
    },
  };
}

// --- internal ---

interface HeldModel {
  readonly loaded: LoadedModel;
  /** Requests whose answers are not complete. */
  openCount: number;
  /** Called when the last of them is. */
  wake: (() => void) | undefined;
}

/** The self-test of a model has the error that it ran into as its cause. */
function isForMemory(error: unknown): boolean {
  return isAllocationFailure(error) || (error instanceof Error && isAllocationFailure(error.cause));
}

/** The largest that the process ever was; elsewhere than on Linux and macOS nothing is known of it. */
function peakOfProcess(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function heapShare(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used / limit;
}

/**
 * Node has no call for it unless the program was started with an option, which a worker of a bundle is not. As a last resort V8
 * also gives the memory back to the system, which otherwise takes it seconds.
 */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: NodeJS.GCFunction = runInNewContext('gc');
  void collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
