/**
 * One line per request: method, path, status, milliseconds, rows. Never the payload, and no message either, because a
 * message quotes values. Pings come every few seconds for years, so only one whose
 * status is another than the last one's is logged.
 */
import type { Log } from '../log.js';
import { type Answer, type Bytes, shorten } from './message.js';
import { pathOf } from './request-target.js';

export interface RequestLog {
  /** Starts the clock; call the result with the answer, or undefined when the caller went away before it. */
  begin(method: string, target: string): (answer: Answer<Bytes> | undefined) => void;
}

export function createRequestLog(log: Log): RequestLog {
  let lastPing: number | undefined;
  return {
    begin(method, target) {
      const started = performance.now();
      const name = printable(pathOf(target));
      return (answer) => {
        if (name === '/ping' && answer) {
          if (answer.status === lastPing) return;
          lastPing = answer.status;
        }
        const milliseconds = (performance.now() - started).toFixed(1);
        const rows = answer?.rows === undefined ? '' : ` rows=${answer.rows}`;
        const code = answer?.code === undefined ? '' : ` ${answer.code}`;
        log.info(`${method} ${name} ${answer?.status ?? 'aborted'} ms=${milliseconds}${rows}${code}`);
      };
    },
  };
}

// --- internal ---

/** The path, cut, and with nothing in it that could pass for another log line. */
function printable(path: string): string {
  return shorten(path.replaceAll(/[^\x21-\x7e]/g, '?'));
}
