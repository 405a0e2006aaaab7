import { afterEach, describe, expect, it } from 'vitest';
import { watchLoopDelay } from '../../../src/serve/metrics/loop-delay.js';
import { residentBytes } from '../../../src/serve/metrics/process-memory.js';
import { prometheusText } from '../../../src/serve/metrics/prometheus-text.js';
import { createRequestCounts } from '../../../src/serve/metrics/request-counts.js';
import { makeContainerRoot } from '../../../src/testing/container-root.js';
import { endServers, openWire, post, type RunningServer, startServer, untilReady } from '../running-server.js';
import { readExposition } from './exposition.js';

afterEach(endServers);

async function scrape({ url }: Pick<RunningServer, 'url'>) {
  const response = await fetch(`${url}/metrics`);
  const metrics = readExposition(await response.text());
  const value = (sample: string) =>
    metrics.get(sample.replace(/(_bucket|_sum|_count)?(\{.*)?$/, ''))?.samples.get(sample);
  return { response, metrics, value };
}

describe('/metrics', () => {
  it('counts requests by route and status, and rows, in the text format of Prometheus', async () => {
    const server = await startServer();
    await untilReady(server);
    const wire = openWire(server.port);

    wire.send(post('1,2,3\n4,5,6\n') + post('x,2,3') + post('1,2,3').replace('/invocations', '/no"where\\'));
    await wire.until('404');
    wire.socket.destroy();
    const { response, value } = await scrape(server);

    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(value('algo_requests_total{route="/invocations",status="200"}')).toBe(1);
    expect(value('algo_requests_total{route="/invocations",status="400"}')).toBe(1);
    expect(value('algo_requests_total{route="other",status="404"}')).toBe(1);
    expect(value('algo_rows_total')).toBe(2);
    expect(value('algo_request_duration_seconds_count{route="/invocations"}')).toBe(2);
    expect(value('algo_queue_length')).toBe(0);
    expect(value('algo_workers')).toBe(1);
    expect(value('algo_model_load_seconds')).toBeGreaterThan(0);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(10e6);
  });

  it('is answered while there is no model, and then says no time of loading', async () => {
    const server = await startServer({ prepare: (root) => root.write('model/model.json', '{"factor":"none"}') });

    const { response, metrics, value } = await scrape(server);

    expect(response.status).toBe(200);
    expect(value('algo_workers')).toBe(0);
    expect(metrics.has('algo_model_load_seconds')).toBe(false);
  });

  it('counts a caller that has left, and what is no HTTP', async () => {
    const server = await startServer();
    await untilReady(server);
    const [leaver, other] = [openWire(server.port), openWire(server.port)];

    leaver.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1,2');
    other.send('nonsense\r\n\r\n');
    await other.closed();
    leaver.socket.resetAndDestroy();
    await expect.poll(() => server.lines.join('\n')).toContain('aborted');
    const { value } = await scrape(server);

    expect(value('algo_requests_total{route="/invocations",status="aborted"}')).toBe(1);
    expect(value('algo_requests_total{route="other",status="400"}')).toBe(1);
    expect(value('algo_request_duration_seconds_count{route="/invocations"}')).toBe(0);
  });

  it('is logged when its status changes only', async () => {
    const server = await startServer();

    for (let n = 0; n < 3; n++) await scrape(server);

    expect(server.lines.filter((line) => line.includes('/metrics'))).toEqual([
      expect.stringMatching(/^GET \/metrics 200 ms=\d+\.\d$/),
    ]);
  });
});

it('a duration is in the first bucket that is not below it, and in all above', () => {
  const counts = createRequestCounts();
  for (const milliseconds of [0, 1, 1.01, 60_000, 60_001]) counts.count('/invocations', 200, milliseconds, 0);

  const text = prometheusText({
    algorithm: { name: 'a"\\\n', version: '1.0.0' },
    counts,
    queueLength: 0,
    inFlight: 0,
    workers: 0,
    endedWorkers: 0,
    modelLoadSeconds: undefined,
    residentBytes: 0,
    memoryLimitBytes: 0,
    loopDelay: { mean: 0, max: 0 },
  });

  const { samples } = readExposition(text).get('algo_request_duration_seconds')!;
  const bucket = (le: string) => samples.get(`algo_request_duration_seconds_bucket{route="/invocations",le="${le}"}`);
  expect([bucket('0.001'), bucket('0.0025'), bucket('30'), bucket('60'), bucket('+Inf')]).toEqual([2, 3, 3, 4, 5]);
  expect(samples.get('algo_request_duration_seconds_sum{route="/invocations"}')).toBeCloseTo(120.00301, 9);
  expect(text).toContain('algorithm="a\\"\\\\\\n"');
});

it('the delay of the event loop is how much later than asked a timer runs, since the last reading', () => {
  let time = 0;
  let look = () => {};
  const delay = watchLoopDelay(
    () => time,
    (callback, intervalMs) => {
      expect(intervalMs).toBe(100);
      look = callback;
      return setTimeout(() => {}, 0);
    },
  );
  const after = (ms: number) => {
    time += ms;
    look();
  };

  expect(delay.read()).toEqual({ mean: 0, max: 0 });
  for (const ms of [100, 100, 400, 100]) after(ms);
  expect(delay.read()).toEqual({ mean: 0.075, max: 0.3 });
  after(110);
  expect(delay.read()).toEqual({ mean: 0.01, max: 0.01 });
});

it('resident memory is that of all processes, those that are gone left out', () => {
  const root = makeContainerRoot();
  root.write('17/status', 'Name:\tnode\nVmRSS:\t   2048 kB\nThreads:\t7\n');

  const own = residentBytes([], root.paths.base);
  const all = residentBytes([17, 18], root.paths.base);
  root.remove();

  expect(Math.abs(all - own - 2048 * 1024)).toBeLessThan(8 * 1024 * 1024); // its own changes between the two readings
});
