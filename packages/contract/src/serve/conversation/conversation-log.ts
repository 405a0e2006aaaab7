/** What the log says of each conversation when it is over: a line as that of a request, or the same as facts by name. */
import type { ErrorCode } from '../../errors.js';
import type { Log } from '../../log.js';
import type { RequestCounts } from '../metrics/request-counts.js';
import { CONVERSATION_PATH, CONVERSATION_PLACE } from './path.js';

/** How a conversation went. What it does not have is undefined, and left out of the log. */
export interface ConversationOutcome {
  /** 101, or that of a refusal. */
  readonly status: number;
  /** Messages of the caller. */
  readonly received?: number | undefined;
  /** Messages of the algorithm. */
  readonly sent?: number | undefined;
  /** The code by which the WebSocket was closed. */
  readonly close?: number | undefined;
  /** Inferences that were not reported. */
  readonly unbilled?: number | undefined;
  /** Why it was refused. */
  readonly code?: ErrorCode | undefined;
}

/** @returns what logs and counts one that began at `startedMs`, of `performance.now()` */
export function conversationLog(
  log: Log,
  counts: Pick<RequestCounts, 'count'>,
): (startedMs: number, outcome: ConversationOutcome) => void {
  return (startedMs, { status, code, ...numbers }) => {
    const ms = performance.now() - startedMs;
    counts.count(CONVERSATION_PATH, status, ms, 0);
    if (log.facts) {
      const facts = { method: 'GET', path: CONVERSATION_PATH, status, ms: Number(ms.toFixed(1)), ...numbers, code };
      log.facts({ message: 'request', ...facts });
      return;
    }
    const pairs = Object.entries(numbers).map(([name, value]) => (value === undefined ? '' : ` ${name}=${value}`));
    const reason = code === undefined ? '' : ` ${code}`;
    log.info(`${CONVERSATION_PLACE} ${status} ms=${ms.toFixed(1)}${pairs.join('')}${reason}`);
  };
}
