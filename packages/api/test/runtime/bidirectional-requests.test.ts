/** Requests for a bidirectional stream. */
import { describe, expect, it } from 'vitest';
import type { VariantServer } from '../../src/sagemaker/endpoints/variant-server.js';
import { openClient, payloadPart, signed } from './bidirectional-client.js';
import { echo, start } from './bidirectional-server.js';

describe('a request for a bidirectional stream', () => {
  it.each<[string, string, Readonly<Record<string, string>>, Partial<VariantServer>, number, string]>([
    ['to no endpoint', 'none', {}, {}, 400, 'InputValidationError'],
    [
      'with a path that there cannot be',
      'end',
      { 'x-amzn-sagemaker-model-invocation-path': '/x' },
      {},
      400,
      'InputValidationError',
    ],
    ['to a serverless endpoint', 'end', {}, { isServerless: true }, 400, 'InputValidationError'],
    [
      'to a container without that path',
      'end',
      { 'x-amzn-sagemaker-model-invocation-path': 'none' },
      {},
      424,
      'ModelError',
    ],
  ])('%s is refused', async (_, endpoint, headers, variant, status, code) => {
    const { url, errors } = await start(echo, { variant });
    const client = openClient(url, endpoint, headers);

    expect(await client.head).toMatchObject({ ':status': status, 'x-amzn-errortype': code });
    expect(JSON.parse(await client.body()).message.length).toBeGreaterThan(10);
    expect(errors).toEqual([]);
  });

  it('is answered by HTTP/1.1 as well, for SDKs that speak it to addresses without TLS', async () => {
    const { url } = await start(echo);
    const body = Buffer.concat([signed(payloadPart(Buffer.from('hello'))), signed(Buffer.alloc(0))]);
    const path = '/endpoints/end/invocations-bidirectional-stream';
    const response = await fetch(`${url}${path}`, { method: 'POST', body });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
    await response.arrayBuffer();
  });

  it('from a page of a browser is refused', async () => {
    const { url } = await start(echo);

    expect(await openClient(url, 'end', { origin: 'https://example.com' }).head).toMatchObject({ ':status': 403 });
  });
});
