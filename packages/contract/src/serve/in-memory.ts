/** A serving container without process, port or workers: requests in, answers out. For tests and for embedding. */
import type { Algorithm } from '../algorithm.js';
import type { Environment } from '../environment.js';
import { ClientError } from '../errors.js';
import type { Log } from '../log.js';
import { type Answer, errorAnswer } from './message.js';
import { loadInvocation } from './model-loading.js';
import { executionParameters, maxBodyBytes } from './payload-limits.js';
import { handleRequest, type ServerRequest, type Service } from './router.js';

/**
 * Loads the model of `environment` as `serve` does; the returned function answers any request of the contract.
 * @throws ContractError when there is no usable model
 */
export async function createHandler(
  algorithm: Algorithm,
  environment: Environment,
  log: Log,
): Promise<(request: ServerRequest) => Promise<Answer>> {
  const settings = environment.serving;
  const maxBytes = maxBodyBytes(settings, algorithm.maxPayloadBytes);
  const service: Service = {
    unavailable: () => undefined,
    invoke: await loadInvocation(algorithm, environment, log),
    executionParameters: () => executionParameters(settings, settings.workers ?? 1),
  };
  return async (request) => {
    const length = request.body?.length ?? 0;
    if (length <= maxBytes) return handleRequest(service, request);
    const message = `The body must have at most ${maxBytes} bytes; received ${length} bytes.`;
    return errorAnswer(new ClientError('E_REQUEST_SIZE', message));
  };
}
