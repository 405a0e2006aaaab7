/** What a job or endpoint printed, for its page: the lines and metric values that came after those it already has. */
import type { Database } from '../store/database.js';
import type { OutputPage } from './answers.js';

export interface OutputQuery {
  /** A log group, which is also the namespace of its metrics. */
  readonly group: string;
  /** The start of the streams' names: `JOB/`; empty for all of the group. */
  readonly stream: string;
  /** Of the metrics. */
  readonly resource: string;
  /** Ids of the last line and the last value that the page has; 0 for none. */
  readonly line: number;
  readonly value: number;
}

export interface Outputs {
  read(query: OutputQuery): OutputPage;
  /** All lines, oldest first. */
  lines(group: string, stream: string): Iterable<string>;
}

const MAX_LINES = 5000;
const MAX_VALUES = 20_000;

export function openOutputs({ sql }: Pick<Database, 'sql'>): Outputs {
  const inStreams = 'log_group = ? AND log_stream >= ? AND log_stream < ?';
  const last = sql.prepare(`SELECT id, at, message FROM log_event WHERE ${inStreams} ORDER BY id DESC LIMIT ?`);
  const next = sql.prepare(`SELECT id, at, message FROM log_event WHERE ${inStreams} AND id > ? ORDER BY id LIMIT ?`);
  const values = sql.prepare(
    'SELECT id, metric, at, value FROM metric_value WHERE namespace = ? AND resource = ? AND id > ? ORDER BY id LIMIT ?',
  );
  return {
    read({ group, stream, resource, line, value }) {
      const end = endOf(stream);
      const found =
        line > 0 ? next.all(group, stream, end, line, MAX_LINES) : last.all(group, stream, end, MAX_LINES).reverse();
      const foundValues = values.all(group, resource, value, MAX_VALUES);
      return {
        lines: found.map(({ id, at, message }) => [id, at, message] as [number, number, string]),
        values: foundValues.map((one) => [one.id, one.metric, one.at, one.value] as [number, string, number, number]),
        isCut: line === 0 && found.length === MAX_LINES,
        hasMore: (line > 0 && found.length === MAX_LINES) || foundValues.length === MAX_VALUES,
      };
    },
    *lines(group, stream) {
      // a statement of its own: one that is run again ends the reader before
      const whole = sql.prepare(`SELECT message FROM log_event WHERE ${inStreams} ORDER BY id`);
      for (const { message } of whole.iterate(group, stream, endOf(stream))) yield String(message);
    },
  };
}

// --- internal ---

/** After all texts that begin with it. */
function endOf(start: string): string {
  return `${start}\u{10FFFF}`;
}
