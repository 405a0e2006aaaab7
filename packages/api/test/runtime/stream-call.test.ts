import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openStream } from '../../src/runtime/stream-call.js';
import type { Target } from '../../src/runtime/target.js';
import type { VariantServer } from '../../src/sagemaker/endpoints/variant-server.js';

const ACCOUNT = { id: '000000000000', region: 'us-east-1' };

it('a container whose error breaks off gives ModelError with its status and what came of its text', async () => {
  const target = await targetOf((_, response) => {
    response.writeHead(503, { 'Content-Length': 100 });
    response.write('out of', () => response.destroy());
  });
  const request = { headers: {}, body: Buffer.from('5'), timeoutMs: 60_000, maxAnswerBytes: 100 };

  const opening = openStream(ACCOUNT, target, { ...request, signal: new AbortController().signal });

  await expect(opening).rejects.toMatchObject({
    ...{ code: 'ModelError', status: 424 },
    members: { OriginalStatusCode: 503, OriginalMessage: 'out of' },
  });
});

// --- internal ---

async function targetOf(onRequest: RequestListener): Promise<Target> {
  const server = createServer(onRequest).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variant = { logGroup: '/aws/sagemaker/Endpoints/end' } as VariantServer;
  return { variant, containers: [{ name: 'primary', endpoint: { url } as Target['containers'][0]['endpoint'] }] };
}
