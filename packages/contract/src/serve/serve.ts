/**
 * The life of a serving container: listen immediately, load the model meanwhile, answer, and end cleanly on SIGTERM.
 * This process owns the sockets and is never busy (serve/front.ts); workers, one for each allowed CPU and at least one,
 * do the work, and doors (serve/doors/) answer what costs little next to this process. Source: AWS guide "Custom Inference Code with Hosting Services".
 */
import cluster from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { Algorithm } from '../algorithm.js';
import { allowedCpus } from '../cpu-count.js';
import type { Environment } from '../environment.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { StopSignal } from '../training/stop.js';
import type { ConversationTimes } from './conversation/assemble.js';
import { limitsFor } from './dispatch-limits.js';
import { createDispatcher, type Dispatcher, SHARED_BYTES } from './dispatcher.js';
import { countDoors, createDoors, type Doors, doorLimits } from './doors/doors.js';
import { createFront } from './front.js';
import { isForFrontFirst } from './front-first.js';
import type { FrontState } from './front-state.js';
import { createMarkingControl } from './marking.js';
import { createMemoryBudget, type MemoryBudget } from './memory-budget.js';
import { memoryLimit, planMemory } from './memory-plan.js';
import { type Observation, observe } from './metrics/observation.js';
import { createRequestCounts } from './metrics/request-counts.js';
import { misspeltVariables } from './misspelt-variables.js';
import { explainFailure, failureOf, type ModelFailure } from './model-failure.js';
import { loadInvocation } from './model-loading.js';
import type { ModelHost } from './models/model-host.js';
import { createNegotiation } from './negotiation.js';
import { callTimeoutMs, checkRealTimePayload, maxBodyBytes, streamTimeoutMs } from './payload-limits.js';
import { countWorkers } from './process-count.js';
import { createInferenceServer, type InferenceServer } from './server.js';
import type { ServerTimeouts } from './server-timeouts.js';
import { watchStop } from './watch-stop.js';
import type { ModelFacts } from './worker-message.js';
import { startWorkers, type WorkerPool } from './worker-pool.js';
import { type StartWorker, startWorkerProcess } from './worker-process.js';
import { keepYoungGenerationSmall } from './young-generation.js';

export interface ServeOptions {
  readonly algorithm: Algorithm;
  readonly environment: Environment;
  readonly log: Log;
  /** Address to listen on; default: all of the container's. */
  readonly host?: string;
  /** Ends the program when requested; default: SIGTERM and SIGINT. */
  readonly stop?: StopSignal;
  /** Called with the port as soon as connections are accepted. */
  readonly onListening?: (port: number) => void;
  readonly timeouts?: Partial<ServeTimeouts>;
  /** Default: this same program as another process. */
  readonly startWorker?: StartWorker;
  /** What the container may use; default: what the machine and the cgroup say. */
  readonly memoryBytes?: number;
  /** What is left of it now, which decides whether one more model may be loaded; default: measured. */
  readonly freeBytes?: () => number;
}

/** All in milliseconds. */
export interface ServeTimeouts extends ServerTimeouts, ConversationTimes {
  /** How long a container without a usable model still says why: a ping or two of the platform. */
  readonly failedMs: number;
  /** How long requests may take to finish after SIGTERM; SageMaker kills after 30 s. */
  readonly drainMs: number;
  /** How long one prediction may take; default: what the platform waits for. */
  readonly callMs: number;
  /** How long a streamed answer may take in all; default: what the platform waits for. */
  readonly streamMs: number;
}

const TIMEOUTS = { failedMs: 5_000, drainMs: 25_000 } as const;

/**
 * Serves until it is stopped. Other processes are started with the program and arguments of this one, so the program
 * must call this when it is started that way.
 * @returns the exit code: 0 after a stop, 1 when the model cannot be used
 * @throws PlatformError when a variable cannot be honoured or the port is taken
 */
export async function serve(options: ServeOptions): Promise<number> {
  const { algorithm, environment, log } = options;
  const { failedMs, drainMs } = { ...TIMEOUTS, ...options.timeouts };
  if (cluster.isWorker && !options.startWorker) {
    const { answerTasks } = await import('./worker.js');
    return answerTasks(algorithm, environment, log);
  }
  const settings = environment.serving;
  createNegotiation(algorithm, settings.defaultAccept); // a default that cannot be written ends it here
  for (const sentence of misspeltVariables(environment.variables)) log.error(sentence);
  checkRealTimePayload(settings, options.memoryBytes ?? memoryLimit());
  const { stopped, dispose } = watchStop(options.stop, log);
  const container = await assemble(options);
  const { server, pool, doors, state, observation, host } = container;
  try {
    const port = await server.listen(settings.port, options.host ?? settings.host ?? '0.0.0.0');
    const { name, version } = algorithm;
    log.info(`${name} ${version} serve: node ${process.versions.node}, port=${port}, workers=${state.workers}`);
    options.onListening?.(port);
    await Promise.race([stopped, host ? host.open() : open(container, options)]);
    if (typeof state.model === 'object') await Promise.race([stopped, delay(failedMs)]);
    else await stopped;
    await drain(container, drainMs, log);
  } finally {
    dispose();
    observation.stop();
    await Promise.all([pool.stop(), doors.stop(), state.own?.close()]);
  }
  return typeof state.model === 'object' ? 1 : 0;
}

// --- internal ---

/** The parts of a container, which live as long as it does. */
interface Container {
  readonly state: FrontState;
  readonly pool: WorkerPool;
  readonly doors: Doors;
  readonly dispatcher: Dispatcher;
  readonly budget: MemoryBudget;
  readonly server: InferenceServer;
  readonly observation: Observation;
  /** Where there are many models. */
  readonly host: ModelHost | undefined;
}

