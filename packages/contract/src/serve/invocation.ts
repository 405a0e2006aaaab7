/**
 * One call to /invocations from bytes to bytes: negotiate, read rows, predict, check, write. The same in the container,
 * in its worker processes and in a test; nothing here knows of sockets.
 */
import type { Algorithm } from '../algorithm.js';
import type { ServingSettings } from '../environment.js';
import { AlgorithmError, ClientError, ContractError, textOf } from '../errors.js';
import { framesOf } from '../failure.js';
import { type Block, isSparse, type SparseBlock } from '../formats/block.js';
import { densifyRequest } from '../formats/densify.js';
import type { RequestReader, RequestRules } from '../formats/format.js';
import { giveBack } from '../formats/lending.js';
import { checkPredictions } from '../formats/predictions.js';
import type { Log } from '../log.js';
import type { Predictions, PredictRequest, ReturnedPredictions } from '../prediction.js';
import { type Records, withoutBlankLines } from './blank-lines.js';
import {
  type Answer,
  CUSTOM_ATTRIBUTES_HEADER,
  emptyAnswer,
  errorAnswer,
  type InvocationRequest,
  type Invoke,
  shorten,
} from './message.js';
import { createNegotiation, type NegotiatedInput, type NegotiatedOutput, type Negotiation } from './negotiation.js';
import { answeredOutputs, createOutputChoice } from './requested-outputs.js';

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
  readonly settings: Pick<ServingSettings, 'isBatch' | 'defaultAccept' | 'inferenceOutput'>;
  /** Gets the stack of errors whose cause the caller is not told. */
  readonly log: Log;
  /** Told of every prediction whether it came as a promise. */
  readonly onPredicted?: (isPromise: boolean) => void;
}

/** The function that answers calls. It never rejects: every error is an answer. */
export interface Invocation {
  readonly invoke: Invoke;
  /**
   * Answers what costs so little that the process which owns the sockets may do it; undefined: a worker has to.
   * @param request of at most CHEAP_BYTES
   */
  invokeIfCheap(request: InvocationRequest): Promise<Answer | undefined>;
}

/** @throws PlatformError, AlgorithmError when the settings or the definition cannot be served */
export function createInvocation(options: InvocationOptions): Invocation {
  const { algorithm, settings, log } = options;
  const negotiation = createNegotiation(algorithm.contentTypes, settings.defaultAccept);
  const outputsFor = outputChoice(options, negotiation);
  const { featureCount, featureNames, indexBase } = options;
  const rules: RequestRules = {
    featureCount,
    policy: algorithm.values,
    ...(algorithm.precision && { precision: algorithm.precision }),
    ...(featureNames?.length === featureCount && { featureNames }),
    ...(indexBase !== undefined && { indexBase }),
  };
  const respond = async (request: InvocationRequest, isOnlyIfCheap: boolean): Promise<Answer | undefined> => {
    let input: Block | SparseBlock | undefined;
    try {
      const asked = negotiation.inputFormat(request.contentType, request.contentEncoding);
      const output = negotiation.outputFormat(request.accept);
      const outputs = outputsFor(output.accept);
      if (isOnlyIfCheap && !asked.format.request.isCheap) return undefined;
      const records = recordsOf(request.body, asked, settings);
      if (asked.format.request.isEmpty(records.body) && records.blanks.size === 0) return emptyAnswer(204);
      input = readRecords(records, asked, rules);
      if (isOnlyIfCheap && (input?.rows ?? 0) > cheapRows(options, { accept: output.accept, outputs }))
        return undefined;
      return await answer(options, request, input, { ...output, outputs, blanks: records.blanks });
    } catch (error) {
      const failure = errorAnswer(isOutOfRoom(error) ? tooLargeForMemory(error) : error);
      if (failure.status === 500 || isOutOfRoom(error)) for (const line of detailsOf(error)) log.error(line);
      return failure;
    } finally {
      giveBack(input);
    }
  };
  return {
    invoke: async (request) => (await respond(request, false))!,
    invokeIfCheap: (request) => respond(request, true),
  };
}

/** Bodies up to this are read in a millisecond by the readers of text, which do a bounded work per byte. */
export const CHEAP_BYTES = 16 * 1024;

/** Most rows of a request that are cheap, whatever their values; see AlgorithmDefinition.boundedRows. */
export function cheapRows(
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
  const negotiation = createNegotiation(algorithm.contentTypes, settings.defaultAccept);
  const output = negotiation.outputFormat(undefined);
  const labels = new Float64Array(0);
  const shape = { rows: 1, columns: row.length, labelCount: 0, firstLine: 1 };
  const features = algorithm.precision === 'float32' ? Float32Array.from(row) : row;
  const input: Block = { ...shape, features, labels, source: 'request' };
  const request = {
    contentType: undefined,
    contentEncoding: undefined,
    accept: undefined,
    customAttributes: undefined,
  };
  const outputs = outputChoice(options, negotiation)(output.accept);
  let isConcurrent = false;
  const onPredicted = (isPromise: boolean) => {
    isConcurrent = isPromise;
  };
  await answer({ ...options, onPredicted }, { ...request, body: new Uint8Array(0) }, input, { ...output, outputs });
  return { isConcurrent, cheapRows: cheapRows(options, { accept: output.accept, outputs }) };
}

// --- internal ---

const LINE_FEED = Buffer.from('\n');

/** What an answer is to be. */
interface AnswerForm extends NegotiatedOutput {
  readonly outputs: PredictRequest['outputs'];
  /** Blank lines among the records, by the number of rows before them. */
  readonly blanks?: ReadonlyMap<number, number>;
}

