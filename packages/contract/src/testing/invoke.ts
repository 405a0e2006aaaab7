/** Serving in memory: a model directory becomes a function that answers, without a socket or a process. */
import { cpSync } from 'node:fs';
import type { Algorithm } from '../algorithm.js';
import { memoryLog } from '../log.js';
import type { ModelFiles } from '../model/model.js';
import { writeModel } from '../model/save.js';
import { loadInvocation } from '../serve/model-loading.js';
import { readServingEnvironment } from '../serving-environment.js';
import { type ContainerRoot, makeContainerRoot } from './container-root.js';
import { type ConverseInMemory, converseInMemory } from './converse.js';
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
  readonly bytes: Buffer;
  /** The parts of a streamed answer. */
  readonly parts?: readonly string[];
}

/** The function that answers requests, and the end of the model behind it. It rejects where a stream fails in the middle. */
export interface Invocations {
  (request: InvokeRequest): Promise<InvokeAnswer>;
  /** Holds a conversation, of an algorithm that declares them. */
  readonly converse: ConverseInMemory;
  /** Calls the algorithm's `close`; nothing may be asked after. */
  close(): Promise<void>;
}

/**
 * The function that answers as the container's /invocations would for the model a training left.
 * @param variables the service's, e.g. `{ SAGEMAKER_BATCH: 'true' }`
 * @throws ContractError when the model cannot be loaded or fails its self-test
 */
export function openInvocations(
  algorithm: Algorithm,
  { root }: Pick<TrainingResult, 'root'>,
  variables: Readonly<Record<string, string>> = {},
): Promise<Invocations> {
  return invocationsOf(algorithm, root, variables);
}

/**
 * The same for a model that no training has made: files in memory, or a directory as it would be at /opt/ml/model.
 * `close` also removes what was written for it.
 * @throws as `openInvocations`
 */
export async function openModel(
  algorithm: Algorithm,
  model: ModelFiles | string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Invocations> {
  const root = makeContainerRoot();
  try {
    if (typeof model === 'string') cpSync(model, root.paths.model, { recursive: true });
    else await writeModel(root.paths.model, model, algorithm);
    const invoke = await invocationsOf(algorithm, root, variables);
    return Object.assign((request: InvokeRequest) => invoke(request), {
      converse: invoke.converse,
      close: () => invoke.close().finally(root.remove),
    });
  } catch (error) {
    root.remove();
    throw error;
  }
}

/** For the model in a tree. */
export async function invocationsOf(
  algorithm: Algorithm,
  root: Pick<ContainerRoot, 'variables'>,
  variables: Readonly<Record<string, string>> = {},
): Promise<Invocations> {
  const environment = readServingEnvironment({ ...root.variables, ...variables });
  const { invoke, converse, close } = await loadInvocation(algorithm, environment, memoryLog());
  const answerOne = async ({ contentType, accept, body, customAttributes }: InvokeRequest) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const answer = await invoke({ contentType, contentEncoding: undefined, accept, customAttributes, body: bytes });
    const { status, headers, rest } = answer;
    const first = Buffer.from(answer.body);
    if (!rest) return { status, headers, body: first.toString(), bytes: first };
    const parts = [first];
    for (let part = await rest.next(); !part.done; part = await rest.next()) parts.push(Buffer.from(part.value));
    const texts = parts.filter(({ length }) => length > 0).map(String);
    const whole = Buffer.concat(parts);
    return { status, headers, body: whole.toString(), bytes: whole, parts: texts };
  };
  return Object.assign(answerOne, { converse: converseInMemory(converse), close });
}
