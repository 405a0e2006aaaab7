/** A server of this process on a port of the system's choice, and a client that shows what goes over the wire. */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryLog } from '../../src/log.js';
import { type ServeOptions, serve } from '../../src/serve/serve.js';
import type { WorkerProcess } from '../../src/serve/worker-process.js';
import type { ContainerRoot } from '../../src/testing/container-root.js';
import { createStopSignal } from '../../src/training/stop.js';
import { inProcessWorkers } from './in-process-worker.js';
import { environmentOf, makeModelRoot, sumAlgorithm } from './sum-algorithm.js';

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  readonly root: ContainerRoot;
  readonly lines: readonly string[];
  readonly exitCode: Promise<number>;
  stop(): void;
}

interface StartOptions {
  readonly algorithm?: Parameters<typeof sumAlgorithm>[0];
  readonly variables?: Record<string, string>;
  readonly timeouts?: ServeOptions['timeouts'];
  readonly memoryBytes?: number;
  readonly freeBytes?: () => number;
  /** Why a worker has ended that is killed. */
  readonly endsWith?: string;
  /** Gets each worker that is started. */
  readonly onWorker?: (worker: WorkerProcess) => void;
  /** Changes the tree before the server sees it. */
  readonly prepare?: (root: ContainerRoot) => void;
}

/** Servers that are still to be ended. */
const servers: RunningServer[] = [];

/** Ends all that were started; for `afterEach`. */
export async function endServers(): Promise<void> {
  for (const { stop, exitCode, root } of servers.splice(0)) {
    stop();
    await exitCode;
    root.remove();
  }
}

export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const root = makeModelRoot();
  options.prepare?.(root);
  const log = memoryLog();
  const { stop, request } = createStopSignal();
  const listening = Promise.withResolvers<number>();
  const algorithm = sumAlgorithm(options.algorithm);
  const environment = environmentOf(root, options.variables);
  const start = inProcessWorkers(algorithm, environment, log, options.endsWith);
  const exitCode = serve({
    algorithm,
    environment,
    log,
    startWorker() {
      const worker = start();
      options.onWorker?.(worker);
      return worker;
    },
    ...(options.freeBytes && { freeBytes: options.freeBytes }),
    host: '127.0.0.1',
    stop,
    onListening: listening.resolve,
    ...(options.timeouts && { timeouts: options.timeouts }),
    ...(options.memoryBytes !== undefined && { memoryBytes: options.memoryBytes }),
  });
  exitCode.catch(listening.reject);
  const port = await listening.promise;
  const server = { port, url: `http://127.0.0.1:${port}`, root, lines: log.lines, exitCode, stop: request };
  servers.push(server);
  return server;
}

/** A server whose `/ping` says 200. */
export async function startReady(options: StartOptions = {}): Promise<RunningServer> {
  const server = await startServer(options);
  await untilReady(server);
  return server;
}

/** Between two looks. */
const LOOK_MS = 5;

/** Resolves with the answer once `/ping` says 200. */
export async function untilReady({ url }: Pick<RunningServer, 'url'>): Promise<Response> {
  for (;;) {
    const response = await fetch(`${url}/ping`);
    if (response.status === 200) return response;
    await response.arrayBuffer();
    await delay(LOOK_MS); // what is being waited for needs the processor
  }
}

/** One raw connection. */
export interface Wire {
  readonly socket: Socket;
  send(text: string): void;
  /** Everything received, once it contains `part`. */
  until(part: string): Promise<string>;
  /** Everything received, once the other side has closed. */
  closed(): Promise<string>;
}

export function openWire(port: number): Wire {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  socket.on('error', () => {});
  return {
    socket,
    send: (text) => void socket.write(text, 'latin1'),
    async until(part) {
      while (!received.includes(part)) await new Promise((resolve) => socket.once('data', resolve));
      return received;
    },
    async closed() {
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
      return received;
    },
  };
}

export function post(body: string, headers = ''): string {
  return `POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}
