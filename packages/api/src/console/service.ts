/**
 * The console: a page for people, at `/` for browsers, and the few routes that AWS's services have nothing for. All else it
 * asks the same services as every client. No bucket's name has an underscore, so `/_console/` is no object's path.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ArgumentError, JobError } from '@algo/local';
import type { Programs } from '../jobs/programs.js';
import { sendError } from '../protocol/json.js';
import type { Hosting } from '../sagemaker/endpoints/hosting.js';
import type { Exchange, Service } from '../server/exchange.js';
import type { RequestHead } from '../server/request-head.js';
import { ServiceError } from '../service-error.js';
import type { Store } from '../store/store.js';
import { type Algorithms, openAlgorithms } from './algorithms.js';
import { readContainerMetrics } from './container-metrics.js';
import { sendEvents } from './events.js';
import { type Outputs, openOutputs } from './output.js';
import { type PageFiles, readPageFiles } from './page-files.js';
import { openRows } from './rows.js';

export interface Console {
  readonly service: Service;
  /** Ends the streams of events and their connections: pages ask again later. */
  close(): Promise<void>;
}

const PREFIX = '/_console/';

export interface ConsoleOptions {
  readonly store: Store;
  readonly programs: Programs;
  readonly hosting: Pick<Hosting, 'serversOf'>;
}

export function createConsole({ store, programs, hosting }: ConsoleOptions): Console {
  const rows = openRows(store);
  const outputs = openOutputs(store);
  const algorithms = openAlgorithms(programs);
  const streams = new Set<Exchange['response']>();
  let files: PageFiles | undefined;
  let isClosed = false;
  const routes: Readonly<Record<string, (exchange: Exchange) => unknown>> = {
    async events({ response }) {
      if (isClosed) return void response.writeHead(503, { Connection: 'close' }).end();
      streams.add(response);
      response.once('close', () => streams.delete(response));
      await sendEvents(response, rows, store.changes);
    },
    output: (exchange) => sendJson(exchange, outputs.read(outputQueryOf(exchange.head.query))),
    'log.txt': (exchange) => sendLog(exchange, outputs),
    algorithms: (exchange) => sendJson(exchange, algorithms.names()),
    async algorithm(exchange) {
      sendJson(exchange, await describe(algorithms, textOf(exchange.head.query, 'name')));
    },
    async samples(exchange) {
      sendJson(exchange, await algorithms.samples(textOf(exchange.head.query, 'algorithm')));
    },
    async 'container-metrics'(exchange) {
      const { query } = exchange.head;
      sendJson(exchange, await readContainerMetrics(hosting, textOf(query, 'endpoint'), idOf(query, 'after')));
    },
    async sample({ head: { query }, response }) {
      const content = await algorithms.sample(textOf(query, 'algorithm'), idOf(query, 'index'));
      response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': content.length });
      response.end(content);
    },
  };
  return {
    service: {
      name: 'Console',
      takes: (head) => head.path.startsWith(PREFIX) || isForPage(head),
      async handle(exchange) {
        const { method, path } = exchange.head;
        if (method !== 'GET' && method !== 'HEAD') {
          throw new ServiceError('MethodNotAllowed', `The console must be asked by GET; received ${method}.`, 405);
        }
        const name = path.slice(PREFIX.length);
        const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
        if (route) return void (await route(exchange));
        files ??= readPageFiles();
        const file = files.get(isForPage(exchange.head) ? 'index.html' : name);
        if (!file) throw new ServiceError('NotFound', `The console has no "${path}".`, 404);
        exchange.response.writeHead(200, file.headers);
        exchange.response.end(method === 'HEAD' ? undefined : file.content);
      },
      fail: (exchange, error) => sendError(exchange, error, 'application/json'),
    },
    async close() {
      isClosed = true;
      // With their connections: a page that asks again on one of them would keep the server from closing.
      for (const response of streams) {
        const { socket } = response; // a response that has ended has none
        response.end(() => socket?.end());
      }
    },
  };
}

// --- internal ---

/** A browser's address line; S3's clients, too, ask for `/`, and never for HTML. */
function isForPage({ method, path, target, scope, headers, query }: RequestHead): boolean {
  const isPlain = target === undefined && scope === undefined && query.size === 0;
  return (
    isPlain && path === '/' && (method === 'GET' || method === 'HEAD') && /\btext\/html\b/.test(headers.accept ?? '')
  );
}

/** An algorithm that has not been built, or fails, is the developer's to know of: its message is the answer. */
async function describe(algorithms: Algorithms, name: string) {
  try {
    return await algorithms.describe(name);
  } catch (error) {
    if (!(error instanceof ArgumentError || error instanceof JobError)) throw error;
    throw new ServiceError('AlgorithmError', error.message);
  }
}

function textOf(query: URLSearchParams, name: string): string {
  return query.get(name) ?? '';
}

function outputQueryOf(query: URLSearchParams) {
  return {
    group: textOf(query, 'group'),
    stream: textOf(query, 'stream'),
    resource: textOf(query, 'resource'),
    line: idOf(query, 'line'),
    value: idOf(query, 'value'),
  };
}

function idOf(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '0';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ServiceError('ValidationException', `${name} must be an integer from 0; received "${text}".`);
}

function sendJson({ response }: Exchange, value: unknown): void {
  const body = JSON.stringify(value);
  const type = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  response.writeHead(200, { ...type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/** The whole log, as a file to save. */
async function sendLog({ head, response }: Exchange, outputs: Outputs): Promise<void> {
  const stream = textOf(head.query, 'stream');
  const name = stream.replace(/[^A-Za-z0-9.-]/g, '') || 'log';
  response.writeHead(200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}.txt"`,
    'X-Content-Type-Options': 'nosniff',
  });
  await pipeline(Readable.from(withLineEnds(outputs.lines(textOf(head.query, 'group'), stream))), response);
}

function* withLineEnds(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield `${line}\n`;
}
