/** InvokeEndpoint, as every client calls it. */

export interface Invocation {
  readonly endpoint: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Empty: the container chooses. */
  readonly accept: string;
  /** Empty: by the variants' weights. */
  readonly variant: string;
  /** Of a multi-model endpoint: the key of the model below its prefix; empty: none. */
  readonly targetModel: string;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** Which variant answered, or for an asynchronous one where the answer is kept. */
  readonly variant: string;
  readonly text: string;
  readonly bytes: number;
  readonly milliseconds: number;
}

export async function invokeEndpoint(invocation: Invocation): Promise<Answer> {
  const start = performance.now();
  const response = await fetch(`/endpoints/${encodeURIComponent(invocation.endpoint)}/invocations`, {
    method: 'POST',
    body: invocation.body,
    headers: headersOf(invocation),
  });
  const content = await response.arrayBuffer();
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    variant: response.headers.get('x-amzn-invoked-production-variant') ?? '',
    text: new TextDecoder().decode(content),
    bytes: content.byteLength,
    milliseconds: performance.now() - start,
  };
}

export function headersOf({ contentType, accept, variant, targetModel }: Invocation): Record<string, string> {
  return {
    'Content-Type': contentType,
    ...(accept !== '' && { 'X-Amzn-SageMaker-Accept': accept, Accept: accept }),
    ...(variant !== '' && { 'X-Amzn-SageMaker-Target-Variant': variant }),
    ...(targetModel !== '' && { 'X-Amzn-SageMaker-Target-Model': targetModel }),
  };
}
