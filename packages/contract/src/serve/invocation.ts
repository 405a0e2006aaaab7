/**
 * One call to /invocations from bytes to bytes: negotiate, read, predict, check, write. The same in the container, in its
 * worker processes and in a test; nothing here knows of sockets.
 */
import type { Algorithm } from '../algorithm.js';
import type { BatchingLimits } from '../batching/limits.js';
import type { ServingSettings } from '../environment.js';
import { ClientError, ContractError, textOf } from '../errors.js';
import { framesOf } from '../failure.js';
import { type Block, isSparse, type SparseBlock } from '../formats/block.js';
import type { Categories, UnseenCategories } from '../formats/categories/categories.js';
import { knownTextColumns } from '../formats/categories/text-columns.js';
import { densifyRequest } from '../formats/densify.js';
import type { RequestRules } from '../formats/format.js';
import { giveBack } from '../formats/lending.js';
import type { Log } from '../log.js';
import { isOutOfMemory } from '../out-of-memory.js';
import { denseRows } from '../payloads/rows.js';
import type { PredictRequest } from '../prediction.js';
import { type AnswerForm, answerBody, emptyBody, partWriter } from './answer-body.js';
import { type BatchedPredict, batchingOf, createBatchedPredict } from './batched-predict.js';
import { checkAttributes } from './custom-attributes.js';
import {
  type Answer,
  CUSTOM_ATTRIBUTES_HEADER,
  emptyAnswer,
  errorAnswer,
  type InvocationRequest,
  type Invoke,
  type Patience,
} from './message.js';
import { createNegotiation, type NegotiatedInput, type NegotiatedOutput, type Negotiation } from './negotiation.js';
import { ENDLESS_PATIENCE } from './patience.js';
import { type RequestInput, readRequestInput } from './request-input.js';
import { createOutputChoice } from './requested-outputs.js';
import { isStream, streamParts } from './streamed-answer.js';

/** A loaded model with all that its answers depend on. */
export interface InvocationOptions {
  readonly algorithm: Algorithm;
  /** What `algorithm.load` returned. */
  readonly model: unknown;
  /** Columns of a row, from the model's manifest. */
  readonly featureCount: number;
  /** Names of these columns, from the manifest: what requests that have names are matched with. */
  readonly featureNames?: readonly string[] | undefined;
  /** The index of the first column in libsvm, from the manifest. */
  readonly indexBase?: 0 | 1 | undefined;
  /** Of its columns of text, from the manifest. */
  readonly categories?: Categories | undefined;
  /** What a category becomes that is not among them; default 'error'. */
  readonly unseenCategories?: UnseenCategories | undefined;
  readonly settings: Pick<ServingSettings, 'isBatch' | 'defaultAccept' | 'inferenceOutput'>;
  /** Those of the container that begin with `ALGO_`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Gets the stack of errors whose cause the caller does not see. */
  readonly log: Log;
  /** Told of every prediction whether it came as a promise or a stream. */
  readonly onPredicted?: (isConcurrent: boolean) => void;
  /** Predicts rows of several requests together, where the model says so. */
  readonly batched?: BatchedPredict | undefined;
}

/** The function that answers calls. It never rejects: every error is an answer. */
export interface Invocation {
  readonly invoke: Invoke;
  /** How requests are predicted together; undefined: each alone. */
  readonly batching: BatchingLimits | undefined;
  /**
   * Answers what costs so little that the process which owns the sockets may do it; undefined: a worker has to.
   * @param request of at most CHEAP_BYTES
   */
  invokeIfCheap(request: InvocationRequest): Promise<Answer | undefined>;
}

