/**
 * One input file of a batch transform: its records to the server in requests that may overlap, its answers to the
 * output in the order of the input. What is in memory is bounded by the requests in flight, never by the file.
 */
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import type { Answer } from '../endpoint/answer.js';
import type { ExecutionParameters } from '../endpoint/execution-parameters.js';
import { type CallOptions, mediaHeaders, type ServerClient } from '../endpoint/invocation.js';
import { callWithRetries, type RetryPolicy } from '../endpoint/invocation-retry.js';
import { DataError, JobError, messageOf } from '../errors.js';
import { openInput, type TreeFile } from '../files/file-tree.js';
import { makeFolder } from '../files/folder.js';
import { createBodyMemory } from './body-memory.js';
import type { DataProcessor } from './data-processing.js';
import { BYTES_PER_MB, maxBytesOf, payloadsOf } from './file-payloads.js';
import { type AssembleWith, checkRecordCount, type OutputFile, openOutput } from './record-assemble.js';
import type { Payload } from './record-pack.js';
import type { SplitType } from './record-split.js';
import type { Semaphore } from './semaphore.js';

/** What all files of a job share. */
export interface TransformContext {
  readonly client: ServerClient;
  readonly parameters: ExecutionParameters;
  /** Requests in flight over all files: at most MaxConcurrentTransforms. */
  readonly slots: Semaphore;
  readonly splitType: SplitType;
  readonly assembleWith: AssembleWith;
  /** Filters and joins, if there are any. */
  readonly processor: DataProcessor | undefined;
  /** Adds inference ids to the output for a request, if they are asked for. */
  readonly identify: ((output: Buffer) => Buffer) | undefined;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  readonly isGzip: boolean;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
  /** Called after each answer. */
  readonly onAnswer: (records: number, bytes: number) => void;
}

export interface TransformedFile {
  readonly requests: number;
  /** Records in, which equal the records out where the answers can be counted; undefined for whole files. */
  readonly records: number | undefined;
}

/** Of all answers that are awaited at a time, each of which is in memory as a whole. */
const MAX_ANSWERS_BYTES = 1024 * BYTES_PER_MB;

/**
 * Transforms one file. When it fails there is no output file.
 * @throws JobError naming the file and the lines of the request that failed
 */
export async function transformFile(
  file: TreeFile,
  target: string,
  context: TransformContext,
): Promise<TransformedFile> {
  makeFolder(dirname(target));
  const output = await openOutput(target, context.assembleWith);
  try {
    const { maxPayloadInMB, batchStrategy } = context.parameters;
    const isStreamed = maxPayloadInMB === 0 && batchStrategy === 'MultiRecord' && !context.processor;
    const done = isStreamed ? await streamFile(file, output, context) : await sendPayloads(file, output, context);
    await output.finish();
    return done;
  } catch (error) {
    await output.discard();
    throw error;
  }
}

// --- internal ---

/**
 * MaxPayloadInMB 0: the whole file, whatever its size, in one chunked request, and its answer as it comes, so that neither is in
 * memory as a whole. Inference ids need the whole answer.
 */
async function streamFile(file: TreeFile, output: OutputFile, context: TransformContext): Promise<TransformedFile> {
  const release = await context.slots.take();
  try {
    const take = context.identify ? undefined : output.fill;
    const body = () => openInput(file.path, context.isGzip);
    const answer = await invoke(context, body, context.signal, take).catch((error) => {
      throw new JobError(`${file.key}: ${messageOf(error)}`, { cause: error });
    });
    if (!take) await output.append(identified(file, answer.body, context));
    context.onAnswer(0, file.bytes);
    return { requests: 1, records: undefined };
  } finally {
    release();
  }
}

