/** The line that the log has of each request. */
import { afterEach, describe, expect, it } from 'vitest';
import { jsonLog, memoryLog } from '../../src/log.js';
import { createRequestCounts } from '../../src/serve/metrics/request-counts.js';
import { createRequestLog } from '../../src/serve/request-log.js';
import { endServers, startReady, untilReady } from './running-server.js';

afterEach(endServers);

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const SPAN = '00f067aa0ba902b7';

describe('the request log', () => {
  it('has a line per request with status, time and rows, the first successful ping only, and no payload', async () => {
    const { url, lines } = await startReady();
    const send = (body: string, path = '/invocations') =>
      fetch(`${url}${path}`, { method: 'POST', body: Buffer.from(body) });

    await send('1,2,3\n4,5,6');
    await send('1,2,secret');
    await send('', '/secret%0d%0aPOST?key=secret');
    await untilReady({ url });

    const requests = lines.filter((line) => / ms=/.test(line));
    expect(requests.filter((line) => line.startsWith('GET /ping 200'))).toHaveLength(1);
    expect(requests.filter((line) => line.startsWith('POST'))).toEqual([
      expect.stringMatching(/^POST \/invocations 200 ms=\d+\.\d rows=2$/),
      expect.stringMatching(/^POST \/invocations 400 ms=\d+\.\d E_DATA_NUMBER$/),
      expect.stringMatching(/^POST \/secret%0d%0aPOST 404 ms=\d+\.\d E_REQUEST_ROUTE$/),
    ]);
    expect(lines.join('\n')).not.toMatch(/"secret"|1,2/);
  });

  it('has the inference id and the trace of a request, where these are by their rules', async () => {
    const { url, lines } = await startReady();
    const send = (inferenceId: string, traceparent: string) =>
      fetch(`${url}/invocations`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/csv', 'X-Amzn-SageMaker-Inference-Id': inferenceId, traceparent },
        body: '1,2,3',
      });

    await send('order-17', `00-${TRACE}-${SPAN}-01`);
    await send('two words', `00-${'0'.repeat(32)}-${SPAN}-01`);
    await send('x'.repeat(65), `ff-${TRACE}-${SPAN}-01`);

    expect(lines.filter((line) => line.startsWith('POST')).map((line) => line.replace(/ms=\S+/, 'ms='))).toEqual([
      `POST /invocations 200 ms= rows=1 id=order-17 trace=${TRACE}`,
      'POST /invocations 200 ms= rows=1',
      'POST /invocations 200 ms= rows=1',
    ]);
  });

  it('has objects by the names of OpenTelemetry where lines are JSON', () => {
    const memory = memoryLog();
    const { begin } = createRequestLog(jsonLog(memory), createRequestCounts());
    const headers = { 'x-amzn-sagemaker-inference-id': 'a', traceparent: `00-${TRACE}-${SPAN}-01` };

    begin('POST', '/invocations', headers)({ status: 200, headers: {}, body: Buffer.of(1), rows: 3 });
    begin('POST', '/invocations', {})({ status: 400, headers: {}, body: Buffer.of(1), code: 'E_DATA_NUMBER' });
    begin('GET', '/ping', {})(undefined);

    const facts = memory.lines.map((line) => JSON.parse(line));
    const common = { time: expect.any(String), level: 'info', message: 'request', ms: expect.any(Number) };
    const trace = { trace_id: TRACE, span_id: SPAN, trace_flags: '01' };
    expect(facts).toEqual([
      { ...common, method: 'POST', path: '/invocations', status: 200, rows: 3, inference_id: 'a', ...trace },
      { ...common, method: 'POST', path: '/invocations', status: 400, code: 'E_DATA_NUMBER' },
      { ...common, method: 'GET', path: '/ping', status: 'aborted' },
    ]);
  });
});
