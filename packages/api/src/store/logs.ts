/**
 * What jobs print, as CloudWatch would have it: log events and the values of metrics. Lines are written together after a
 * short while, so that a job that prints much does not make a transaction per line. What cannot be written, as on a full
 * disk, is dropped; a line says so once lines can be written again.
 */
import type { Changes } from './changes.js';
import type { Database } from './database.js';

export interface MetricPlace {
  /** CloudWatch's, e.g. `/aws/sagemaker/TrainingJobs`. */
  readonly namespace: string;
  /** The job's name. */
  readonly resource: string;
}

export interface LogStream {
  write(line: string): void;
  metric(name: string, value: number): void;
  /** Writes what is waiting; never throws. */
  close(): void;
}

export interface Logs {
  /** @param onValues called whenever values of metrics have been written: readers see them then, and not before */
  open(group: string, stream: string, metrics: MetricPlace, onValues?: () => void): LogStream;
  /** Every value of a resource's metric that has been written, in order. */
  values(namespace: string, resource: string, metric: string): number[];
  /** The same, for who asks again and again: each call fetches only what is new. Calls return one array, which grows. */
  reader(namespace: string, resource: string, metric: string): () => readonly number[];
  /** Removes the events of streams `RESOURCE/…` in the group, and the values of the resource's metrics. */
  remove(group: string, resource: string): void;
  /** Removes the values of a resource's metrics alone. */
  removeValues(namespace: string, resource: string): void;
}

/** Readers see a line after this long, at the latest. */
const FLUSH_MS = 50;

export function openLogs({ sql, transaction }: Database, changes: Changes): Logs {
  const insertEvent = sql.prepare('INSERT INTO log_event (log_group, log_stream, at, message) VALUES (?, ?, ?, ?)');
  const insertValue = sql.prepare(
    'INSERT INTO metric_value (namespace, resource, metric, at, value) VALUES (?, ?, ?, ?, ?)',
  );
  const insertGroup = sql.prepare('INSERT OR IGNORE INTO log_group VALUES (?, ?, NULL)');
  const insertStream = sql.prepare('INSERT OR IGNORE INTO log_stream VALUES (?, ?, ?, NULL, NULL)');
  const extendStream = sql.prepare(
    'UPDATE log_stream SET first_at = ifnull(first_at, ?), last_at = ? WHERE log_group = ? AND log_stream = ?',
  );
  // From `RESOURCE/` to `RESOURCE0`, which is next in the order of bytes: a range of the index.
  const ofResource = "log_group = ?1 AND log_stream >= ?2 || '/' AND log_stream < ?2 || '0'";
  const removeStreams = sql.prepare(`DELETE FROM log_stream WHERE ${ofResource}`);
  const removeEvents = sql.prepare(`DELETE FROM log_event WHERE ${ofResource}`);
  const deleteValues = sql.prepare('DELETE FROM metric_value WHERE namespace = ? AND resource = ?');
  const selectValues = sql.prepare(
    'SELECT value FROM metric_value WHERE namespace = ? AND resource = ? AND metric = ? ORDER BY id',
  );
  // From the end of the table, whatever wrote there: the plus signs keep SQLite from an index that has all values of the metric.
  const selectNew = sql.prepare(
    'SELECT value FROM metric_value WHERE id > ?4 AND +namespace = ?1 AND +resource = ?2 AND +metric = ?3 ORDER BY id',
  );
  const selectLast = sql.prepare('SELECT ifnull(max(id), 0) AS id FROM metric_value');
  /** How often values were removed: ids of the last ones are given again, so readers start from the beginning. */
  let removals = 0;
  const valuesOf = (namespace: string, resource: string, metric: string) =>
    selectValues.all(namespace, resource, metric) as unknown as Value[];
  const removeValues = (namespace: string, resource: string) => {
    removals++;
    deleteValues.run(namespace, resource);
  };
  return {
    values: (namespace, resource, metric) => valuesOf(namespace, resource, metric).map(({ value }) => value),
    reader(namespace, resource, metric) {
      let read: number[] = [];
      let [lastId, seen] = [0, -1];
      return () => {
        const isNew = seen !== removals;
        if (isNew) [read, lastId, seen] = [[], 0, removals];
        const found = isNew
          ? valuesOf(namespace, resource, metric)
          : (selectNew.all(namespace, resource, metric, lastId) as unknown as Value[]);
        for (const { value } of found) read.push(value);
        lastId = (selectLast.get() as { id: number }).id; // of any job: no call reads again what others wrote before it
        return read;
      };
    },
    open(group, stream, { namespace, resource }, onValues) {
      const opened = Date.now();
      transaction(() => {
        insertGroup.run(group, opened);
        insertStream.run(group, stream, opened);
      });
      let waiting: (() => void)[] = [];
      let timer: NodeJS.Timeout | undefined;
      let times: { readonly first: number; readonly last: number } | undefined;
      let hasValues = false;
      let lost = 0;
      let cause: unknown;
      const flush = () => {
        clearTimeout(timer);
        timer = undefined;
        const writes = waiting;
        const span = times;
        const hadValues = hasValues;
        waiting = [];
        times = undefined;
        hasValues = false;
        if (writes.length === 0) return;
        try {
          transaction(() => {
            if (lost > 0) insertEvent.run(group, stream, span?.first ?? Date.now(), lossOf(lost, cause));
            for (const write of writes) write();
            if (span !== undefined) extendStream.run(span.first, span.last, group, stream);
          });
          lost = 0;
        } catch (error) {
          lost += writes.length;
          cause = error;
        }
        changes.note({ what: 'log', group, name: stream });
        if (hadValues) onValues?.();
      };
      const later = (write: () => void) => {
        waiting.push(write);
        timer ??= setTimeout(flush, FLUSH_MS);
      };
      return {
        write(line) {
          const at = Date.now();
          times = { first: times?.first ?? at, last: at };
          later(() => insertEvent.run(group, stream, at, line.replaceAll('\t', '#011')));
        },
        metric(name, value) {
          const at = Date.now() / 1000;
          hasValues = true;
          later(() => insertValue.run(namespace, resource, name, at, value));
        },
        close: flush,
      };
    },
    remove(group, resource) {
      removeEvents.run(group, resource);
      removeStreams.run(group, resource);
      removeValues(group, resource);
    },
    removeValues,
  };
}

// --- internal ---

interface Value {
  readonly value: number;
}

function lossOf(count: number, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return `Of this log and its metrics ${count} entries are missing here, as they could not be written: ${reason}.`;
}
