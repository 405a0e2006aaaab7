/** A serving container without process, port or workers: requests in, answers out. */
import type { Algorithm } from '../../src/algorithm.js';
import type { Environment } from '../../src/environment.js';
import type { Log } from '../../src/log.js';
import type { Answer, RequestHeaders } from '../../src/serve/message.js';
import { loadInvocation } from '../../src/serve/model-loading.js';
import { batchStrategyOf, executionParameters } from '../../src/serve/payload-limits.js';
import { joined } from '../../src/serve/pieces.js';
import { createRouter, type Service } from '../../src/serve/router.js';

/** A whole request as values. */
export interface ServerRequest {
  readonly method: string;
  /** The target of the request line: a path or a whole address, with or without a query, which is ignored. */
  readonly path: string;
  /** Names in any case. */
  readonly headers?: RequestHeaders;
  readonly body?: Uint8Array;
}

export async function createHandler(
  algorithm: Algorithm,
  environment: Environment,
  log: Log,
): Promise<(request: ServerRequest) => Promise<Answer>> {
  const { invoke } = await loadInvocation(algorithm, environment, log);
  const service: Service = {
    unavailable: () => undefined,
    isAlive: () => true,
    invoke: ({ body, ...request }) => invoke({ ...request, body: joined(body) }),
    executionParameters: () => executionParameters(environment.serving, 1, batchStrategyOf(algorithm)),
    metrics: () => '',
  };
  const findRoute = createRouter(service);
  return async ({ method, path, headers = {}, body }) => {
    const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    const answer = await findRoute(method, path).answer(Object.fromEntries(named), body ? [body] : []);
    return { ...answer, body: answer.body instanceof Uint8Array ? answer.body : joined(answer.body) };
  };
}
