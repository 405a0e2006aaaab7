/**
 * One line per request: method, path, status, milliseconds, rows. Never the payload, and no message either, because a
 * message quotes values. Pings and scrapes of metrics come every few seconds for years, so only one whose status is
 * another than the last one's is logged.
 */
import type { Log } from '../log.js';
import { type Answer, type Bytes, shorten } from './message.js';
import { ABORTED, type RequestCounts } from './metrics/request-counts.js';
import { pathOf } from './request-target.js';

export interface RequestLog {
  /** Starts the clock; call the result with the answer, or undefined when the caller went away before it. */
  begin(method: string, target: string): (answer: Answer<Bytes> | undefined) => void;
}

/** @param counts gets every request, logged or not */
export function createRequestLog(log: Log, counts: Pick<RequestCounts, 'count'>): RequestLog {
  const lastStatus = new Map<string, number>();
  return {
    begin(method, target) {
      const started = performance.now();
      const path = pathOf(target);
      const name = printable(path);
      return (answer) => {
        const elapsedMs = performance.now() - started;
        counts.count(path, answer?.status ?? ABORTED, elapsedMs, answer?.rows ?? 0);
        if (answer && QUIET.has(name)) {
          if (answer.status === lastStatus.get(name)) return;
          lastStatus.set(name, answer.status);
        }
        const milliseconds = elapsedMs.toFixed(1);
        const rows = answer?.rows === undefined ? '' : ` rows=${answer.rows}`;
        const code = answer?.code === undefined ? '' : ` ${answer.code}`;
        log.info(`${method} ${name} ${answer?.status ?? 'aborted'} ms=${milliseconds}${rows}${code}`);
      };
    },
  };
}

// --- internal ---

const QUIET: ReadonlySet<string> = new Set(['/ping', '/metrics']);

/** The path, cut, and with nothing in it that could pass for another log line. */
function printable(path: string): string {
  return shorten(path.replaceAll(/[^\x21-\x7e]/g, '?'));
}
