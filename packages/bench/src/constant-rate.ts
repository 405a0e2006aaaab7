/**
 * How long answers take at a constant rate of requests. A request is due at its own moment, whether or not the earlier ones
 * are answered, and its time counts from that moment: a server that stops for a while is charged for all who waited
 * meanwhile. Clients that send what a second gets at its beginning (autocannon 9) measure their own bursts instead.
 */
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { ask, bytesOf, openSocket } from './raw-request.js';
import type { CheckedQuestion } from './wrk.js';

export interface ConstantRateOptions {
  readonly port: number;
  readonly question: CheckedQuestion;
  /** Requests that may be open at the same time. */
  readonly connections: number;
  readonly requestsPerSecond: number;
  readonly seconds: number;
}

export interface ResponseTimes {
  readonly requests: number;
  /** Milliseconds, from the moment a request is due to the end of its answer. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** @throws Error for an answer that is not the expected one */
export async function responseTimes(options: ConstantRateOptions): Promise<ResponseTimes> {
  const { port, question, requestsPerSecond, seconds } = options;
  const request = bytesOf(question, port);
  const expected = Buffer.from(question.answer);
  const count = Math.round(requestsPerSecond * seconds);
  const times = new Float64Array(count);
  const sockets = await Promise.all(Array.from({ length: options.connections }, () => openSocket(port)));
  const free = [...sockets];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let begun = 0;
  let answered = 0;
  const start = performance.now() + LEAD_MS;
  const dueMs = (index: number) => start + (index * 1000) / requestsPerSecond;
  const send = async (index: number, socket: Socket) => {
    const { body } = await ask(socket, request);
    times[index] = performance.now() - dueMs(index);
    if (!body.equals(expected)) throw new Error(`An answer is wrong: ${body.toString().slice(0, 200)}`);
    free.push(socket);
    if (++answered === count) resolve();
  };
  /** Looks at the clock again and again: a timer is up to a millisecond late, longer than an answer takes. */
  const pace = () => {
    const now = performance.now();
    while (begun < count && free.length > 0 && dueMs(begun) <= now) send(begun++, free.pop()!).catch(reject);
    if (begun < count) setImmediate(pace);
  };
  pace();
  try {
    await promise;
  } finally {
    begun = count;
    for (const socket of sockets) socket.destroy();
  }
  times.sort();
  return { requests: count, p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99) };
}

/** The smallest of the values that is not below `share` of them. @param ascending at least one */
export function percentile(ascending: Float64Array, share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)]!;
}

// --- internal ---

/** Until the first request is due. */
const LEAD_MS = 10;
