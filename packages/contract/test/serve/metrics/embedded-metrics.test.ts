import { afterEach, describe, expect, it, vi } from 'vitest';
import { jsonLog, memoryLog } from '../../../src/log.js';
import { observe } from '../../../src/serve/metrics/observation.js';
import { createRequestCounts } from '../../../src/serve/metrics/request-counts.js';
import { endServers, openWire, post, startServer, untilReady } from '../running-server.js';
import { readEmbedded } from './embedded-format.js';

afterEach(endServers);
afterEach(() => void vi.useRealTimers());

const embedded = (lines: readonly string[]) => lines.filter((line) => line.includes('_aws')).map(readEmbedded);

describe('metrics in the log', () => {
  it('are not there unless a namespace is given', async () => {
    const server = await startServer();
    await untilReady(server);

    server.stop();
    await server.exitCode;

    expect(server.lines.join('\n')).not.toContain('_aws');
  });

  it('are in the Embedded Metric Format, with nothing of a request', async () => {
    const server = await startServer({ variables: { ALGO_METRICS_NAMESPACE: 'acme/prices' } });
    await untilReady(server);
    const wire = openWire(server.port);
    wire.send(post('4711,2,3\n4,5,6\n') + post('x,2,3') + post('1,2,3'));
    await wire.until('{"score":6}');
    wire.socket.destroy();

    server.stop();
    await server.exitCode;

    const [line, ...others] = embedded(server.lines);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ namespace: 'acme/prices', dimensions: { Algorithm: 'sum' } });
    expect(line!.metrics).toMatchObject({ Requests: 3, ClientErrors: 1, ServerErrors: 0, Aborted: 0, Rows: 3 });
    expect(line!.metrics).toMatchObject({ QueueLength: 0, ResidentMemory: expect.any(Number) });
    expect(server.lines.find((text) => text.includes('_aws'))).not.toContain('4711');
  });

  it('come every minute, with what was counted since the line before, also where lines are JSON', () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const memory = memoryLog();
    const counts = createRequestCounts();
    const observation = observe({
      algorithm: { name: 'sum', version: '1.0.0' },
      counts,
      state: { model: 'ready', workers: 1, own: undefined, loadSeconds: 0.5 },
      pool: { ready: () => [], endedCount: 0 },
      dispatcher: { waitingCount: 4 },
      log: jsonLog(memory),
      namespace: 'n',
    });

    for (let n = 0; n < 99; n++) counts.count('/invocations', 200, 2, 1);
    counts.count('/invocations', 500, 200, 0);
    counts.count('/ping', 503, 1, 0);
    vi.advanceTimersByTime(60_000);
    counts.count('/invocations', 0, 5, 0);
    vi.advanceTimersByTime(60_000);
    observation.stop();
    vi.advanceTimersByTime(600_000);

    const lines = embedded(memory.lines).map(({ metrics }) => metrics);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({ Requests: 100, ServerErrors: 1, Rows: 99, QueueLength: 4, ModelLoad: 0.5 });
    expect(lines[0]!.LatencyMean).toBeCloseTo(0.00398, 9); // (99 × 2 ms + 200 ms) ÷ 100
    expect(lines[0]!.LatencyP99).toBe(0.0025);
    expect(lines[1]).toMatchObject({ Requests: 1, ServerErrors: 0, Aborted: 1, Rows: 0 });
    expect(lines[1]).not.toHaveProperty('LatencyMean');
    expect(lines[2]).toMatchObject({ Requests: 0, Aborted: 0 });
    expect(JSON.parse(memory.lines[0]!)._aws.Timestamp).toBe(1_060_000);
  });
});
