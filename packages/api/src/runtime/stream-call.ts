/** An invocation whose answer is passed on as it comes: that of the last container, before which others answer as a whole. */

import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Account } from '../account.js';
import { readStart } from './answer-start.js';
import { type ContainerRequest, callContainers, unanswered } from './container-call.js';
import { HOST_HEADER } from './container-headers.js';
import { modelError } from './model-error.js';
import type { Target } from './target.js';

export interface StreamRequest extends ContainerRequest {
  readonly signal: AbortSignal;
}

/**
 * @returns the last container's answer, whose head is there, and its name
 * @throws ServiceError ModelError, of the container that failed
 */
export async function openStream(account: Account, target: Target, stream: StreamRequest) {
  const { variant, containers } = target;
  const { name: container, endpoint } = containers.at(-1)!;
  const last = await requestForLast(account, target, stream);
  const answer = await callContainer(endpoint.url, last, stream.signal).catch((error) => {
    throw unanswered(account, { variant, name: container }, error);
  });
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status <= 299) return { answer, container };
  throw modelError(account, variant, container, status, await readStart(answer));
}

// --- internal ---

async function requestForLast(account: Account, target: Target, stream: StreamRequest): Promise<ContainerRequest> {
  const before = target.containers.slice(0, -1);
  if (before.length === 0) return stream;
  const { Accept: _, ...headers } = stream.headers;
  const answer = await callContainers(account, { ...target, containers: before }, { ...stream, headers });
  const { 'Content-Type': __, ...others } = stream.headers;
  const type = answer.headers['content-type'];
  return { ...stream, body: answer.body, headers: { ...others, ...(type !== undefined && { 'Content-Type': type }) } };
}

/** @throws the system's error, or the signal's reason */
function callContainer(
  url: string,
  { headers, body }: ContainerRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}/invocations`, {
      method: 'POST',
      agent: false, // a connection that is kept could be closed just as it is used
      signal,
      headers: { Host: HOST_HEADER, ...headers, ...(Buffer.isBuffer(body) && { 'Content-Length': body.length }) },
    });
    call.once('error', (error) => reject(signal.aborted ? signal.reason : error));
    call.once('response', resolve);
    if (Buffer.isBuffer(body)) call.end(body);
    // The container may answer before it has read everything; its answer, or the call's own error, is what counts then.
    else pipeline(body(), call).catch((error) => call.destroy(error));
  });
}