/** @throws PlatformError, AlgorithmError when the settings or the definition cannot be served */
export function createInvocation(options: InvocationOptions): Invocation {
  const { algorithm, model, settings, log } = options;
  const { isBatch } = settings;
  const rowsInValue = algorithm.rowsOf && ((value: unknown) => algorithm.rowsOf?.(model, value));
  const negotiation = createNegotiation(algorithm, settings.defaultAccept);
  const outputsFor = outputChoice(options, negotiation);
  const { featureCount, featureNames, indexBase, categories, unseenCategories = 'error' } = options;
  const rules: RequestRules = {
    featureCount,
    policy: algorithm.values,
    ...(algorithm.precision && { precision: algorithm.precision }),
    ...(featureNames?.length === featureCount && { featureNames }),
    ...(indexBase !== undefined && { indexBase }),
    ...(categories && { texts: knownTextColumns(categories, unseenCategories) }),
  };
  const limits = batchingOf(algorithm, options.model, options.variables);
  const batched = limits && createBatchedPredict(algorithm, options.model, limits);
  const respond = async (
    request: InvocationRequest,
    isOnlyIfCheap: boolean,
    patience = ENDLESS_PATIENCE,
  ): Promise<Answer | undefined> => {
    let input: RequestInput | undefined;
    let isStreamed = false;
    try {
      const asked = negotiation.inputFormat(request.contentType, request.contentEncoding);
      const output = negotiation.outputFormat(request.accept);
      const outputs = outputsFor(output);
      if (isOnlyIfCheap && !isCheap(asked)) return undefined;
      const reading = readRequestInput(request.body, asked, rules, isBatch, rowsInValue);
      input = reading instanceof Promise ? await reading : reading;
      if (!input) return emptyAnswer(204);
      if (isOnlyIfCheap && rowsOf(input) > cheapRows(options, { accept: output.accept, outputs })) return undefined;
      const form = { ...output, outputs, blanks: input.blanks, isBatch };
      const how = isOnlyIfCheap ? options : { ...options, batched };
      const given = await answer(how, { ...request, patience }, { input, contentType: asked.mediaType }, form);
      isStreamed = given.rest !== undefined;
      return given;
    } catch (error) {
      const isTooLarge = isOutOfMemory(error);
      const failure = errorAnswer(isTooLarge ? tooLargeForMemory(error) : error);
      if (failure.status === 500 || isTooLarge) for (const line of detailsOf(error)) log.error(line);
      return failure;
    } finally {
      if (input && 'rows' in input && !isStreamed) giveBack(input.rows);
    }
  };
  return {
    batching: limits,
    invoke: async (request, patience) => (await respond(request, false, patience))!,
    invokeIfCheap: (request) => respond(request, true),
  };
}

/** Bodies up to this are read in a millisecond by the readers of text, which do a bounded work per byte. */
export const CHEAP_BYTES = 16 * 1024;

/** Maximum number of rows of a request that are cheap, whatever their values; see AlgorithmDefinition.boundedRows. */
function cheapRows(
  { algorithm, model }: Pick<InvocationOptions, 'algorithm' | 'model'>,
  request: Pick<PredictRequest, 'accept' | 'outputs'>,
): number {
  return algorithm.boundedRows?.(model, request) ?? 0;
}

/**
 * Predicts one row the way a caller's would be, so that a model that cannot answer is known before it is asked.
 * @param row [featureCount]
 * @returns whether `predict` gives a promise, and how many rows of such a request are cheap
 * @throws what `predict` throws, or AlgorithmError when its result breaks the definition
 */
export async function predictOnce(
  options: InvocationOptions,
  row: Float64Array,
): Promise<{ readonly isConcurrent: boolean; readonly cheapRows: number }> {
  const { algorithm, settings } = options;
  const negotiation = createNegotiation(algorithm, settings.defaultAccept);
  const output = negotiation.outputFormat(undefined);
  const { mediaType } = negotiation.inputFormat(undefined);
  const outputs = outputChoice(options, negotiation)(output);
  let isConcurrent = false;
  const onPredicted = (isPromise: boolean) => {
    isConcurrent = isPromise;
  };
  const blanks = new Map();
  const features = algorithm.precision === 'float32' ? Float32Array.from(row) : row;
  const input = { rows: denseRows(features, row.length), blanks };
  const form = { ...output, outputs, blanks, isBatch: settings.isBatch };
  const { rest } = await answer({ ...options, onPredicted }, {}, { input, contentType: mediaType }, form);
  await rest?.return();
  return { isConcurrent, cheapRows: cheapRows(options, { accept: output.accept, outputs }) };
}

// --- internal ---

/** What the algorithm's own decoders take nobody knows. */
function isCheap({ format }: NegotiatedInput): boolean {
  return !('own' in format) && format.request.isCheap;
}

function rowsOf(input: RequestInput): number {
  return 'value' in input ? 1 : (input.rows?.rows ?? 0);
}

