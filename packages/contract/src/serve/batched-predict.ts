/** `predict` of a definition with batching: requests that are alike are asked together, and each gets its own rows. */
import type { Algorithm } from '../algorithm.js';
import { type BatchRows, createBatcher } from '../batching/batcher.js';
import { type BatchingLimits, batchingLimits, batchingVariables } from '../batching/limits.js';
import { AlgorithmError } from '../errors.js';
import type { Block } from '../formats/block.js';
import { checkPredictions } from '../formats/predictions.js';
import type { Predictions, PredictRequest } from '../prediction.js';
import { definedColumns } from './answer-body.js';
import { isStream } from './streamed-answer.js';

/** The calls of `predict` of one model, of which there is never a second one before the first has settled. */
export interface BatchedPredict {
  /** Predicts the rows of a request, with those of others. */
  rows(block: Block, request: PredictRequest): Promise<Predictions>;
  /** Makes a call that cannot be shared. */
  alone<T>(call: () => T): Promise<Awaited<T>>;
}

/**
 * The limits of a loaded model; undefined where requests are predicted one by one.
 * @param variables of the container
 * @throws AlgorithmError for limits that are none, PlatformError for a variable that is none
 */
export function batchingOf(
  algorithm: Algorithm,
  model: unknown,
  variables: Readonly<Record<string, string>> = {},
): BatchingLimits | undefined {
  const { batching } = algorithm;
  const asked = batching || algorithm.modelBatching ? batchingVariables(variables) : {};
  if (algorithm.modelBatching) {
    const ofModel = algorithm.modelBatching(model, asked);
    return ofModel && batchingLimits(ofModel);
  }
  if (!batching) return undefined;
  const merged = { ...batching, ...asked };
  const { maxRows, maxQueuedRows } = merged;
  return batchingLimits(
    maxQueuedRows === undefined ? merged : { ...merged, maxQueuedRows: Math.max(maxRows, maxQueuedRows) },
  );
}

export function createBatchedPredict(algorithm: Algorithm, model: unknown, limits: BatchingLimits): BatchedPredict {
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(call: () => T): Promise<Awaited<T>> => {
    const result = last.then(call) as Promise<Awaited<T>>;
    last = result.catch(() => {}); // whoever made the call hears of it
    return result;
  };
  const batcher = createBatcher<Asked>(async ({ features, rows, asked }: BatchRows<Asked>) => {
    const block = { ...asked[0]!.block, rows, features, firstLine: 1 };
    const request = together(asked.map((one) => one.request));
    const predicted = await alone(() => algorithm.predict(model, block, request));
    if (isStream(predicted)) throw streamed();
    const predictions = definedColumns(predicted);
    checkPredictions(predictions, rows, algorithm.modelOutputs?.(model) ?? algorithm.outputs);
    return predictions;
  }, limits);
  return {
    rows(block, request) {
      const { features, rows, columns } = block;
      const { signal } = request;
      return batcher.submit({ features, rows, columns, key: keyOf(block, request), asked: { block, request }, signal });
    },
    alone,
  };
}

// --- internal ---

interface Asked {
  readonly block: Block;
  readonly request: PredictRequest;
}

/** All that `predict` gets besides the numbers. */
function keyOf({ columnNames }: Block, request: PredictRequest): string {
  const { accept, contentType, outputs, customAttributes } = request;
  return JSON.stringify([accept, contentType, outputs, customAttributes, columnNames]);
}

/** One request for several that are alike: given up when all of them are, and due with the first. */
function together(requests: readonly PredictRequest[]): PredictRequest {
  const [first] = requests;
  if (!first || requests.length === 1) return first!;
  return {
    contentType: first.contentType,
    accept: first.accept,
    outputs: first.outputs,
    customAttributes: first.customAttributes,
    session: undefined,
    inferenceId: undefined,
    traceparent: undefined,
    isBatch: first.isBatch,
    deadline: requests.reduce((earliest, { deadline }) => Math.min(earliest, deadline), Number.POSITIVE_INFINITY),
    get signal() {
      return abortedWithAll(requests.map(({ signal }) => signal));
    },
    setCustomAttributes: (value) => {
      for (const request of requests) request.setCustomAttributes(value);
    },
  };
}

function abortedWithAll(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  let waiting = signals.filter(({ aborted }) => !aborted).length;
  if (waiting === 0) controller.abort();
  for (const signal of signals) {
    const leave = () => {
      waiting -= 1;
      if (waiting === 0) controller.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
  }
  return controller.signal;
}

function streamed(): AlgorithmError {
  return new AlgorithmError(
    'E_ALGORITHM',
    'predict: expected columns, since requests are predicted together (batching); received a stream.',
  );
}
