/**
 * One line per request: method, path, status, milliseconds, rows, and the ids that a caller gave it. Never the payload,
 * and no message either, because a message quotes values. Pings and scrapes of metrics come every few seconds for years,
 * so only one whose status is another than the last one's is logged.
 */
import type { Log } from '../log.js';
import { type Answer, type Bytes, type RequestHeaders, shorten } from './message.js';
import { ABORTED, type RequestCounts } from './metrics/request-counts.js';
import { inferenceIdOf, traceFields, traceparentOf } from './request-ids.js';
import { pathOf } from './request-target.js';

export interface RequestLog {
  /** Starts the clock; call the result with the answer, or undefined when the caller went away before it. */
  begin(method: string, target: string, headers: RequestHeaders): (answer: Answer<Bytes> | undefined) => void;
  /** The same for a request that was answered directly, as /ping or /invocations, since `startedMs`. */
  direct(isPing: boolean, headers: RequestHeaders, startedMs: number, answer: Answer | undefined): void;
}

/**
 * @param counts gets every request, logged or not
 * @param logged statuses of paths such as /ping that need not be logged until they change
 */
export function createRequestLog(
  log: Log,
  counts: Pick<RequestCounts, 'count'>,
  logged: ReadonlyMap<string, number> = new Map(),
): RequestLog {
  const lastStatus = new Map(logged);
  const write = log.facts ? writeFacts : writeLine;
  const report = (
    { method, path, name }: RequestName,
    headers: RequestHeaders,
    startedMs: number,
    answer: Answer<Bytes> | undefined,
  ) => {
    const elapsedMs = performance.now() - startedMs;
    counts.count(path, answer?.status ?? ABORTED, elapsedMs, answer?.rows ?? 0);
    if (answer && QUIET.has(name)) {
      if (answer.status === lastStatus.get(name)) return;
      lastStatus.set(name, answer.status);
    }
    write(log, { method, path: name, headers, elapsedMs, answer });
  };
  return {
    begin(method, target, headers) {
      const startedMs = performance.now();
      const path = pathOf(target);
      const request = { method, path, name: printable(path) };
      return (answer) => report(request, headers, startedMs, answer);
    },
    direct: (isPing, headers, startedMs, answer) => report(isPing ? PING : INVOCATION, headers, startedMs, answer),
  };
}

// --- internal ---

interface RequestName {
  readonly method: string;
  readonly path: string;
  /** The path as the log has it. */
  readonly name: string;
}

const PING: RequestName = { method: 'GET', path: '/ping', name: '/ping' };
const INVOCATION: RequestName = { method: 'POST', path: '/invocations', name: '/invocations' };

const QUIET: ReadonlySet<string> = new Set(['/ping', '/metrics']);

/** A request that is done with. */
interface Entry {
  readonly method: string;
  readonly path: string;
  readonly headers: RequestHeaders;
  readonly elapsedMs: number;
  /** Undefined where the caller has left. */
  readonly answer: Answer<Bytes> | undefined;
}

function writeLine(log: Log, { method, path, headers, elapsedMs, answer }: Entry): void {
  const rows = answer?.rows === undefined ? '' : ` rows=${answer.rows}`;
  const code = answer?.code === undefined ? '' : ` ${answer.code}`;
  const inferenceId = inferenceIdOf(headers);
  const traceparent = traceparentOf(headers);
  const id = inferenceId === undefined ? '' : ` id=${inferenceId}`;
  const trace = traceparent === undefined ? '' : ` trace=${traceFields(traceparent).trace_id}`;
  const line = `${method} ${path} ${answer?.status ?? 'aborted'} ms=${elapsedMs.toFixed(1)}${rows}${code}${id}${trace}`;
  if (log.soon) log.soon(line);
  else log.info(line);
}

function writeFacts(log: Log, { method, path, headers, elapsedMs, answer }: Entry): void {
  const traceparent = traceparentOf(headers);
  log.facts?.({
    message: 'request',
    method,
    path,
    status: answer?.status ?? 'aborted',
    ms: Number(elapsedMs.toFixed(1)),
    rows: answer?.rows,
    code: answer?.code,
    inference_id: inferenceIdOf(headers),
    ...(traceparent !== undefined && traceFields(traceparent)),
  });
}

/** The path, cut, and with nothing in it that could pass for another log line. */
function printable(path: string): string {
  return shorten(path.replaceAll(/[^\x21-\x7e]/g, '?'));
}
