/** Serving in memory: a model directory becomes a function that answers, without a socket or a process. */
import type { Algorithm } from '../algorithm.js';
import { readEnvironment } from '../environment.js';
import { memoryLog } from '../log.js';
import { loadInvocation } from '../serve/model-loading.js';
import type { TrainingResult } from './training.js';

export interface InvokeRequest {
  readonly contentType?: string;
  readonly accept?: string;
  readonly body: string | Uint8Array;
  readonly customAttributes?: string;
}

export interface InvokeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As text; of a streamed answer all parts together. */
  readonly body: string;
  /** The parts of a streamed answer. */
  readonly parts?: readonly string[];
}

/** The function that answers requests, and the end of the model behind it. It rejects where a stream fails in the middle. */
export interface Invocations {
  (request: InvokeRequest): Promise<InvokeAnswer>;
  /** Calls the algorithm's `close`; nothing may be asked after. */
  close(): Promise<void>;
}

/**
 * The function that answers as the container's /invocations would for the model a training left.
 * @param variables the service's, e.g. `{ SAGEMAKER_BATCH: 'true' }`
 * @throws ContractError when the model cannot be loaded or fails its self-test
 */
export async function openInvocations(
  algorithm: Algorithm,
  { root }: Pick<TrainingResult, 'root'>,
  variables: Readonly<Record<string, string>> = {},
): Promise<Invocations> {
  const environment = readEnvironment({ ...root.variables, ...variables });
  const { invoke, close } = await loadInvocation(algorithm, environment, memoryLog());
  const answerOne = async ({ contentType, accept, body, customAttributes }: InvokeRequest) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const answer = await invoke({ contentType, contentEncoding: undefined, accept, customAttributes, body: bytes });
    const { status, headers, rest } = answer;
    const first = Buffer.from(answer.body);
    if (!rest) return { status, headers, body: first.toString() };
    const parts = [first];
    for (let part = await rest.next(); !part.done; part = await rest.next()) parts.push(Buffer.from(part.value));
    const texts = parts.filter(({ length }) => length > 0).map(String);
    return { status, headers, body: Buffer.concat(parts).toString(), parts: texts };
  };
  return Object.assign(answerOne, { close });
}
