/** Servers that answer from the bytes of the socket, and one connection of theirs alone. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { memoryLog } from '../../src/log.js';
import { createMemoryBudget } from '../../src/serve/memory-budget.js';
import { type Answer, errorAnswer } from '../../src/serve/message.js';
import { createRequestCounts } from '../../src/serve/metrics/request-counts.js';
import type { Service } from '../../src/serve/router.js';
import { createInferenceServer, type InferenceServer } from '../../src/serve/server.js';
import type { ServerTimeouts } from '../../src/serve/server-timeouts.js';
import type { RequestHead } from '../../src/serve/worker-message.js';
import { openWire, post, type Wire } from './running-server.js';

export interface Running {
  readonly port: number;
  readonly server: InferenceServer;
  readonly lines: readonly string[];
  /** What the service was asked. */
  readonly asked: readonly (RequestHead & { readonly body: string })[];
}

const running: Running[] = [];

/** Ends all that were started; for `afterEach`. */
export async function endDirect(): Promise<void> {
  for (const { server } of running.splice(0)) {
    server.close();
    await server.drain();
  }
}

/** @param invokeNow undefined: nothing is answered directly */
export async function start(invokeNow?: Service['invokeNow'], timeouts?: Partial<ServerTimeouts>): Promise<Running> {
  const log = memoryLog();
  const asked: Running['asked'][number][] = [];
  const note = ({ body, ...head }: RequestHead & { readonly body: Uint8Array }) => {
    asked.push({ ...head, body: Buffer.from(body).toString('latin1') });
  };
  const server = createInferenceServer({
    service: {
      unavailable: () => undefined,
      isAlive: () => true,
      async invoke({ body: pieces, ...head }) {
        const body = Buffer.concat(pieces);
        note({ ...head, body });
        return echo(body, head.contentType);
      },
      ...(invokeNow && {
        invokeNow(request) {
          note(request);
          return invokeNow(request);
        },
      }),
      executionParameters: () => ({ MaxConcurrentTransforms: 1, BatchStrategy: 'MULTI_RECORD', MaxPayloadInMB: 1 }),
      metrics: () => '',
    },
    maxBodyBytes: 10_000,
    budget: createMemoryBudget(1024 * 1024),
    counts: createRequestCounts(),
    log,
    ...(timeouts && { timeouts }),
  });
  const one = { server, lines: log.lines, asked, port: await server.listen(0, '127.0.0.1') };
  running.push(one);
  return one;
}

export const directly: NonNullable<Service['invokeNow']> = ({ body, contentType }) => echo(body, contentType);

function echo(body: Uint8Array, contentType = 'none'): Answer {
  if (body[0] === 'e'.charCodeAt(0)) return errorAnswer(new RangeError('an error'));
  return {
    status: 200,
    headers: { 'Content-Type': contentType },
    body: Buffer.from(`<${Buffer.from(body)}>`),
    rows: 1,
  };
}

/** All that comes back for `text`, dates left out; the other side ends its half behind it. */
export async function exchange({ port }: Pick<Running, 'port'>, text: string): Promise<string> {
  const wire = openWire(port);
  wire.socket.end(Buffer.from(text, 'latin1'));
  return (await wire.closed()).replaceAll(/Date: .*\r\n/g, '');
}

/** A connection of which `accept` gets the other end. */
export async function openAt(accept: (socket: Socket) => void): Promise<Wire> {
  const door = createServer({ allowHalfOpen: true }, accept).listen(0, '127.0.0.1');
  onTestFinished(() => void door.close());
  await once(door, 'listening');
  return openWire((door.address() as AddressInfo).port);
}

export const PLAIN = post('1,2,3');

export const WITH = (header: string) => post('1,2,3', `${header}\r\n`);