/** The names of the columns that an answer shall have; parameters of the algorithm's own answers are for its encoder. */
function outputChoice(
  { algorithm, model, settings }: InvocationOptions,
  { outputFormat }: Negotiation,
): (output: NegotiatedOutput) => readonly string[] | undefined {
  const { format, accept } = outputFormat(undefined);
  const defaultAccept = 'own' in format ? { type: accept.type, parameters: {} } : accept;
  const choose = createOutputChoice({ algorithm, model, variable: settings.inferenceOutput, defaultAccept });
  return (output) => ('own' in output.format ? undefined : choose(output.accept));
}

/** What `predict` is asked. */
interface Asked extends Pick<PredictRequest, 'contentType'> {
  readonly input: RequestInput;
}

async function answer(
  options: InvocationOptions,
  { customAttributes, patience = ENDLESS_PATIENCE }: Partial<InvocationRequest> & { readonly patience?: Patience },
  { input, contentType }: Asked,
  form: AnswerForm,
): Promise<Answer> {
  const { algorithm, model } = options;
  const headers: Record<string, string> = { 'Content-Type': form.contentType };
  if ('rows' in input && !input.rows) {
    const { body, rows } = emptyBody(form);
    return body.length === 0 ? emptyAnswer(204) : { status: 200, headers, body, rows };
  }
  const request: PredictRequest = {
    contentType,
    accept: form.accept,
    outputs: form.outputs,
    customAttributes,
    isBatch: form.isBatch,
    deadline: patience.deadline,
    get signal() {
      return patience.signal;
    },
    setCustomAttributes(value) {
      checkAttributes(value);
      headers[CUSTOM_ATTRIBUTES_HEADER] = value;
    },
  };
  const rows = 'rows' in input ? input.rows : undefined;
  const predicted = predict(options, rows ?? { value: ownValue(input) }, request, form);
  options.onPredicted?.(predicted instanceof Promise || isStream(predicted));
  const declared = algorithm.modelOutputs?.(model) ?? algorithm.outputs;
  const returned = await predicted;
  if (!isStream(returned)) {
    const { body, rows: count } = await answerBody(returned, rows?.rows, declared, form);
    return body.length === 0 ? emptyAnswer(204) : { status: 200, headers, body, rows: count };
  }
  const { first: body, rest } = await streamParts(returned, partWriter(declared, form), (error) => {
    for (const line of detailsOf(error)) options.log.error(line);
  });
  if (rest) return { status: 200, headers, body, rest };
  return body.length === 0 ? emptyAnswer(204) : { status: 200, headers, body };
}

function ownValue(input: RequestInput): unknown {
  return 'value' in input ? input.value : undefined;
}

/**
 * Sparse rows stay sparse for an algorithm that takes them so; answers in columns are made for several requests
 * together.
 */
function predict(
  { algorithm, model, batched }: InvocationOptions,
  input: Block | SparseBlock | { readonly value: unknown },
  request: PredictRequest,
  { format }: AnswerForm,
): unknown {
  const alone = (call: () => unknown): unknown => (batched ? batched.alone(call) : call());
  if ('value' in input) return alone(() => algorithm.predict(model, input.value, request));
  if (isSparse(input) && algorithm.predictSparse) return alone(() => algorithm.predictSparse?.(model, input, request));
  const block = isSparse(input) ? densifyRequest(input, algorithm.values) : input;
  if (batched && !('own' in format)) return batched.rows(block, request);
  return alone(() => algorithm.predict(model, block, request));
}

function tooLargeForMemory(cause: unknown): ClientError {
  const message =
    'request: its rows and their predictions must fit in memory; they do not. Send fewer rows per request.';
  return new ClientError('E_REQUEST_SIZE', message, { cause });
}

/** What whoever runs the container needs to know, line by line; a problem of the caller needs no stack. */
function detailsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [`POST /invocations: ${textOf(error)}`];
  const summary = `POST /invocations: ${error instanceof ClientError ? '' : `${error.name}: `}${error.message}`;
  if (error instanceof ClientError) return [summary];
  const cause = error instanceof ContractError && error.cause instanceof Error ? error.cause : undefined;
  const causes = cause ? [`caused by ${cause.name}: ${cause.message}`, ...framesOf(cause)] : [];
  return [summary, ...framesOf(error), ...causes];
}
