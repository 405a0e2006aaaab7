/** InvokeEndpointAsync, as every client calls it: the answer becomes an object, which is waited for. */
import { type Answer, headersOf, type Invocation } from './invoke.js';
import { listObjects, objectAddress } from './s3.js';

const LOOK_MS = 500;

/** @param signal ends the waiting. @throws Error with the service's message, or that of a failed invocation */
export async function invokeEndpointAsync(invocation: Invocation, signal: AbortSignal): Promise<Answer> {
  const start = performance.now();
  const response = await fetch(`/endpoints/${encodeURIComponent(invocation.endpoint)}/async-invocations`, {
    method: 'POST',
    body: invocation.body,
    headers: headersOf(invocation),
    signal,
  });
  if (!response.ok) throw new Error(await response.text());
  const output = response.headers.get('x-amzn-sagemaker-outputlocation') ?? '';
  const failure = response.headers.get('x-amzn-sagemaker-failurelocation');
  for (;;) {
    for (const place of failure === null ? [output] : [output, failure]) {
      const object = await read(place, signal);
      if (!object) continue;
      const milliseconds = performance.now() - start;
      return { ...object, status: place === output ? 200 : 400, variant: place, milliseconds };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    signal.throwIfAborted();
  }
}

// --- internal ---

/** Listed first: a browser reports an object that is not there as an error. */
async function read(uri: string, signal: AbortSignal) {
  const { bucket, objects } = await listObjects(uri);
  const found = objects.find(({ key }) => uri === `s3://${bucket}/${key}`);
  if (!found) return undefined;
  const response = await fetch(objectAddress(bucket, found.key), { signal });
  return { contentType: response.headers.get('content-type') ?? '', text: await response.text(), bytes: found.bytes };
}
