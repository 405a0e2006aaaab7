/**
 * One call to /invocations from bytes to bytes: negotiate, read rows, predict, check, write. The same in the container,
 * in its worker processes and in a test; nothing here knows of sockets.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Algorithm, Predictions, PredictRequest } from '../algorithm.js';
import type { ServingSettings } from '../environment.js';
import { AlgorithmError, ClientError, ContractError } from '../errors.js';
import { framesOf } from '../failure.js';
import { type Block, isSparse, type SparseBlock } from '../formats/block.js';
import { densifyRequest } from '../formats/densify.js';
import { checkPredictions, encodePredictions } from '../formats/predictions.js';
import { isEmptyRequest, type RequestRules, readRequest } from '../formats/request.js';
import type { Log } from '../log.js';
import {
  type Answer,
  CUSTOM_ATTRIBUTES_HEADER,
  emptyAnswer,
  errorAnswer,
  type InvocationRequest,
  type Invoke,
  shorten,
} from './message.js';
import { createNegotiation, type NegotiatedOutput, type Negotiation } from './negotiation.js';
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
}

/**
 * The function that answers calls. It never rejects: every error is an answer.
 * @throws PlatformError, AlgorithmError when the settings or the definition cannot be served
 */
export function createInvocation(options: InvocationOptions): Invoke {
  const { algorithm, settings, log } = options;
  const negotiation = createNegotiation(algorithm.contentTypes, settings.defaultAccept);
  const outputsFor = outputChoice(options, negotiation);
  const { featureCount, featureNames, indexBase } = options;
  const rules: RequestRules = {
    featureCount,
    policy: algorithm.values,
    ...(featureNames?.length === featureCount && { featureNames }),
    ...(indexBase !== undefined && { indexBase }),
  };
  return async (request) => {
    try {
      const inputType = negotiation.inputFormat(request.contentType, request.contentEncoding);
      const output = negotiation.outputFormat(request.accept);
      const outputs = outputsFor(output.accept);
      if (isEmptyRequest(request.body, inputType)) return emptyAnswer(204);
      const input = readRequest(request.body, inputType, rules);
      if (isLarge(request)) await nextTurn();
      return await answer(options, request, input, { ...output, outputs });
    } catch (error) {
      const failure = errorAnswer(error);
      if (failure.status === 500) for (const line of detailsOf(error)) log.error(line);
      return failure;
    }
  };
}

/**
 * Predicts one row the way a caller's would be, so that a model that cannot answer is known before it is asked.
 * @param row [featureCount]
 * @throws what `predict` throws, or AlgorithmError when its result breaks the definition
 */
export async function predictOnce(options: InvocationOptions, row: Float64Array): Promise<void> {
  const { algorithm, settings } = options;
  const negotiation = createNegotiation(algorithm.contentTypes, settings.defaultAccept);
  const output = negotiation.outputFormat(undefined);
  const labels = new Float64Array(0);
  const shape = { rows: 1, columns: row.length, labelCount: 0, firstLine: 1 };
  const input: Block = { ...shape, features: row, labels, source: 'request' };
  const request = {
    contentType: undefined,
    contentEncoding: undefined,
    accept: undefined,
    customAttributes: undefined,
  };
  await answer(options, { ...request, body: new Uint8Array(0) }, input, {
    ...output,
    outputs: outputChoice(options, negotiation)(output.accept),
  });
}

// --- internal ---

/** What an answer is to be. */
interface AnswerForm extends NegotiatedOutput {
  readonly outputs: PredictRequest['outputs'];
}

function outputChoice({ algorithm, model, settings }: InvocationOptions, { outputFormat }: Negotiation) {
  const defaultAccept = outputFormat(undefined).accept;
  return createOutputChoice({ algorithm, model, variable: settings.inferenceOutput, defaultAccept });
}

async function answer(
  options: InvocationOptions,
  request: InvocationRequest,
  input: Block | SparseBlock | undefined,
  { format, accept, contentType, outputs }: AnswerForm,
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
    predictions = await predict(options, input, asked);
    checkPredictions(predictions, rows, declared);
    answered = answeredOutputs(declared, predictions, outputs);
    if (isLarge(request)) await nextTurn();
  }
  const encoded = encodePredictions(predictions, rows, answered, format, true);
  // In a batch transform answers follow one another in a file, with nothing between them unless AssembleWith is Line.
  const isDocument = settings.isBatch && format === 'application/json';
  const body = isDocument ? Buffer.concat([encoded, Buffer.from('\n')]) : encoded;
  return body.length === 0 ? emptyAnswer(204) : { status: 200, headers, body, rows };
}

/** Sparse rows stay sparse for an algorithm that takes them so. */
function predict(
  { algorithm, model }: InvocationOptions,
  input: Block | SparseBlock,
  request: PredictRequest,
): Promise<Predictions> | Predictions {
  if (!isSparse(input)) return algorithm.predict(model, input, request);
  if (algorithm.predictSparse) return algorithm.predictSparse(model, input, request);
  return algorithm.predict(model, densifyRequest(input, algorithm.values), request);
}

/**
 * Reading, predicting and writing 100 MB take about half a second each. A single process lets others in between, so
 * that /ping is answered within its 2 s.
 */
function isLarge({ body }: InvocationRequest): boolean {
  return body.length > LARGE_BODY_BYTES;
}

const LARGE_BODY_BYTES = 1024 * 1024;

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
  if (!(error instanceof Error)) return [`POST /invocations: ${String(error)}`];
  const summary = `POST /invocations: ${error instanceof ClientError ? '' : `${error.name}: `}${error.message}`;
  if (error instanceof ClientError) return [summary];
  const cause = error instanceof ContractError && error.cause instanceof Error ? error.cause : undefined;
  const causes = cause ? [`caused by ${cause.name}: ${cause.message}`, ...framesOf(cause)] : [];
  return [summary, ...framesOf(error), ...causes];
}