async function sendPayloads(file: TreeFile, output: OutputFile, context: TransformContext): Promise<TransformedFile> {
  const failing = new AbortController();
  const signal = AbortSignal.any([failing.signal, context.signal]);
  const memory = createBodyMemory();
  let written: Promise<void> = Promise.resolve();
  let requests = 0;
  let records = 0;

  /** Takes its turn in `written`: the answer is appended when all before it are. */
  const send = async (payload: Payload, before: Promise<void>) => {
    const bytes = await transformPayload(file, payload, context, signal);
    await before;
    // A header line that was sent alone has no answer, and so no line.
    if (bytes.length > 0 || !isLineByLine(context)) await output.append(bytes);
    context.onAnswer(payload.recordCount, payload.bytes.length);
    memory.giveBack(payload.bytes);
  };

  try {
    for await (const payload of payloadsOf(file, { ...context, memory })) {
      const release = await context.slots.take();
      if (signal.aborted) {
        release();
        break;
      }
      requests++;
      records += payload.recordCount;
      written = send(payload, written).finally(release);
      written.catch((error) => failing.abort(error)); // the first failure remains the reason
    }
    await written;
  } catch (error) {
    // A record that cannot be sent ends the file too, but only after what was sent before it is answered.
    await written.catch(() => undefined);
    throw failing.signal.aborted ? failing.signal.reason : error;
  }
  signal.throwIfAborted();
  return { requests, records: context.splitType === 'None' ? undefined : records };
}

/** Whether each line of the input has a line of the output. */
function isLineByLine({ splitType, assembleWith }: TransformContext): boolean {
  return splitType === 'Line' && assembleWith === 'Line';
}

/** The bytes to write for a payload. */
async function transformPayload(
  file: TreeFile,
  payload: Payload,
  context: TransformContext,
  signal: AbortSignal,
): Promise<Buffer> {
  const { processor } = context;
  const body = processor ? processor.bodyOf(payload, file.key) : payload.bytes;
  const maxBytes = maxBytesOf(context.parameters);
  if (body.length > maxBytes) {
    throw new DataError(
      `${file.key}, from line ${payload.first}: what InputFilter selects must fit in the payload limit of ${maxBytes} bytes; it has ${body.length}.`,
    );
  }
  const answer = await askForPayload(file, { ...payload, bytes: body }, context, signal);
  return identified(file, processor ? processor.outputOf(payload, answer, file.key) : answer, context);
}

function identified(file: TreeFile, output: Buffer, { identify }: TransformContext): Buffer {
  try {
    return identify ? identify(output) : output;
  } catch (error) {
    throw new JobError(`${file.key}: the answer must be JSON; ${messageOf(error)}.`, { cause: error });
  }
}

async function askForPayload(
  file: TreeFile,
  payload: Payload,
  context: TransformContext,
  signal: AbortSignal,
): Promise<Buffer> {
  try {
    const answer = await invoke(context, payload.bytes, signal);
    if (!context.processor?.changesOutput && isLineByLine(context)) {
      checkRecordCount(answer, payload, { sent: context.contentType, isFirst: payload.isFirst });
    }
    return answer.body;
  } catch (error) {
    const unit = context.splitType === 'Line' ? 'line' : 'record';
    const place =
      context.splitType === 'None'
        ? file.key
        : `${file.key}, ${count(payload.recordCount)} from ${unit} ${payload.first}`;
    throw new JobError(withSplitHint(`${place}: ${messageOf(error)}`, context), { cause: error });
  }
}

function invoke(
  context: TransformContext,
  body: Buffer | (() => Readable),
  signal: AbortSignal,
  take?: CallOptions['take'],
): Promise<Answer> {
  const { client, timeoutMs, retry, contentType, accept } = context;
  const headers = mediaHeaders(contentType, accept);
  const maxAnswerBytes = Math.floor(MAX_ANSWERS_BYTES / context.parameters.maxConcurrentTransforms);
  const limits = { timeoutMs, signal, maxAnswerBytes, take };
  return callWithRetries(client, { method: 'POST', path: '/invocations', headers, body, ...limits }, retry);
}

/** Types whose files have no lines. */
const WHOLE_FILES = /^(?:(?:image|audio|video)\/|application\/(?:octet-stream|pdf|x-image|x-npy|x-parquet|zip)\b)/i;

/** The message, and why a file may have failed that was cut where it has no records. */
function withSplitHint(message: string, { contentType, splitType }: TransformContext): string {
  if (splitType === 'None' || !contentType || !WHOLE_FILES.test(contentType)) return message;
  return `${message.replace(/\.$/, '')}. SplitType ${splitType} cuts files into records, which ${contentType} does not have: choose SplitType None (--split-type None).`;
}

function count(records: number): string {
  return `${records} record${records === 1 ? '' : 's'}`;
}
