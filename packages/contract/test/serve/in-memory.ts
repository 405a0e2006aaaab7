/** A serving container without process, port or workers: requests in, answers out. */
import type { Algorithm } from '../../src/algorithm.js';
import type { Environment } from '../../src/environment.js';
import type { Log } from '../../src/log.js';
import type { Answer } from '../../src/serve/message.js';
import { loadInvocation } from '../../src/serve/model-loading.js';
import { batchStrategyOf, executionParameters } from '../../src/serve/payload-limits.js';
import { joined } from '../../src/serve/pieces.js';
import { handleRequest, type ServerRequest, type Service } from '../../src/serve/router.js';

export async function createHandler(
  algorithm: Algorithm,
  environment: Environment,
  log: Log,
): Promise<(request: ServerRequest) => Promise<Answer>> {
  const { invoke } = await loadInvocation(algorithm, environment, log);
  const service: Service = {
    unavailable: () => undefined,
    invoke: ({ body, ...request }) => invoke({ ...request, body: joined(body) }),
    executionParameters: () => executionParameters(environment.serving, 1, batchStrategyOf(algorithm)),
  };
  return async (request) => {
    const answer = await handleRequest(service, request);
    return { ...answer, body: answer.body instanceof Uint8Array ? answer.body : joined(answer.body) };
  };
}
