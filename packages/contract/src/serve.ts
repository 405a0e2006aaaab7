/**
 * The life of a serving container: listen at once, load the model meanwhile, answer, and end cleanly on SIGTERM.
 * The first process answers by itself as soon as its model has passed the self-test; only then it starts workers, one
 * for each allowed CPU, and from there on hands requests out. Source: AWS guide "Custom Inference Code with Hosting
 * Services".
 */
import cluster from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { Algorithm } from './algorithm.js';
import type { Environment, ServingSettings } from './environment.js';
import { AlgorithmError, asContractError, type ContractError, PlatformError } from './errors.js';
import { stackOf } from './failure.js';
import type { Log } from './log.js';
import { allowedCpus } from './processors.js';
import { type Answer, errorAnswer } from './serve/message.js';
import { type LoadedModel, loadInvocation } from './serve/model-loading.js';
import { createNegotiation } from './serve/negotiation.js';
import { executionParameters, maxBodyBytes } from './serve/payload-limits.js';
import { fittingProcesses, memoryLimit } from './serve/process-count.js';
import type { Service } from './serve/router.js';
import { createInferenceServer, type InferenceServer, type ServerTimeouts } from './serve/server.js';
import { answerTasks } from './serve/worker.js';
import { startWorkers, type WorkerPool } from './serve/worker-pool.js';
import { createStopSignal, type StopSignal } from './stop.js';

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
}

/** All in milliseconds. */
export interface ServeTimeouts extends ServerTimeouts {
  /** How long a container without a usable model still says why: a ping or two of the platform. */
  readonly failedMs: number;
  /** How long requests may take to finish after SIGTERM; SageMaker kills after 30 s. */
  readonly drainMs: number;
}

const FAILED_MS = 5_000;
const DRAIN_MS = 25_000;
/** Workers have nothing to finish when they are told to end. */
const WORKER_END_MS = 2_000;

/**
 * Serves until told to stop. Other processes are started with this one's own program and arguments, so with more than
 * one allowed this must be what the program does when it is started so.
 * @returns the exit code: 0 after a stop, 1 when the model cannot be used
 * @throws PlatformError when a variable cannot be honoured or the port is taken
 */
export async function serve(options: ServeOptions): Promise<number> {
  const { algorithm, environment, log, timeouts = {} } = options;
  if (cluster.isWorker) return answerTasks(algorithm, environment, log);
  const settings = environment.serving;
  createNegotiation(algorithm.contentTypes, settings.defaultAccept); // a default that cannot be written ends it here
  const life: Life = { state: { kind: 'loading' }, processes: settings.workers ?? allowedCpus(), pool: undefined };
  const server = createInferenceServer({
    service: createService(life, settings),
    maxBodyBytes: maxBodyBytes(settings, algorithm.maxPayloadBytes),
    log,
    timeouts,
  });
  const { stopped, dispose } = watchStop(options.stop, log);
  try {
    const port = await server.listen(settings.port, options.host ?? settings.host ?? '0.0.0.0');
    const version = process.version.slice(1);
    log.info(`${algorithm.name} ${algorithm.version} serve: node ${version}, port=${port}, workers=${life.processes}`);
    options.onListening?.(port);
    await Promise.race([stopped, load(options, life)]);
    if (life.state.kind === 'ready') spread(life, life.state.maxProcesses, settings, log);
    if (life.state.kind === 'failed') await Promise.race([stopped, explain(life.state.error, options)]);
    else await stopped;
    await drain(server, timeouts.drainMs ?? DRAIN_MS, log);
    await life.pool?.stop(WORKER_END_MS);
  } finally {
    dispose();
  }
  return life.state.kind === 'failed' ? 1 : 0;
}

// --- internal ---

type State =
  | { readonly kind: 'loading' }
  | ({ readonly kind: 'ready' } & LoadedModel)
  | { readonly kind: 'failed'; readonly error: ContractError };

