/** Pages of events, whose tokens are places in the order of time. */
import { ServiceError } from '../service-error.js';
import type { LogEvent, LogPosition } from './log-store.js';

/** Of one answer; each event counts 26 bytes more than its message. */
const MAX_ANSWER_BYTES = 1 << 20;
const EVENT_BYTES = 26;

export interface Page {
  readonly events: LogEvent[];
  /** The last event that was looked at; undefined where no other follows. */
  readonly cutAfter: LogEvent | undefined;
}

/** Events that one answer can hold: one at least. Reads up to one more than it looks at, as all together may be large. */
export function fillAnswer(
  events: Iterable<LogEvent>,
  {
    limit,
    maxScanned = Number.POSITIVE_INFINITY,
    matches = () => true,
  }: { readonly limit: number; readonly maxScanned?: number; readonly matches?: (message: string) => boolean },
): Page {
  const kept: LogEvent[] = [];
  let [bytes, scanned] = [0, 0];
  let last: LogEvent | undefined;
  for (const event of events) {
    const isShown = matches(event.message);
    if (isShown) bytes += Buffer.byteLength(event.message) + EVENT_BYTES;
    const isFull = kept.length === limit || (bytes > MAX_ANSWER_BYTES && kept.length > 0);
    if (isFull || scanned === maxScanned) return { events: kept, cutAfter: last };
    if (isShown) kept.push(event);
    last = event;
    scanned++;
  }
  return { events: kept, cutAfter: undefined };
}

/** @param direction `f` for what follows, `b` for what is before */
export function writeToken(direction: string, { at, id }: LogPosition): string {
  return `${direction}/${at}/${id}`;
}

/** @throws ServiceError InvalidParameterException */
export function readToken(token: string): LogPosition & { readonly direction: string } {
  const [, direction, at, id] = /^([fb])\/(-?\d{1,16})\/(-?\d{1,16})$/.exec(token) ?? [];
  if (direction === undefined) {
    throw new ServiceError('InvalidParameterException', `The specified nextToken is invalid: "${token}".`);
  }
  return { direction, at: Number(at), id: Number(id) };
}
