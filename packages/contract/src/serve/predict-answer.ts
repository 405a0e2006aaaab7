/** The answer to a request that has been read: what `predict` makes of it, in the form that its caller accepts. */
import type { Algorithm } from '../algorithm.js';
import { type Block, isSparse, type SparseBlock } from '../formats/block.js';
import { densifyRequest } from '../formats/densify.js';
import type { Log } from '../log.js';
import type { PredictRequest } from '../prediction.js';
import { type AnswerBody, type AnswerForm, answerBody, emptyBody, partWriter } from './answer-body.js';
import type { BatchedPredict } from './batched-predict.js';
import { checkAttributes } from './custom-attributes.js';
import { logFailure } from './failure-log.js';
import { type Answer, CUSTOM_ATTRIBUTES_HEADER, emptyAnswer, type Patience } from './message.js';
import { METERING_HEADER, meteringOf, unmeteredHeaders } from './metering.js';
import { onValue } from './on-value.js';
import type { RequestInput } from './request-input.js';
import { isStream, streamParts } from './streamed-answer.js';

/** A loaded model, and how it is asked. */
export interface Predictor {
  readonly algorithm: Algorithm;
  /** What `algorithm.load` returned. */
  readonly model: unknown;
  /** Gets what goes wrong once an answer has begun. */
  readonly log: Log;
  /** Predicts rows of several requests together, where the model says so. */
  readonly batched?: BatchedPredict | undefined;
  /** A request does not wait for others to be predicted with it, only for a call that is under way. */
  readonly isQuick?: boolean;
  /** Gets for every prediction whether it came as a promise or a stream. */
  readonly onPredicted?: (isConcurrent: boolean) => void;
}

/** What `predict` is asked. */
export interface Question
  extends Pick<PredictRequest, 'contentType' | 'customAttributes' | 'session' | 'inferenceId' | 'traceparent'> {
  readonly input: RequestInput;
  readonly patience: Patience;
}

/**
 * The answer itself, not a promise, where `predict` gives columns and not a promise.
 * @throws what `predict` throws, or AlgorithmError when its result breaks the definition; a promise rejects with it
 */
export function predictAnswer(predictor: Predictor, question: Question, form: AnswerForm): Answer | Promise<Answer> {
  const { algorithm, model } = predictor;
  const { input } = question;
  const headers: Record<string, string> = { 'Content-Type': form.contentType };
  if ('rows' in input && !input.rows) {
    const { body, rows } = emptyBody(form);
    return whole(body, { ...headers, ...unmeteredHeaders(algorithm) }, rows);
  }
  const request = new Request(question, form, (value) => {
    checkAttributes(value);
    headers[CUSTOM_ATTRIBUTES_HEADER] = value;
  });
  const rows = 'rows' in input ? input.rows : undefined;
  const predicted = predict(predictor, rows ?? { value: ownValue(input) }, request, form);
  predictor.onPredicted?.(predicted instanceof Promise || isStream(predicted));
  const declared = algorithm.modelOutputs?.(model) ?? algorithm.outputs;
  const meter = (returned: unknown, count: number) => {
    if (!algorithm.isMetered) return;
    headers[METERING_HEADER] = meteringOf(algorithm, model, { rows: count, predicted: returned, request });
  };
  const streamed = async (stream: AsyncIterable<unknown>): Promise<Answer> => {
    const { first: body, rest } = await streamParts(stream, partWriter(declared, form), (error) =>
      logFailure(predictor.log, error),
    );
    const asked = rows?.rows ?? 1; // how many parts there will be is not known yet
    meter(undefined, asked);
    return rest ? { status: 200, headers, body, rest, rows: asked } : whole(body, headers, asked);
  };
  return onValue(predicted, (returned) => {
    if (isStream(returned)) return streamed(returned);
    return onValue(answerBody(returned, rows?.rows, declared, form), ({ body, rows: count }: AnswerBody) => {
      meter(returned, count);
      return whole(body, headers, count);
    });
  });
}

// --- internal ---

/** A class, since an object with an accessor of its own costs a request more than all its other values. */
class Request implements PredictRequest {
  readonly contentType: PredictRequest['contentType'];
  readonly accept: PredictRequest['accept'];
  readonly outputs: PredictRequest['outputs'];
  readonly customAttributes: string | undefined;
  readonly session: PredictRequest['session'];
  readonly inferenceId: string | undefined;
  readonly traceparent: string | undefined;
  readonly isBatch: boolean;
  readonly deadline: number;
  readonly setCustomAttributes: PredictRequest['setCustomAttributes'];
  readonly #patience: Patience;

  constructor(
    { contentType, customAttributes, session, inferenceId, traceparent, patience }: Question,
    { accept, outputs, isBatch }: AnswerForm,
    setCustomAttributes: PredictRequest['setCustomAttributes'],
  ) {
    this.contentType = contentType;
    this.accept = accept;
    this.outputs = outputs;
    this.customAttributes = customAttributes;
    this.session = session;
    this.inferenceId = inferenceId;
    this.traceparent = traceparent;
    this.isBatch = isBatch;
    this.deadline = patience.deadline;
    this.setCustomAttributes = setCustomAttributes;
    this.#patience = patience;
  }

  get signal(): AbortSignal {
    return this.#patience.signal;
  }
}

/** An answer without a body keeps what it costs. */
function whole(body: Buffer, headers: Readonly<Record<string, string>>, rows?: number): Answer {
  if (body.length > 0) return { status: 200, headers, body, ...(rows !== undefined && { rows }) };
  const { 'Content-Type': _, ...others } = headers;
  return { ...emptyAnswer(204), headers: others };
}

function ownValue(input: RequestInput): unknown {
  return 'value' in input ? input.value : undefined;
}

/**
 * Sparse rows stay sparse for an algorithm that takes them so; answers in columns are made for several requests
 * together, but for those of a session.
 */
function predict(
  { algorithm, model, batched, isQuick }: Predictor,
  input: Block | SparseBlock | { readonly value: unknown },
  request: PredictRequest,
  { format }: AnswerForm,
): unknown {
  const alone = (call: () => unknown): unknown => (batched ? batched.alone(call) : call());
  if ('value' in input) return alone(() => algorithm.predict(model, input.value, request));
  if (isSparse(input) && algorithm.predictSparse) return alone(() => algorithm.predictSparse?.(model, input, request));
  const block = isSparse(input) ? densifyRequest(input, algorithm.values) : input;
  if (batched && !isQuick && !request.session && !('own' in format)) return batched.rows(block, request);
  return alone(() => algorithm.predict(model, block, request));
}