/** What changes while the container lives. */
interface Life {
  state: State;
  /** Processes that answer, planned or, once the model's size is known, real. */
  processes: number;
  pool: WorkerPool | undefined;
}

function createService(life: Life, settings: ServingSettings): Service {
  return {
    unavailable: () => (life.state.kind === 'ready' ? undefined : refuse(life.state)),
    async invoke(request) {
      if (life.pool && life.pool.readyCount > 0) return life.pool.invoke(request);
      return life.state.kind === 'ready' ? life.state.invoke(request) : refuse(life.state);
    },
    executionParameters: () => executionParameters(settings, life.processes),
  };
}

/** While nobody can answer, the answer says why. */
function refuse(state: Exclude<State, { kind: 'ready' }>): Answer {
  if (state.kind === 'failed') return errorAnswer(state.error, 503);
  return errorAnswer(new PlatformError('E_NOT_READY', 'The model is still being loaded; ask again in a moment.'));
}

/** Never rejects: a model that cannot be used is a state that callers are told of. */
async function load({ algorithm, environment, log }: ServeOptions, life: Life): Promise<void> {
  const started = performance.now();
  try {
    life.state = { kind: 'ready', ...(await loadInvocation(algorithm, environment, log)) };
    log.info(`model ready in ${((performance.now() - started) / 1000).toFixed(2)} s`);
  } catch (error) {
    life.state = { kind: 'failed', error: asContractError(error) };
  }
}

/** Starts the other processes; this one answers until the first of them is ready. */
function spread(life: Life, maxProcesses: number | undefined, settings: ServingSettings, log: Log): void {
  if (settings.workers === undefined) {
    if (maxProcesses !== undefined && maxProcesses < life.processes) {
      log.info(`workers=${maxProcesses} instead of ${life.processes}: this model is for so many processes`);
      life.processes = maxProcesses;
    }
    life.processes = fit(life.processes, log);
  }
  if (life.processes > 1) life.pool = startWorkers(life.processes, log);
}

/** Logs the cause and gives callers the time to ask for it. */
async function explain(error: ContractError, { log, timeouts }: ServeOptions): Promise<void> {
  log.error(`${error.name} ${error.code}: The model cannot be used. ${error.message}`);
  if (error instanceof AlgorithmError) for (const line of stackOf(error).split('\n')) log.error(line);
  await delay(timeouts?.failedMs ?? FAILED_MS);
}

/** As many of the planned processes as memory has room for, counting on this one's size now that the model is loaded. */
function fit(planned: number, log: Log): number {
  if (planned === 1) return 1;
  const processBytes = process.memoryUsage.rss();
  const fitting = Math.max(1, fittingProcesses(planned, processBytes));
  if (fitting < planned) {
    const [limit, size] = [memoryLimit(), processBytes].map((bytes) => Math.round(bytes / 1024 ** 2));
    log.info(`workers=${fitting} instead of ${planned}: memory limit ${limit} MiB, one process takes ${size} MiB`);
  }
  return fitting;
}

/** SIGTERM and SIGINT, or the signal handed in, as a promise. Process 1 of a container has no default handlers. */
function watchStop(given: StopSignal | undefined, log: Log): { readonly stopped: Promise<void>; dispose(): void } {
  const { stop, request } = createStopSignal();
  const onSignal = (name: string) => {
    if (stop.requested) return;
    log.info(`${name} received; finishing the requests in flight`);
    request();
  };
  if (!given) process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  const { signal } = given ?? stop;
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return { stopped, dispose: () => void process.off('SIGTERM', onSignal).off('SIGINT', onSignal) };
}

async function drain(server: InferenceServer, drainMs: number, log: Log): Promise<void> {
  const timer = setTimeout(() => log.error(`stopped with ${server.close()} requests unanswered`), drainMs);
  await server.drain();
  clearTimeout(timer);
}
