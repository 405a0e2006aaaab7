/** All that a container says of itself at one moment, over all its processes, for whoever publishes it. */
import type { Algorithm } from '../../algorithm.js';
import type { Dispatcher } from '../dispatcher.js';
import type { FrontState } from '../front-state.js';
import { memoryLimit } from '../memory-plan.js';
import type { WorkerPool } from '../worker-pool.js';
import { type DelaySeconds, watchLoopDelay } from './loop-delay.js';
import { residentBytes } from './process-memory.js';
import type { RequestCounts } from './request-counts.js';

export interface ContainerMetrics {
  readonly algorithm: Pick<Algorithm, 'name' | 'version'>;
  readonly counts: RequestCounts;
  /** Requests that wait for a worker. */
  readonly queueLength: number;
  /** Requests that workers are at. */
  readonly inFlight: number;
  /** Workers that can answer. */
  readonly workers: number;
  /** Workers that have ended, and were or will be replaced. */
  readonly endedWorkers: number;
  /** Between the start of loading and readiness; undefined while the model is loading. */
  readonly modelLoadSeconds: number | undefined;
  /** Of all processes. */
  readonly residentBytes: number;
  readonly memoryLimitBytes: number;
  /** Of the process that owns the sockets, since the last reading. */
  readonly loopDelay: DelaySeconds;
}

export interface MetricsSources {
  readonly algorithm: ContainerMetrics['algorithm'];
  readonly counts: RequestCounts;
  readonly state: FrontState;
  readonly pool: Pick<WorkerPool, 'ready' | 'endedCount'>;
  readonly dispatcher: Pick<Dispatcher, 'waitingCount'>;
}

export interface MetricsReader {
  read(): ContainerMetrics;
  stop(): void;
}

export function createMetricsReader({ algorithm, counts, state, pool, dispatcher }: MetricsSources): MetricsReader {
  const delay = watchLoopDelay();
  return {
    read() {
      const workers = pool.ready();
      const own = workers.flatMap(({ pid }) => (pid === undefined || pid === process.pid ? [] : [pid]));
      const pids = [...own, ...(state.doors?.pids ?? [])];
      return {
        algorithm,
        counts,
        queueLength: dispatcher.waitingCount,
        inFlight: workers.reduce((sum, { openCount }) => sum + openCount, 0),
        workers: workers.length,
        endedWorkers: pool.endedCount,
        modelLoadSeconds: state.loadSeconds,
        residentBytes: residentBytes(pids),
        memoryLimitBytes: memoryLimit(),
        loopDelay: delay.read(),
      };
    },
    stop: delay.stop,
  };
}
