/** Pages of events, whose tokens are places in the order of time. */
import { ServiceError } from '../service-error.js';
import type { LogEvent, LogPosition } from './log-store.js';

/** Of one answer; each event counts 26 bytes more than its message. */
const MAX_ANSWER_BYTES = 1 << 20;
const EVENT_BYTES = 26;

/** The first events, or the last, that one answer can hold. There is always one. */
export function fitAnswer(events: readonly LogEvent[], keeps: 'first' | 'last'): readonly LogEvent[] {
  const ordered = keeps === 'first' ? events : events.toReversed();
  let bytes = 0;
  const end = ordered.findIndex(({ message }, i) => {
    bytes += Buffer.byteLength(message) + EVENT_BYTES;
    return bytes > MAX_ANSWER_BYTES && i > 0;
  });
  const kept = end < 0 ? ordered : ordered.slice(0, end);
  return keeps === 'first' ? kept : kept.toReversed();
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