/** Loads what only some containers have: many models, conversations, bodies of any length. */
async function assemble(options: ServeOptions): Promise<Container> {
  const { algorithm, environment, log, timeouts, startWorker: start = startWorkerProcess } = options;
  const settings = environment.serving;
  const bodies = settings.maxPayloadMb === 0 ? await import('./body-stream/body-streams.js') : undefined;
  const talks =
    algorithm.conversation && !settings.isMultiModel ? await import('./conversation/assemble.js') : undefined;
  const limitBytes = options.memoryBytes ?? memoryLimit();
  const plan = planMemory(settings.isBatch, 0, limitBytes);
  const maxBytes = maxBodyBytes(settings, algorithm.maxPayloadBytes);
  const state: FrontState = {
    model: 'loading',
    workers: settings.workers ?? allowedCpus(),
    own: undefined,
    loadSeconds: undefined,
  };
  const host = settings.isMultiModel
    ? (await import('./models/model-host.js')).createModelHost({
        ...{ start, isAlone: algorithm.hasOneModelPerProcess ?? false, state, settings, limitBytes },
        ...{ freeBytes: options.freeBytes, log },
        parts: () => ({ pool, dispatcher, budget }),
      })
    : undefined;
  const pool = startWorkers({
    ...{ start: host?.start ?? start, log },
    onReady: () => dispatcher.next(),
    onChange: () => doors.setAvailable(pool.problem() === undefined),
  });
  const dispatcher = createDispatcher({
    pool,
    limits: { perWorker: 1, sharedBytes: SHARED_BYTES, bytes: plan.workingBytes },
    timeoutMs: timeouts?.callMs ?? callTimeoutMs(settings),
    streamMs: timeouts?.streamMs ?? streamTimeoutMs(settings),
    maxBytes,
    ...(host && { candidates: host.candidates, lost: host.lost }),
  });
  const budget = createMemoryBudget(plan.heldBytes, { onUse: createMarkingControl() });
  const counts = createRequestCounts();
  const { metricsNamespace: namespace } = settings;
  const observation = observe({ algorithm, counts, state, pool, dispatcher, log, namespace });
  const front = createFront({
    ...{ algorithm, state, dispatcher, pool, settings, metrics: observation.text },
    streamOf: bodies?.createBodyStreams(algorithm, settings, state),
  });
  const { unavailable } = front;
  const server = createInferenceServer({
    service: host ? { ...front, routes: host.routes(unavailable), isAlive: () => true } : front,
    conversations: talks?.conversationsOf(algorithm, pool, { unavailable, budget, log, counts }, timeouts),
    maxBodyBytes: maxBytes,
    ...{ budget, log, counts },
    ...(timeouts && { timeouts }),
  });
  const doors = createDoors({ server, counts, log, start, limits: doorLimits(maxBytes, timeouts) });
  state.doors = doors;
  return { state, pool, doors, dispatcher, budget, server, observation, host };
}

/** Loads the model, then sizes everything for it. Never rejects: a model that fails is a state. */
async function open({ state, pool, doors, dispatcher, budget }: Container, options: ServeOptions): Promise<void> {
  const started = performance.now();
  const report = await tryModel(state, pool, options);
  if ('message' in report) {
    state.model = explainFailure(report, options.log);
    await pool.stop();
    return;
  }
  const limitBytes = options.memoryBytes ?? memoryLimit();
  const { serving } = options.environment;
  state.workers = countWorkers(state.workers, report, serving.workers, limitBytes, options.log);
  // A batch transform has large requests, and few connections.
  const hasDoors = report.isForFront && !serving.isBatch && !options.startWorker;
  const doorCount = hasDoors ? countDoors(state.workers, report.processBytes, limitBytes) : 0;
  const processBytes = report.processBytes * (state.workers + doorCount + 1);
  const plan = planMemory(serving.isBatch, processBytes, limitBytes);
  budget.limit = plan.heldBytes;
  dispatcher.limits = { ...limitsFor(report), bytes: plan.workingBytes };
  state.model = 'ready';
  state.loadSeconds = (performance.now() - started) / 1000;
  options.log.info(`model ready in ${state.loadSeconds.toFixed(2)} s`);
  pool.grow(state.workers);
  doors.open(doorCount);
  if (report.isForFront) state.own ??= await loadOwn(options);
}

/** Loads the model: in a worker, or in this process where that is safe and makes the container ready earlier. */
async function tryModel(
  state: FrontState,
  pool: WorkerPool,
  { algorithm, environment, log }: ServeOptions,
): Promise<ModelFacts | ModelFailure> {
  if (!isForFrontFirst(algorithm, environment)) return pool.tryModel();
  keepYoungGenerationSmall();
  try {
    const loaded = await loadInvocation(algorithm, environment, log);
    state.own = loaded;
    return { ...loaded, processBytes: process.memoryUsage.rss() };
  } catch (error) {
    return failureOf(error);
  }
}

/** A worker has loaded the same files before, so this is expected to work; without it the workers answer all. */
async function loadOwn({ algorithm, environment, log }: ServeOptions): Promise<FrontState['own']> {
  try {
    return await loadInvocation(algorithm, environment, { info: () => {}, error: log.error });
  } catch (error) {
    log.error(`small requests go to the workers: ${messageOf(error)}`);
    return undefined;
  }
}

async function drain({ server, doors }: Container, drainMs: number, log: Log): Promise<void> {
  const timer = setTimeout(() => log.error(`stopped with ${server.close()} requests unanswered`), drainMs);
  await server.drain(doors.drain());
  clearTimeout(timer);
}
