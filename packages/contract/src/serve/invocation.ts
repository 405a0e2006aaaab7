/**
 * One call to /invocations from bytes to bytes: negotiate, read, predict, check, write. The same in the container, in its
 * worker processes and in a test; nothing here knows of sockets.
 */
import type { Algorithm } from '../algorithm.js';
import type { BatchingLimits } from '../batching/limits.js';
import type { Categories, UnseenCategories } from '../formats/categories/categories.js';
import { knownTextColumns } from '../formats/categories/text-columns.js';
import type { RequestRules } from '../formats/format.js';
import { giveBack } from '../formats/lending.js';
import type { Log } from '../log.js';
import { denseRows } from '../payloads/rows.js';
import type { PredictRequest, Session } from '../prediction.js';
import type { ServingSettings } from '../serving-settings.js';
import type { AnswerForm } from './answer-body.js';
import { logBadRecords, NO_GAPS } from './bad-records/gaps.js';
import { batchingOf, createBatchedPredict } from './batched-predict.js';
import { logFailure } from './failure-log.js';
import { withoutMemory } from './memory-failure.js';
import { type Answer, emptyAnswer, errorAnswer, type InvocationRequest, type Invoke } from './message.js';
import { unmeteredHeaders } from './metering.js';
import { createNegotiation, type NegotiatedInput, type NegotiatedOutput, type Negotiation } from './negotiation.js';
import { onValue } from './on-value.js';
import { packingOfBody, unpacked } from './packed-body.js';
import { ENDLESS_PATIENCE } from './patience.js';
import { maxBodyBytes } from './payload-limits.js';
import { type Predictor, predictAnswer, type Question } from './predict-answer.js';
import { type RequestInput, readRequestInput } from './request-input.js';
import { createOutputChoice } from './requested-outputs.js';
import { createOpenSessions } from './sessions/open-sessions.js';

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
  readonly settings: Pick<ServingSettings, 'isBatch' | 'defaultAccept' | 'inferenceOutput' | 'badRecords'> &
    Partial<Pick<ServingSettings, 'maxPayloadMb' | 'realTimePayloadMb' | 'isMultiModel'>>;
  /** Those of the container that begin with `ALGO_`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Gets the stack of errors whose cause the caller does not see. */
  readonly log: Log;
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
  invokeIfCheap(request: InvocationRequest): Answer | undefined | Promise<Answer | undefined>;
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
  const limits = batchingOf(algorithm, model, options.variables);
  const predictor: Predictor = {
    algorithm,
    model,
    log,
    batched: limits && createBatchedPredict(algorithm, model, limits),
  };
  const strict = { isBatch, leavesOutBad: false };
  const lenient = { isBatch, leavesOutBad: isBatch && settings.badRecords === 'placeholder' };
  const sessions = createOpenSessions({ ...emptyAnswer(200), headers: unmeteredHeaders(algorithm) });
  const maxBytes = maxBodyBytes(settings, algorithm.maxPayloadBytes);
  const quick: Predictor = { ...predictor, isQuick: true };
  const failed = (error: unknown): Answer => {
    const shown = withoutMemory(error, settings.isMultiModel ?? false);
    const failure = errorAnswer(shown);
    if (failure.status === 500 || shown !== error) logFailure(log, error);
    return failure;
  };
  /** Rows of a stream are in use until its end; all others are given back. */
  const predictInput = (input: RequestInput, question: Omit<Question, 'input'>, form: AnswerForm, by: Predictor) => {
    const giveRowsBack = () => giveBack('rows' in input ? input.rows : undefined);
    const done = (answer: Answer) => {
      if (!answer.rest) giveRowsBack();
      return answer;
    };
    const lost = (error: unknown) => {
      giveRowsBack();
      return failed(error);
    };
    try {
      const answer = predictAnswer(by, { ...question, input }, form);
      return answer instanceof Promise ? answer.then(done, lost) : done(answer);
    } catch (error) {
      return lost(error);
    }
  };
  /** An answer and not a promise wherever the reader is loaded and `predict` gives no promise. */
  const respond = (
    request: InvocationRequest,
    isOnlyIfCheap: boolean,
    patience = ENDLESS_PATIENCE,
    session?: Session,
  ) => {
    /** Reading around bad records is not cheap. */
    const refuse = (error: unknown) => (isOnlyIfCheap && lenient.leavesOutBad ? undefined : failed(error));
    try {
      const { contentType, contentEncoding, body, part } = request;
      const asked = negotiation.inputFormat(contentType, contentEncoding);
      const output = negotiation.outputFormat(request.accept);
      const outputs = outputsFor(output);
      if (isOnlyIfCheap && !isCheap(asked)) return undefined;
      const bound = () => cheapRows(options, { accept: output.accept, outputs });
      if (part?.isSpread && (limits || bound() === 0)) return emptyAnswer(204);
      const answer = (input: RequestInput | undefined): Answer | undefined | Promise<Answer> => {
        if (!input) return { ...emptyAnswer(204), headers: unmeteredHeaders(algorithm) };
        if (isOnlyIfCheap && rowsOf(input) > bound()) {
          giveBack('rows' in input ? input.rows : undefined);
          return undefined;
        }
        if (input.gaps.size > 0) logBadRecords(log, input.gaps);
        const form = { ...output, outputs, gaps: input.gaps, isBatch, isPart: part !== undefined };
        const { customAttributes, inferenceId, traceparent } = request;
        const ids = { session, inferenceId, traceparent };
        const question = { contentType: asked.mediaType, customAttributes, ...ids, patience };
        const predicted = predictInput(input, question, form, isOnlyIfCheap ? quick : predictor);
        if (!part) return predicted;
        const hasHeader = 'rows' in input && (input.hasHeader ?? false);
        return onValue(predicted, (given: Answer) => ({ ...given, hasHeader }));
      };
      const reading = readRequestInput(
        body,
        asked,
        rules,
        { ...(isOnlyIfCheap ? strict : lenient), part },
        rowsInValue,
      );
      return reading instanceof Promise ? reading.then(answer).catch(refuse) : answer(reading);
    } catch (error) {
      return refuse(error);
    }
  };
  return {
    batching: limits,
    async invoke(request, patience) {
      const read = async (session?: Session) => {
        try {
          const packing = packingOfBody(request);
          const readable = packing ? await unpacked(request, packing, maxBytes) : request;
          return (await respond(readable, false, patience, session))!;
        } catch (error) {
          return failed(error);
        }
      };
      return request.session ? sessions.run(request.session, read) : read();
    },
    invokeIfCheap: (request) => (packingOfBody(request) ? undefined : respond(request, true)),
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
  const { algorithm, model, log, settings } = options;
  const negotiation = createNegotiation(algorithm, settings.defaultAccept);
  const output = negotiation.outputFormat(undefined);
  const { mediaType } = negotiation.inputFormat(undefined);
  const outputs = outputChoice(options, negotiation)(output);
  let isConcurrent = false;
  const onPredicted = (isPromise: boolean) => {
    isConcurrent = isPromise;
  };
  const gaps = NO_GAPS;
  const features = algorithm.precision === 'float32' ? Float32Array.from(row) : row;
  const input = { rows: denseRows(features, row.length), gaps };
  const form = { ...output, outputs, gaps, isBatch: settings.isBatch };
  const nothing = { customAttributes: undefined, session: undefined, inferenceId: undefined, traceparent: undefined };
  const question = { input, contentType: mediaType, ...nothing, patience: ENDLESS_PATIENCE };
  const { rest } = await predictAnswer({ algorithm, model, log, onPredicted }, question, form);
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
