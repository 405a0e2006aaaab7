/**
 * A body of any length answered in constant memory (batch transform with MaxPayloadInMB 0): it is cut between records into
 * parts, each a request of its own to the workers, a few at a time, and their answers follow one another as one. This process
 * looks for the ends of records only. An error in the first part is a normal answer; a later one cuts the answer.
 */
import { AlgorithmError, ClientError, type ErrorCode, PlatformError } from '../../errors.js';
import type { DocumentFrame } from '../../formats/format.js';
import { ruleOf } from '../bad-records/gaps.js';
import type { Answer, Bytes, Forward, InvocationRequest } from '../message.js';
import { METERING_HEADER } from '../metering.js';
import type { Parts } from '../part-flow.js';
import { joined, type Pieces } from '../pieces.js';
import type { RequestHead } from '../worker-message.js';
import { createAnswerSpool } from './answer-spool.js';
import { type BodyPart, type BodySource, createPartReader } from './body-parts.js';
import { unpackedSource } from './packed-source.js';
import { headerLineOf, type StreamPlan, withHeader } from './stream-plan.js';

export interface StreamOptions {
  readonly invoke: Forward;
  /** Parts that may be asked for at a time. */
  readonly ahead: number;
  /** See createPartReader. */
  readonly partBytes?: number;
}

/** @throws what `source` throws before there is an answer */
export async function streamBody(
  { contentEncoding, ...head }: RequestHead,
  plan: StreamPlan,
  sent: BodySource,
  { invoke, ahead, partBytes }: StreamOptions,
  left?: () => AbortSignal,
): Promise<Answer<Bytes>> {
  const request: RequestHead = { ...head, contentEncoding: plan.packing ? undefined : contentEncoding };
  const source = plan.packing ? unpackedSource(sent, plan.packing) : sent;
  let isLong = false;
  try {
    const nextPart = createPartReader(source, plan.createCutter(), partBytes);
    const first = await nextPart();
    if (!first || first.isLast) return await invoke({ ...request, body: first?.pieces ?? [] }, left);
    const begun = await invoke({ ...request, part: placeOf(first), body: first.pieces }, left);
    if (begun.status >= 400) return begun;
    isLong = true;
    const requestOf = laterRequests(request, plan, first, begun.hasHeader ?? false);
    const ask = (asked: InvocationRequest<Pieces>) => invoke(asked, left);
    return answerOf(begun, plan, { nextPart, requestOf, ask, ahead, close: () => source.close?.() });
  } finally {
    if (!isLong) source.close?.();
  }
}

// --- internal ---

const BUSY = 503;

/** What follows the first part. */
interface LaterParts {
  nextPart(): Promise<BodyPart | undefined>;
  requestOf(part: BodyPart): InvocationRequest<Pieces>;
  ask(request: InvocationRequest<Pieces>): Promise<Answer<Bytes>>;
  readonly ahead: number;
  /** No more is read. */
  close(): void;
}

/** The one answer, whose rest is made while it is taken. @param begun the answer to the first part */
function answerOf(begun: Answer<Bytes>, { frame, contentType }: StreamPlan, parts: LaterParts): Answer<Bytes> {
  const spool = createAnswerSpool();
  const write = joinAnswers(frame, spool.push);
  let rows = begun.rows ?? 0;
  let isLeft = false;
  const run = async () => {
    await write(begun);
    await askInOrder(
      parts,
      () => isLeft,
      async (answer) => {
        rows += answer.rows ?? 0;
        await write(answer);
      },
    );
    await spool.push(Buffer.from(frame?.after ?? ''));
  };
  const done = run()
    .then(
      () => spool.end(),
      (error: unknown) => spool.end(error),
    )
    .finally(parts.close);
  const rest: Parts = {
    async next() {
      const value = await spool.next();
      return value ? { value, done: false } : { value: undefined, done: true };
    },
    async return() {
      isLeft = true;
      await spool.close();
      await done;
    },
  };
  const { [METERING_HEADER]: _ofFirst, ...headers } = begun.headers;
  return {
    status: 200,
    headers: { ...headers, 'Content-Type': contentType },
    body: [],
    rest,
    get rows() {
      return rows;
    },
  };
}

/** Asks for parts ahead of the one whose answer is taken next. @throws the error that a part is answered with */
async function askInOrder(
  { nextPart, requestOf, ask, ahead }: LaterParts,
  isLeft: () => boolean,
  take: (answer: Answer<Bytes>) => Promise<void>,
): Promise<void> {
  const waiting: { readonly request: InvocationRequest<Pieces>; readonly answer: Promise<Answer<Bytes>> }[] = [];
  try {
    for (let isRead = false; !isLeft(); ) {
      while (!isRead && waiting.length < ahead) {
        const part = await nextPart();
        isRead = part === undefined || part.isLast;
        if (!part) break;
        const request = requestOf(part);
        waiting.push({ request, answer: ask(request) });
      }
      const next = waiting.shift();
      if (!next) return;
      let answer = await next.answer;
      if (answer.status === BUSY) {
        // The others may be why: they are answered first.
        await Promise.all(waiting.map((one) => one.answer));
        answer = await ask(next.request);
      }
      if (answer.status >= 400) throw problemOf(answer);
      await take(answer);
    }
  } finally {
    for (const one of waiting) void one.answer.then(({ rest }) => rest?.return()).catch(ignore);
  }
}

/** The requests of parts behind the first one, each with the header line of the whole body. */
function laterRequests(request: RequestHead, plan: StreamPlan, first: BodyPart, hasHeader: boolean) {
  const header = hasHeader && plan.header !== 'absent' ? headerLineOf(first.pieces) : undefined;
  const later = withHeader(request, plan, hasHeader);
  return (part: BodyPart): InvocationRequest<Pieces> => {
    const place = placeOf(part);
    if (!header) return { ...later, part: place, body: part.pieces };
    return { ...later, part: { ...place, records: place.records - 1 }, body: [header, ...part.pieces] };
  };
}

function placeOf({ recordsBefore, bytesBefore }: BodyPart) {
  return { records: recordsBefore, bytes: bytesBefore };
}

/** Writes answers of parts one after another, as one document where the format has one. */
function joinAnswers(frame: DocumentFrame | undefined, push: (bytes: Uint8Array) => Promise<void>) {
  let hasRows = false;
  let isBegun = false;
  return async ({ body, rest }: Answer<Bytes>) => {
    if (!isBegun) await push(Buffer.from(frame?.before ?? ''));
    isBegun = true;
    let isSeparated = !hasRows;
    const add = async (bytes: Uint8Array) => {
      if (bytes.length === 0) return;
      if (!isSeparated) await push(Buffer.from(frame?.between ?? ''));
      isSeparated = hasRows = true;
      await push(bytes);
    };
    for (const piece of asPieces(body)) await add(piece);
    try {
      for (let part = await rest?.next(); part && !part.done; part = await rest?.next()) await add(part.value);
    } catch (error) {
      await rest?.return().catch(ignore);
      throw error;
    }
  };
}

function asPieces(body: Bytes): Pieces {
  return body instanceof Uint8Array ? [body] : body;
}

/** What a caller would have read, for the log: the place and the rule, without the value. */
function problemOf({ status, body }: Answer<Bytes>): Error {
  const { error } = JSON.parse(Buffer.from(joined(asPieces(body))).toString()) as {
    readonly error: { readonly code: ErrorCode; readonly message: string };
  };
  const Problem = status < 500 ? ClientError : status === BUSY ? PlatformError : AlgorithmError;
  return new Problem(error.code, ruleOf(error));
}

function ignore(): void {}
