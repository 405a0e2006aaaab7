/** One invocation through the containers of a target. */
import type { Readable } from 'node:stream';
import { type Answer, callPipeline } from '@algo/local';
import type { Account } from '../account.js';
import { modelError, timeoutText } from './model-error.js';
import type { Target, TargetContainer } from './target.js';
import { callContainer, targetModelError } from './target-model.js';

export interface ContainerRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is that of a body whose Content-Length is in the headers. */
  readonly body: Buffer | (() => Readable);
  /** For the whole way. */
  readonly timeoutMs: number;
  /** Of each container whose answer is read as a whole. */
  readonly maxAnswerBytes: number;
}

/** @throws ServiceError ModelError, of the container that failed */
export async function callContainers(
  account: Account,
  { variant, containers }: Target,
  request: ContainerRequest,
): Promise<Answer> {
  let at = containers[0]!;
  const servers = containers.map((container: TargetContainer) => ({
    call(options: Parameters<typeof container.endpoint.client.call>[0]) {
      at = container;
      return callContainer(container, options);
    },
  }));
  const answer = await callPipeline(servers, { ...request, method: 'POST', path: '/invocations' }).catch((error) => {
    throw targetModelError(account, variant, at, error) ?? unanswered(account, { variant, name: at.name }, error);
  });
  if (answer.status >= 200 && answer.status <= 299) return answer;
  throw modelError(account, variant, at.name, answer.status, answer.body.toString('utf8'));
}

/** The error of a container that gave no answer. */
export function unanswered(
  account: Account,
  { variant, name }: { readonly variant: Target['variant']; readonly name: string },
  error: unknown,
) {
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  const cause = error instanceof Error ? error.message : String(error);
  return modelError(account, variant, name, 0, isTimeout ? timeoutText(name) : cause);
}
