/** Rows as text: CSV, the two shapes of JSON that clients send, JSON Lines and libsvm. */
import type { Row, Rows } from './rows.ts';

/** As SageMaker has it: no header, and in training the label first, which is where the source tables have it. */
export function csv(rows: Rows): string {
  return rows.map((row) => `${row.join(',')}\n`).join('');
}

export function crlf(rows: Rows): string {
  return csv(rows).replaceAll('\n', '\r\n');
}

/** The shape of a row among the instances of a request. */
type Instance = (row: Row) => object;
export const flat: Instance = (row) => ({ features: row });
export const nested: Instance = (row) => ({ data: { features: { values: row } } });

export const json = (instance: Instance) => (rows: Rows) => `${JSON.stringify({ instances: rows.map(instance) })}\n`;

export const jsonLines = (instance: Instance) => (rows: Rows) =>
  rows.map((row) => `${JSON.stringify(instance(row))}\n`).join('');

/** Without labels, columns counted from 0, zeros left out. */
export function libsvm(rows: Rows): string {
  const line = (row: Row) => row.flatMap((value, column) => (value ? [`${column}:${value}`] : [])).join(' ');
  return rows.map((row) => `${line(row)}\n`).join('');
}
