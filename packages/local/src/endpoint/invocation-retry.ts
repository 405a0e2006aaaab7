/**
 * One request of a batch transform with the platform's retries (ModelClientConfig): a broken connection, a time-out,
 * 429 and 5xx are tried again; any other status is the server's final word.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { DataError, JobError, messageOf } from '../errors.js';
import { type Answer, AnswerTooLong } from './answer.js';
import type { CallOptions, ServerClient } from './invocation.js';

export interface RetryPolicy {
  /** Further tries after the first, 0 to 3. */
  readonly maxRetries: number;
  /** Before the first retry; doubled before each further one. */
  readonly delayMs: number;
}

/**
 * The first answer with a 2xx status.
 * @throws JobError with the last status and body, or the last broken connection; DataError for a 4xx
 */
export async function callWithRetries(
  client: ServerClient,
  options: CallOptions,
  policy: RetryPolicy,
): Promise<Answer> {
  for (let retry = 0; ; retry++) {
    const outcome = await tryCall(client, options);
    if (outcome.answer) return outcome.answer;
    options.signal?.throwIfAborted();
    if (!outcome.isWorthRetrying || retry >= policy.maxRetries) {
      const tries = retry === 0 ? '' : ` after ${retry + 1} tries`;
      const Failure = outcome.isRefused ? DataError : JobError;
      throw new Failure(`${outcome.problem}${tries}`, { cause: outcome.cause });
    }
    await delay(policy.delayMs * 2 ** retry, undefined, { signal: options.signal });
  }
}

// --- internal ---

/** The platform shows a client at most this much of a container's error body (ModelError.OriginalMessage). */
const SHOWN_BODY_CHARS = 2048;

interface Outcome {
  readonly answer?: Answer;
  readonly problem?: string;
  readonly isWorthRetrying?: boolean;
  /** Whether the server finds fault with the request: 4xx but 429. */
  readonly isRefused?: boolean;
  readonly cause?: unknown;
}

async function tryCall(client: ServerClient, options: CallOptions): Promise<Outcome> {
  try {
    const answer = await client.call(options);
    if (answer.status >= 200 && answer.status < 300) return { answer };
    const body = answer.body.toString('utf8', 0, SHOWN_BODY_CHARS).trim();
    const isWorthRetrying = answer.status === 429 || answer.status >= 500;
    return {
      problem: `the server answered ${answer.status}: ${body || '(empty body)'}`,
      isWorthRetrying,
      isRefused: !isWorthRetrying && answer.status >= 400,
    };
  } catch (error) {
    if (error instanceof AnswerTooLong) return { problem: error.message, cause: error };
    const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
    const problem = isTimeout
      ? `the server did not answer within ${options.timeoutMs / 1000} s`
      : `the connection broke: ${messageOf(error)}`;
    return { problem, isWorthRetrying: true, cause: error };
  }
}
