/** Log groups, streams and events, read and written as CloudWatch Logs does. Jobs write theirs through store/logs.ts. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Database } from '../store/database.js';

export interface LogGroup {
  readonly name: string;
  /** Milliseconds since 1970, as all times here. */
  readonly created: number;
  readonly retentionDays: number | null;
}

export interface LogStreamRow {
  readonly name: string;
  readonly created: number;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}

export interface LogEvent {
  readonly id: number;
  readonly stream: string;
  readonly at: number;
  readonly message: string;
}

/** Where an event is in the order of time; events of one time are in the order in which they came. */
export interface LogPosition {
  readonly at: number;
  readonly id: number;
}

export interface EventRange {
  /** Only events at or after this time. */
  readonly start: number;
  /** Only events before this time. */
  readonly end: number;
  /** Only events after it, or before it for the last ones. */
  readonly from?: LogPosition;
  readonly limit: number;
}

export type LogStore = ReturnType<typeof openLogStore>;

export function openLogStore({ sql, transaction }: Database) {
  const { groups, streams, firstOfStream, lastOfStream, firstOfStreams, firstOfGroup } = prepareReads(sql);
  const write = prepareWrites(sql);
  const place = ({ from = START, start, end, limit }: EventRange) => ({ start, end, at: from.at, id: from.id, limit });
  return {
    /** In order of their names. */
    groups: (prefix: string, part: string, after: string, limit: number) => groups({ prefix, part, after, limit }),
    group: (name: string) =>
      groups({ prefix: name, part: '', after: '', limit: 1 }).find((group) => group.name === name),
    /** False if it exists. */
    addGroup: (name: string, now: number) => write.addGroup({ name, now }) > 0,
    setRetention: (name: string, days: number | null) => void write.setRetention({ name, days }),
    removeGroup: (group: string) =>
      transaction(() => {
        write.removeEvents({ group, stream: null });
        write.removeStreams({ group, stream: null });
        write.removeGroup({ group });
      }),
    /** In order of their names. */
    streams: (group: string, prefix = '') => streams({ group, prefix, limit: NO_LIMIT }),
    stream: (group: string, name: string) =>
      streams({ group, prefix: name, limit: 1 }).find((stream) => stream.name === name),
    /** False if it exists. */
    addStream: (group: string, stream: string, now: number) => write.addStream({ group, stream, now }) > 0,
    removeStream: (group: string, stream: string) =>
      transaction(() => {
        write.removeEvents({ group, stream });
        write.removeStreams({ group, stream });
      }),
    /** @param events in order of time, one or more */
    add: (group: string, stream: string, events: readonly InputEvent[]) =>
      transaction(() => {
        for (const { timestamp, message } of events) write.addEvent({ group, stream, timestamp, message });
        write.extend({ group, stream, first: events[0]!.timestamp, last: events.at(-1)!.timestamp });
      }),
    /** The first events in range, in order of time. */
    first: (group: string, stream: string, range: EventRange) => firstOfStream({ group, stream, ...place(range) }),
    /** The last events in range, the last one first. */
    last: (group: string, stream: string, { from = END, ...range }: EventRange) =>
      lastOfStream({ group, stream, ...place({ from, ...range }) }),
    /** The first events in range of these streams, or of all, in order of time. */
    firstOf: (group: string, names: readonly string[] | undefined, range: EventRange) =>
      names === undefined
        ? firstOfGroup({ group, ...place(range) })
        : firstOfStreams({ group, names: JSON.stringify(names), ...place(range) }),
  };
}

// --- internal ---

const START: LogPosition = { at: -1, id: -1 };
const END: LogPosition = { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };

interface InputEvent {
  readonly timestamp: number;
  readonly message: string;
}

type Values = Record<string, SQLInputValue>;

/** SQLite's. */
const NO_LIMIT = -1;

/** What starts with `:prefix`: up to it with the last code point behind it. */
const startsWith = (column: string) => `${column} >= :prefix AND ${column} <= :prefix || char(1114111)`;

function prepareReads(sql: DatabaseSync) {
  const read = <T>(text: string) => {
    const statement = sql.prepare(text);
    return (values: Values) => statement.all(values) as unknown as T[];
  };
  // One by one, so that a reader may stop: each may have a megabyte.
  const events = (which: string, order: 'ASC' | 'DESC') => {
    const statement = sql.prepare(
      `SELECT id, log_stream AS stream, at, message FROM log_event
       WHERE log_group = :group ${which} AND at >= :start AND at < :end
         AND (at, id) ${order === 'ASC' ? '>' : '<'} (:at, :id)
       ORDER BY at ${order}, id ${order} LIMIT :limit`,
    );
    return (values: Values) => statement.iterate(values) as unknown as Iterable<LogEvent>;
  };
  return {
    groups: read<LogGroup>(
      `SELECT name, created, retention_days AS retentionDays FROM log_group
       WHERE ${startsWith('name')} AND instr(name, :part) > 0 AND name > :after ORDER BY name LIMIT :limit`,
    ),
    streams: read<LogStreamRow>(
      `SELECT log_stream AS name, created, first_at AS firstAt, last_at AS lastAt FROM log_stream
       WHERE log_group = :group AND ${startsWith('log_stream')} ORDER BY log_stream LIMIT :limit`,
    ),
    firstOfStream: events('AND log_stream = :stream', 'ASC'),
    lastOfStream: events('AND log_stream = :stream', 'DESC'),
    firstOfStreams: events('AND log_stream IN (SELECT value FROM json_each(:names))', 'ASC'),
    firstOfGroup: events('', 'ASC'),
  };
}

function prepareWrites(sql: DatabaseSync) {
  const run = (text: string) => {
    const statement = sql.prepare(text);
    return (values: Values) => Number(statement.run(values).changes);
  };
  const where = 'WHERE log_group = :group AND (log_stream = :stream OR :stream IS NULL)';
  return {
    addGroup: run('INSERT OR IGNORE INTO log_group VALUES (:name, :now, NULL)'),
    setRetention: run('UPDATE log_group SET retention_days = :days WHERE name = :name'),
    removeGroup: run('DELETE FROM log_group WHERE name = :group'),
    addStream: run('INSERT OR IGNORE INTO log_stream VALUES (:group, :stream, :now, NULL, NULL)'),
    extend: run(
      `UPDATE log_stream SET first_at = min(ifnull(first_at, :first), :first), last_at = max(ifnull(last_at, :last), :last)
       WHERE log_group = :group AND log_stream = :stream`,
    ),
    removeStreams: run(`DELETE FROM log_stream ${where}`),
    addEvent: run(
      'INSERT INTO log_event (log_group, log_stream, at, message) VALUES (:group, :stream, :timestamp, :message)',
    ),
    removeEvents: run(`DELETE FROM log_event ${where}`),
  };
}