/** The records of a body, in a batch transform without blank lines where a line is a record. */
function recordsOf(body: Uint8Array, { format }: NegotiatedInput, { isBatch }: InvocationOptions['settings']): Records {
  const { lines }: RequestReader = format.request;
  if (isBatch && lines) return withoutBlankLines(body, lines.hasComments);
  return { body, blanks: new Map(), placed: (error) => error };
}

/** @returns undefined when there is no row */
function readRecords(
  { body, placed }: Records,
  input: NegotiatedInput,
  rules: RequestRules,
): Block | SparseBlock | undefined {
  if (input.format.request.isEmpty(body)) return undefined;
  try {
    return readRows(body, input, rules);
  } catch (error) {
    throw placed(error);
  }
}

function outputChoice({ algorithm, model, settings }: InvocationOptions, { outputFormat }: Negotiation) {
  const defaultAccept = outputFormat(undefined).accept;
  return createOutputChoice({ algorithm, model, variable: settings.inferenceOutput, defaultAccept });
}

async function answer(
  options: InvocationOptions,
  request: InvocationRequest,
  input: Block | SparseBlock | undefined,
  { format, accept, contentType, outputs, blanks = new Map() }: AnswerForm,
): Promise<Answer> {
  const { algorithm, model, settings } = options;
  const declared = algorithm.modelOutputs?.(model) ?? algorithm.outputs;
  const headers: Record<string, string> = { 'Content-Type': contentType };
  const rows = input?.rows ?? 0;
  let predictions: Predictions = {};
  let answered = declared;
  if (input) {
    const echoed = algorithm.echoCustomAttributes ? request.customAttributes : undefined;
    if (echoed !== undefined && isAttributeText(echoed)) headers[CUSTOM_ATTRIBUTES_HEADER] = echoed;
    const asked: PredictRequest = {
      accept,
      outputs,
      customAttributes: request.customAttributes,
      isBatch: settings.isBatch,
      setCustomAttributes(value) {
        checkAttributes(value);
        headers[CUSTOM_ATTRIBUTES_HEADER] = value;
      },
    };
    const predicted = predict(options, input, asked);
    options.onPredicted?.(predicted instanceof Promise);
    predictions = definedColumns(await predicted);
    checkPredictions(predictions, rows, declared);
    answered = answeredOutputs(declared, predictions, outputs);
  }
  const names = Object.keys(answered).filter((name) => Object.hasOwn(predictions, name));
  const encoded = format.answer.write(predictions, rows, names, { hasFinalNewline: true, blanks });
  // In a batch transform answers follow one another in a file, with nothing between them unless AssembleWith is Line.
  const body = settings.isBatch && format.answer.isDocument ? Buffer.concat([encoded, LINE_FEED]) : encoded;
  return body.length === 0 ? emptyAnswer(204) : { status: 200, headers, body, rows };
}

/** Sparse rows stay sparse for an algorithm that takes them so. */
function predict(
  { algorithm, model }: InvocationOptions,
  input: Block | SparseBlock,
  request: PredictRequest,
): Promise<ReturnedPredictions> | ReturnedPredictions {
  if (!isSparse(input)) return algorithm.predict(model, input, request);
  if (algorithm.predictSparse) return algorithm.predictSparse(model, input, request);
  return algorithm.predict(model, densifyRequest(input, algorithm.values), request);
}

/** Columns that are undefined are left out. */
function definedColumns(predictions: ReturnedPredictions): Predictions {
  const columns = Object.entries(predictions).filter((entry): entry is [string, Predictions[string]] => !!entry[1]);
  return Object.fromEntries(columns);
}

/** The rows of the body; one that is nested too deep for its reader is the caller's mistake. */
function readRows(
  body: Uint8Array,
  { format, mediaType }: NegotiatedInput,
  rules: RequestRules,
): Block | SparseBlock | undefined {
  try {
    return format.request.read(body, mediaType, rules);
  } catch (error) {
    if (!(error instanceof RangeError) || !error.message.startsWith('Maximum call stack')) throw error;
    throw new ClientError('E_REQUEST_BODY', 'request: expected rows of numbers; received lists nested too deep.', {
      cause: error,
    });
  }
}

/** What the engine says when an array, a text or a buffer would be larger than it can make. */
function isOutOfRoom(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { message } = error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_STRING_TOO_LONG' || code === 'ERR_BUFFER_TOO_LARGE') return true;
  if (!(error instanceof RangeError)) return false;
  return code === 'ERR_OUT_OF_RANGE' || /allocation failed|Invalid .*(length|size)/.test(message);
}

function tooLargeForMemory(cause: unknown): ClientError {
  const message = 'request: its rows and their predictions must fit into memory; they do not. Send fewer rows at once.';
  return new ClientError('E_REQUEST_SIZE', message, { cause });
}

const MAX_ATTRIBUTE_CHARS = 1024;

function isAttributeText(value: string): boolean {
  return value.length <= MAX_ATTRIBUTE_CHARS && /^[\x20-\x7e]*$/.test(value);
}

function checkAttributes(value: string): void {
  if (isAttributeText(value)) return;
  const shown = JSON.stringify(shorten(value));
  throw new AlgorithmError(
    'E_ALGORITHM',
    `setCustomAttributes: expected at most ${MAX_ATTRIBUTE_CHARS} visible ASCII characters; received ${value.length}: ${shown}.`,
  );
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
