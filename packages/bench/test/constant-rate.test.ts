import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { percentile, responseTimes } from '../src/constant-rate.js';

/** Answers all requests alike up to a number, and says when they came. */
async function counter(wrongFrom = Number.POSITIVE_INFINITY) {
  const came: number[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const body = came.push(performance.now()) > wrongFrom ? 'other' : 'same';
      response.writeHead(200, { 'Content-Length': body.length }).end(body);
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, came };
}

const question = { method: 'POST', path: '/', body: 'x', answer: 'same' } as const;
const rate = { question, connections: 4, requestsPerSecond: 200, seconds: 0.2 };

describe('responseTimes', () => {
  it('asks as often as the rate says, and times each answer', async () => {
    const { port, came } = await counter();

    const times = await responseTimes({ port, ...rate });

    expect(times.requests).toBe(40);
    expect(came).toHaveLength(40);
    expect(times.p50Ms).toBeGreaterThan(0);
    expect(times.p99Ms).toBeGreaterThanOrEqual(times.p50Ms);
  });

  it('counts the time that a request waits for a free connection', async () => {
    const { port, came } = await counter();
    const at = { requestsPerSecond: 1e6, seconds: 0.0004 };

    const times = await responseTimes({ port, ...rate, connections: 1, ...at });

    // All 400 are due within 0.4 ms and go one after the other; p99 is the 396th.
    expect(times.p99Ms).toBeGreaterThan(came[395]! - came[0]! - 0.4);
  });

  it('rejects a wrong answer, with its text', async () => {
    const { port } = await counter(5);

    await expect(responseTimes({ port, ...rate })).rejects.toThrow('An answer is wrong: other');
  });
});

it.each([
  [0.5, 2],
  [0.99, 4],
  [0, 1],
])('percentile %d of 1, 2, 3, 4 is %d', (share, value) => {
  expect(percentile(Float64Array.of(1, 2, 3, 4), share)).toBe(value);
});
