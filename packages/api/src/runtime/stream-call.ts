/** An invocation whose answer is passed on as it comes. */

import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';

export interface StreamCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signal: AbortSignal;
}

/** As the platform's own calls have it. */
const HOST_HEADER = 'model.aws.local:8080';

/** The head of the answer is there; its body is the stream. @throws the system's error, or the signal's reason */
export function callContainer({ url, headers, body, signal }: StreamCall): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}/invocations`, {
      method: 'POST',
      signal,
      headers: { Host: HOST_HEADER, ...headers, 'Content-Length': body.length },
    });
    call.once('error', (error) => reject(signal.aborted ? signal.reason : error));
    call.once('response', resolve);
    call.end(body);
  });
}

/** All of a body. */
export async function readText(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
