/**
 * How a batch transform calls its server: the job's own values first, then what the container answers to
 * GET /execution-parameters (404 is a fine answer), then the platform's defaults.
 * Sources: AWS guide "Use Your Own Inference Code with Batch Transform"; botocore CreateTransformJobRequest.
 */
import { JobError, messageOf } from '../errors.js';
import type { ServerClient } from './invocation.js';

/** The names of the API; the container and its variables write MULTI_RECORD and SINGLE_RECORD. */
export type BatchStrategy = 'MultiRecord' | 'SingleRecord';

export interface ExecutionParameters {
  /** Requests in flight. */
  readonly maxConcurrentTransforms: number;
  readonly batchStrategy: BatchStrategy;
  /** 0: a whole file as one chunked request of any size. */
  readonly maxPayloadInMB: number;
}

const DEFAULTS: ExecutionParameters = { maxConcurrentTransforms: 1, batchStrategy: 'MultiRecord', maxPayloadInMB: 6 };
/** Of one request, and of all requests in flight together. */
export const MAX_IN_FLIGHT_MB = 100;
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Asks the server and settles the three values. Together, concurrency × payload stay within 100 MB: if the job sets one
 * of the two, the container's value for the other is reduced.
 * @throws JobError when the server answers something that is neither 404 nor parameters, or offers too much itself
 */
export async function settleExecutionParameters(
  client: ServerClient,
  requested: Partial<ExecutionParameters>,
): Promise<ExecutionParameters> {
  const offered = await askServer(client);
  // 0 stands for "the default" in MaxConcurrentTransforms, and for "no limit" in MaxPayloadInMB
  const concurrency =
    requested.maxConcurrentTransforms || offered.maxConcurrentTransforms || DEFAULTS.maxConcurrentTransforms;
  const payload = requested.maxPayloadInMB ?? offered.maxPayloadInMB ?? DEFAULTS.maxPayloadInMB;
  const batchStrategy = requested.batchStrategy ?? offered.batchStrategy ?? DEFAULTS.batchStrategy;
  if (concurrency * payload <= MAX_IN_FLIGHT_MB) {
    return { maxConcurrentTransforms: concurrency, batchStrategy, maxPayloadInMB: payload };
  }
  if (requested.maxConcurrentTransforms) {
    const maxPayloadInMB = Math.max(1, Math.floor(MAX_IN_FLIGHT_MB / concurrency));
    return { maxConcurrentTransforms: concurrency, batchStrategy, maxPayloadInMB };
  }
  if (requested.maxPayloadInMB) {
    const maxConcurrentTransforms = Math.max(1, Math.floor(MAX_IN_FLIGHT_MB / payload));
    return { maxConcurrentTransforms, batchStrategy, maxPayloadInMB: payload };
  }
  throw new JobError(
    `/execution-parameters: MaxConcurrentTransforms × MaxPayloadInMB must be at most ${MAX_IN_FLIGHT_MB} MB; received ${concurrency} × ${payload}.`,
  );
}

/** The variables for the server; each only if the job sets the value. */
export function batchVariables(requested: Partial<ExecutionParameters>): Record<string, string> {
  const { maxConcurrentTransforms, batchStrategy, maxPayloadInMB } = requested;
  return {
    SAGEMAKER_BATCH: 'true',
    ...(maxPayloadInMB !== undefined && { SAGEMAKER_MAX_PAYLOAD_IN_MB: String(maxPayloadInMB) }),
    ...(batchStrategy && { SAGEMAKER_BATCH_STRATEGY: STRATEGY_WORDS[batchStrategy] }),
    ...(maxConcurrentTransforms !== undefined && {
      SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: String(maxConcurrentTransforms),
    }),
  };
}

// --- internal ---

const STRATEGY_WORDS = { MultiRecord: 'MULTI_RECORD', SingleRecord: 'SINGLE_RECORD' } as const;

async function askServer(
  client: ServerClient,
): Promise<{ -readonly [K in keyof ExecutionParameters]?: ExecutionParameters[K] }> {
  const answer = await client.call({ method: 'GET', path: '/execution-parameters', timeoutMs: ANSWER_TIMEOUT_MS });
  if (answer.status === 404) return {};
  const text = answer.body.toString('utf8');
  if (answer.status !== 200) {
    throw new JobError(
      `/execution-parameters must answer 200 or 404; it answered ${answer.status}: ${text.slice(0, 200)}`,
    );
  }
  const { parseAnswer } = await import('./execution-answer.js'); // with zod, which all else starts faster without
  try {
    const { MaxConcurrentTransforms, BatchStrategy, MaxPayloadInMB } = parseAnswer(text, MAX_IN_FLIGHT_MB);
    return {
      ...(MaxConcurrentTransforms !== undefined && { maxConcurrentTransforms: MaxConcurrentTransforms }),
      ...(BatchStrategy && { batchStrategy: /^SINGLE/i.test(BatchStrategy) ? 'SingleRecord' : 'MultiRecord' }),
      ...(MaxPayloadInMB !== undefined && { maxPayloadInMB: MaxPayloadInMB }),
    };
  } catch (error) {
    const received = JSON.stringify(text.slice(0, 200));
    throw new JobError(`/execution-parameters answered ${received}:\n${messageOf(error)}`, { cause: error });
  }
}
