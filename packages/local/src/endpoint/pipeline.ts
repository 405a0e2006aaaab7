/**
 * Servers one after the other, as the containers of an inference pipeline: each one's answer is the next one's request, with
 * the content type that the answer has. The first gets the request's Content-Type, the last its Accept; an answer that is no
 * success ends the way. Source: AWS guide "Inference pipelines in Amazon SageMaker".
 */
import type { Answer } from './answer.js';
import type { CallOptions, ServerClient } from './invocation.js';

/**
 * @param servers one or more
 * @returns the answer of the last server, or of the first that did not succeed
 * @throws what `call` throws; `timeoutMs` is for the whole way
 */
export async function callPipeline(
  servers: readonly Pick<ServerClient, 'call'>[],
  options: CallOptions,
): Promise<Answer> {
  const started = performance.now();
  let { headers = {}, body } = options;
  for (const [i, server] of servers.entries()) {
    const isLast = i === servers.length - 1;
    const timeoutMs = Math.max(1, Math.ceil(options.timeoutMs - (performance.now() - started)));
    const answer = await server.call({
      ...options,
      take: isLast ? options.take : undefined,
      ...(body !== undefined && { body }),
      headers: isLast ? headers : without(headers, 'accept'),
      timeoutMs,
    });
    if (isLast || answer.status < 200 || answer.status > 299) return answer;
    const type = answer.headers['content-type'];
    headers = { ...without(headers, 'content-type'), ...(type !== undefined && { 'Content-Type': type }) };
    body = answer.body;
  }
  throw new RangeError('A pipeline must have a server.');
}

/** Invocations go all the way, everything else to the first server: it says how it wants to be called. */
export function createPipelineClient(clients: readonly ServerClient[]): ServerClient {
  return {
    call: (options) => callPipeline(options.path === '/invocations' ? clients : clients.slice(0, 1), options),
    close() {
      for (const client of clients) client.close();
    },
  };
}

// --- internal ---

function without(headers: Readonly<Record<string, string>>, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name));
}
