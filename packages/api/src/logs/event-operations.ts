/** PutLogEvents, GetLogEvents and FilterLogEvents. */
import type { Operation } from '../protocol/run-operation.js';
import { ServiceError } from '../service-error.js';
import { fillAnswer, readToken, writeToken } from './event-pages.js';
import { compileFilter } from './filter-pattern.js';
import { requireGroup, requireStream } from './group-operations.js';
import type { FilterEventsRequest, GetEventsRequest, PutEventsRequest } from './log-requests.js';
import type { LogEvent, LogStore } from './log-store.js';

/** Of one answer; Amazon CloudWatch Logs API Reference. */
const MAX_EVENTS = 10_000;
/** Events that one FilterLogEvents looks at; what matches further on is on the next page. */
const MAX_SCANNED = 50_000;
const MAX_EVENT_BYTES = 1 << 20;
const FAR = Number.MAX_SAFE_INTEGER;

export function eventOperations(store: LogStore): Readonly<Record<string, Operation>> {
  return {
    PutLogEvents: ({ logGroupName, logStreamName, logEvents }: PutEventsRequest) => {
      requireStream(store, logGroupName, logStreamName);
      checkEvents(logEvents);
      store.add(logGroupName, logStreamName, logEvents);
      return { nextSequenceToken: String(Date.now()) };
    },
    GetLogEvents: (request: GetEventsRequest) => getEvents(store, request),
    FilterLogEvents: (request: FilterEventsRequest) => filterEvents(store, request),
  };
}

// --- internal ---

function getEvents(store: LogStore, request: GetEventsRequest) {
  const { logStreamName, startTime = 0, endTime = FAR, limit = MAX_EVENTS, startFromHead = false, nextToken } = request;
  const group = requireGroup(store, request);
  requireStream(store, group, logStreamName);
  const token = nextToken === undefined ? undefined : readToken(nextToken);
  const range = { start: startTime, end: endTime, limit, ...(token && { from: token }) };
  const isForward = token === undefined ? startFromHead : token.direction === 'f';
  const { events } = fillAnswer((isForward ? store.first : store.last)(group, logStreamName, range), { limit });
  if (!isForward) events.reverse();
  // At an end of the stream clients get the token back that they sent, and stop.
  const place = token ?? (isForward ? { at: -1, id: -1 } : { at: FAR, id: FAR });
  return {
    events: events.map(({ at, message }) => ({ timestamp: at, message: shown(message), ingestionTime: at })),
    nextForwardToken: writeToken('f', events.at(-1) ?? (token || isForward ? place : { at: -1, id: -1 })),
    nextBackwardToken: writeToken('b', events[0] ?? place),
  };
}

function filterEvents(store: LogStore, request: FilterEventsRequest) {
  const { startTime = 0, endTime = FAR - 1, limit = MAX_EVENTS, filterPattern = '', nextToken } = request;
  const { logStreamNames, logStreamNamePrefix } = request;
  if (logStreamNames !== undefined && logStreamNamePrefix !== undefined) {
    throw new ServiceError('InvalidParameterException', 'Either logStreamNames or logStreamNamePrefix must be given.');
  }
  const group = requireGroup(store, request);
  const matches = compileFilter(filterPattern);
  const names =
    logStreamNamePrefix === undefined
      ? logStreamNames
      : store.streams(group, logStreamNamePrefix).map(({ name }) => name);
  // Here an event at the end of the range is in it; for GetLogEvents it is not.
  const range = { start: startTime, end: endTime + 1, ...(nextToken !== undefined && { from: readToken(nextToken) }) };
  const found = store.firstOf(group, names, { ...range, limit: MAX_SCANNED + 1 });
  const { events, cutAfter } = fillAnswer(found, { limit, matches, maxScanned: MAX_SCANNED });
  return {
    events: events.map((event) => describeEvent(event)),
    searchedLogStreams: [],
    ...(cutAfter && { nextToken: writeToken('f', cutAfter) }),
  };
}

function describeEvent({ id, stream, at, message }: LogEvent) {
  return { logStreamName: stream, timestamp: at, message: shown(message), ingestionTime: at, eventId: String(id) };
}

/** CloudWatch has no empty message; jobs print empty lines. */
function shown(message: string): string {
  return message === '' ? ' ' : message;
}

function checkEvents(events: PutEventsRequest['logEvents']): void {
  const isOrdered = events.every(({ timestamp }, i) => i === 0 || timestamp >= events[i - 1]!.timestamp);
  if (!isOrdered) {
    const message = 'Log events in a single PutLogEvents request must be in chronological order.';
    throw new ServiceError('InvalidParameterException', message);
  }
  const large = events.findIndex(({ message }) => Buffer.byteLength(message) > MAX_EVENT_BYTES);
  if (large < 0) return;
  throw new ServiceError(
    'InvalidParameterException',
    `Log event too large: logEvents.${large} exceeds limit of ${MAX_EVENT_BYTES}`,
  );
}
