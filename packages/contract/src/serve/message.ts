/**
 * A request and its answer as plain values: what travels between the socket, the process that predicts, and a test.
 */
import { ClientError, ContractError, type ErrorCode } from '../errors.js';
import type { Parts } from './part-flow.js';
import type { Pieces } from './pieces.js';
import type { SessionTask } from './sessions/session-rules.js';

/** Headers by lower-case name, as `node:http` has them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The part of a call to /invocations that its answer depends on. Its body is one array where rows are read, and the
 * pieces in which it came on the way there.
 */
export interface InvocationRequest<Body extends Bytes = Uint8Array> {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly accept: string | undefined;
  readonly customAttributes: string | undefined;
  /** As received: NEW_SESSION, or the id of a session. */
  readonly sessionId?: string | undefined;
  /** Of a request that the process which owns the sockets has given to the right worker. */
  readonly session?: SessionTask;
  readonly inferenceId?: string | undefined;
  readonly traceparent?: string | undefined;
  /** Where the body is a part of a longer one: what is before it. */
  readonly part?: BodyPlace | undefined;
  /** Which of many models it is for; undefined: there is one. */
  readonly model?: string;
  readonly body: Body;
}

export interface BodyPlace {
  readonly records: number;
  readonly bytes: number;
  /** Whether the answer must be a part of that to the whole: it is 204 where the model cannot say so. */
  readonly isSpread?: boolean;
}

export type Bytes = Uint8Array | Pieces;

export interface Answer<Body extends Bytes = Uint8Array> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** All of it; of a stream the first part. */
  readonly body: Body;
  /** Of a stream: the parts that follow, as they are made. Whoever has the answer takes all of them, or ends them. */
  readonly rest?: Parts;
  /** Rows predicted, for the log. */
  readonly rows?: number;
  /** What was wrong, for the log. */
  readonly code?: ErrorCode;
  /** To a part of a longer body: whether it began with a header line. */
  readonly hasHeader?: boolean;
}

/** How long anybody waits for an answer. */
export interface Patience {
  /** Aborted when the caller has gone away, or its time is over. */
  readonly signal: AbortSignal;
  /** When the answer, or the first part of a streamed one, must be there: milliseconds since 1970. */
  readonly deadline: number;
}

/** Answers one call; never rejects. */
export type Invoke = (request: InvocationRequest, patience?: Patience) => Promise<Answer>;

/** The same from the process that owns the sockets. @param left gives what is aborted when its caller has gone away */
export type Forward = (request: InvocationRequest<Pieces>, left?: () => AbortSignal) => Promise<Answer<Bytes>>;

/** The one name of custom attributes, in requests and answers. */
export const CUSTOM_ATTRIBUTES_HEADER = 'x-amzn-sagemaker-custom-attributes';

/** Status by code; other errors of the caller are 400, all else 500. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  E_CONTENT_TYPE: 415,
  E_REQUEST_ACCEPT: 406,
  E_REQUEST_SIZE: 413,
  E_REQUEST_METHOD: 405,
  E_REQUEST_ROUTE: 404,
  E_NOT_READY: 503,
  E_BUSY: 503,
  E_TIMEOUT: 504,
  E_MODEL: 500,
  E_MODEL_UNKNOWN: 404,
  E_MODEL_FOLDER: 404,
  E_MODEL_LOADED: 409,
  E_MODEL_MEMORY: 507,
};

/** Answered requests make room within moments. */
const RETRY_AFTER_SECONDS = '1';

const NO_BODY = new Uint8Array(0);
const HIDDEN_CAUSE = 'The request could not be answered because of an error in the container; its log has the details.';

export function emptyAnswer(status: 200 | 204): Answer {
  return { status, headers: {}, body: NO_BODY };
}

export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}

/**
 * The answer that names the problem. An error that is not the caller's to fix gets a general sentence: no stack, path
 * or other inside of the container leaves it.
 */
export function errorAnswer(error: unknown, status = statusOf(error)): Answer {
  const isShown = error instanceof ContractError && status !== 500;
  const code = error instanceof ContractError ? error.code : 'E_ALGORITHM';
  const answer = jsonAnswer(status, { error: { code, message: isShown ? error.message : HIDDEN_CAUSE } });
  const headers = status === 503 ? { ...answer.headers, 'Retry-After': RETRY_AFTER_SECONDS } : answer.headers;
  return { ...answer, headers, code };
}

export function headerText(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.join(', ');
}

/** Text from outside as an error or the log shows it: enough to recognise it. */
export function shorten(text: string): string {
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}…`;
}

// --- internal ---

const SHOWN_CHARS = 80;

function statusOf(error: unknown): number {
  if (!(error instanceof ContractError)) return 500;
  return STATUS_BY_CODE[error.code] ?? (error instanceof ClientError ? 400 : 500);
}
