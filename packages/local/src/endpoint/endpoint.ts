/**
 * A model behind an HTTP server, as hosting runs it: start `serve`, ask /ping until it answers 200, call /invocations,
 * and stop with SIGTERM, after 30 s with SIGKILL. Source: AWS guide "Custom Inference Code with Hosting Services".
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Container, ContainerExit } from '../container/container.js';
import type { OptMl } from '../container/opt-ml.js';
import { isImageProgram } from '../container/program.js';
import { startContainer } from '../container/start-container.js';
import { JobError, messageOf } from '../errors.js';
import { makeFolder } from '../files/folder.js';
import type { Answer } from './answer.js';
import { createServerClient, mediaHeaders, type ServerClient } from './invocation.js';
import { prepareModel } from './model.js';
import { reservePort } from './port.js';
import type { ServerRequest } from './server-request.js';
import { createTargetModels, type TargetModels, type TargetModelsOptions } from './target-models.js';

export interface EndpointRequest extends ServerRequest {
  /** Default: one that is free. */
  readonly port?: number | undefined;
  /** The address that the program is asked to listen on, in ALGO_BIND_TO_HOST; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Where the models of a multi-model endpoint are, in place of `model`. */
  readonly models?: Pick<TargetModelsOptions, 'find' | 'isCached' | 'measure'> | undefined;
  /** Whether the error of a server that does not start ends with its last lines; default true. */
  readonly quotesLog?: boolean | undefined;
}

export interface InvokeRequest {
  readonly body: Buffer;
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  /** Further headers, such as X-Amzn-SageMaker-Custom-Attributes. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 60 s, the platform's. */
  readonly timeoutMs?: number;
}

export interface Endpoint {
  readonly url: string;
  readonly port: number;
  /** From the start of the program to its first 200 of /ping. */
  readonly readySeconds: number;
  /** The first answer of /ping with status 200. */
  readonly firstPing: Answer;
  readonly client: ServerClient;
  readonly exited: Promise<ContainerExit>;
  /** The newest lines of the server's log. */
  readonly lastLines: readonly string[];
  /** Of a multi-model endpoint. */
  readonly models: TargetModels | undefined;
  invoke(request: InvokeRequest): Promise<Answer>;
  stop(): Promise<ContainerExit>;
}

const LOOPBACK = '127.0.0.1';
const STARTUP_TIMEOUT_MS = 480_000;
const STOP_GRACE_MS = 30_000;
const PING_TIMEOUT_MS = 2000;
const INVOCATION_TIMEOUT_MS = 60_000;
/** Short at first, so that the time to the first 200 is worth reading; later a share of the time so far, at most a second. */
const PING_INTERVAL_MS = { least: 10, share: 0.05, most: 1000 };

/**
 * Starts a server and waits until it is healthy.
 * @throws ArgumentError when there is no such model
 * @throws JobError when the program ends before it is healthy, with its last lines, or the time is over
 */
export async function startEndpoint(request: EndpointRequest): Promise<Endpoint> {
  makeFolder(request.workDirectory);
  const tree = await prepareModel(request.model, request.workDirectory, request.stop);
  const isOfMany = request.models !== undefined;
  if (isOfMany) makeFolder(tree.models);
  const { host = LOOPBACK } = request;
  const reserved = request.port === undefined ? await reservePort() : undefined;
  const port = request.port ?? reserved!.port;
  const container = await startContainer({
    program: request.program,
    command: 'serve',
    environment: { ...request.environment, ...(isOfMany && { SAGEMAKER_MULTI_MODEL: 'true' }) },
    tree,
    port,
    host,
    directory: request.workDirectory,
    startMark: request.startMark,
    logFile: request.logFile,
    onLine: (line) => request.onEvent?.({ type: 'log', line }),
  });
  void container.exited.then(() => reserved?.release());
  const client = createServerClient(port, host);
  const stop = () => {
    client.close();
    return container.stop(request.stopGraceMs ?? STOP_GRACE_MS);
  };
  try {
    const { firstPing, readySeconds } = await waitUntilHealthy(container, client, request);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    request.onEvent?.({ type: 'server-ready', url, seconds: readySeconds });
    const { exited, lastLines } = container;
    const invoke = (invocation: InvokeRequest) => invokeServer(client, invocation);
    const models = request.models && createTargetModels({ ...request.models, client, ...modelFolders(request, tree) });
    return { url, port, readySeconds, firstPing, client, exited, lastLines, models, invoke, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The last lines of a log as the end of an error message. */
export function quoteLog(lines: readonly string[]): string {
  return lines.length === 0 ? ' It printed nothing.' : ` Its last lines:\n${lines.join('\n')}`;
}

// --- internal ---

/** A container has the tree at /opt/ml, a process where it is. */
function modelFolders({ program }: EndpointRequest, { models }: OptMl) {
  return { folder: models, containerFolder: isImageProgram(program) ? '/opt/ml/models' : models };
}

async function waitUntilHealthy(container: Container, client: ServerClient, request: EndpointRequest) {
  const started = performance.now();
  const limitMs = request.startupTimeoutMs ?? STARTUP_TIMEOUT_MS;
  const { program, stop } = request;
  let exit: ContainerExit | undefined;
  void container.exited.then((ended) => {
    exit = ended;
  });
  const log = () => (request.quotesLog === false ? '' : quoteLog(container.lastLines));
  let last = 'no answer';
  while (performance.now() - started < limitMs) {
    stop?.throwIfAborted();
    if (exit) {
      throw new JobError(`${program.file} serve exited with code ${exit.exitCode} before /ping answered 200.${log()}`);
    }
    try {
      const answer = await client.call({ method: 'GET', path: '/ping', timeoutMs: PING_TIMEOUT_MS, signal: stop });
      if (answer.status === 200) return { firstPing: answer, readySeconds: (performance.now() - started) / 1000 };
      last = `status ${answer.status}`;
    } catch (error) {
      last = messageOf(error);
    }
    const { least, share, most } = PING_INTERVAL_MS;
    const wait = Math.min(Math.max((performance.now() - started) * share, least), most);
    await Promise.race([delay(wait), container.exited]);
  }
  throw new JobError(
    `${program.file} serve: /ping must answer 200 within ${limitMs / 1000} s; the last answer was ${last}.${log()}`,
  );
}

function invokeServer(client: ServerClient, invocation: InvokeRequest): Promise<Answer> {
  const { body, contentType, accept, headers, timeoutMs = INVOCATION_TIMEOUT_MS } = invocation;
  return client.call({
    method: 'POST',
    path: '/invocations',
    headers: { ...mediaHeaders(contentType, accept), ...headers },
    body,
    timeoutMs,
  });
}
