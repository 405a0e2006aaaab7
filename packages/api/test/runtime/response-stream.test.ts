/** InvokeEndpointWithResponseStream, when the container's answer does not come to its end: by the SDK's own codec. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { runtimeService } from '../../src/runtime/service.js';
import type { Hosting } from '../../src/sagemaker/endpoints/hosting.js';
import { countInFlight } from '../../src/sagemaker/endpoints/in-flight.js';
import type { SageMaker } from '../../src/sagemaker/resources/context.js';
import { startHttpServer } from '../../src/server/http-server.js';
import { codec } from './bidirectional-client.js';

it.each([
  ['breaks off', 60_000, false, 'ModelStreamError', 'StreamBroken'],
  ['takes too long', 1000, false, 'ModelStreamError', 'ModelInvocationTimeExceeded'],
  ['ends with the server', 60_000, true, 'InternalStreamFailure', undefined],
] as const)(
  'a stream whose container %s ends in an exception, after what has come',
  async (_, timeout, isClosing, type, code) => {
    const closing = new AbortController();
    const url = await start(
      (response) => {
        response.write('part', () => {
          if (isClosing) closing.abort();
          if (timeout === 60_000) response.destroy();
        });
      },
      { streamTimeoutMs: timeout, closing: closing.signal },
    );

    const answer = await fetch(`${url}/endpoints/end/invocations-response-stream`, { method: 'POST', body: '1' });
    const [part, exception, ...others] = messagesOf(Buffer.from(await answer.arrayBuffer()));

    expect(answer.status).toBe(200);
    expect(part).toEqual({ type: 'PayloadPart', text: 'part' });
    expect(exception!.type).toBe(type);
    expect(JSON.parse(exception!.text)).toEqual({
      Message: expect.stringMatching(/./),
      ...(code !== undefined && { ErrorCode: code }),
    });
    expect(others).toEqual([]);
  },
);

// --- internal ---

/** A server whose endpoint `end` has a container that answers so. */
async function start(
  answer: (response: ServerResponse) => void,
  { streamTimeoutMs, closing }: { readonly streamTimeoutMs: number; readonly closing: AbortSignal },
): Promise<string> {
  const container = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await once(container, 'listening');
  onTestFinished(() => {
    container.closeAllConnections();
    container.close();
  });
  const endpoint = { url: `http://127.0.0.1:${(container.address() as AddressInfo).port}` };
  const variant = {
    ...{ name: 'AllTraffic', logGroup: '/aws/sagemaker/Endpoints/end', inFlight: countInFlight() },
    containers: [{ name: 'primary', current: () => endpoint }],
  };
  const sageMaker = { account: { id: '000000000000', region: 'us-east-1' }, closing } as SageMaker;
  const hosting = { pick: () => variant } as unknown as Hosting;
  const { url, close } = await startHttpServer({
    services: [runtimeService({ sageMaker, hosting, scheduler: {} as never, streamTimeoutMs })],
    ...{ port: 0, host: '127.0.0.1', onError: () => {} },
    proxy: { connect: () => {}, forward: () => false, close: () => {} },
  });
  onTestFinished(close);
  return url;
}

function messagesOf(bytes: Buffer): { readonly type: unknown; readonly text: string }[] {
  const messages = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const { headers, body } = codec.decode(bytes.subarray(at, at + bytes.readUInt32BE(at)));
    const type = headers[':event-type']?.value ?? headers[':exception-type']?.value;
    messages.push({ type, text: Buffer.from(body).toString() });
  }
  return messages;
}
