/**
 * Predictions on their way out: checked against the declared outputs, then written as JSON, JSON Lines, CSV or
 * RecordIO-protobuf. Columns are written straight into text, a chunk of rows at a time; no row becomes an object. Numbers
 * have as many digits as their type needs to be read back; JSON has no NaN or Infinity, so they become null there.
 */
import type { OutputDefinition, PredictionColumn, Predictions } from '../algorithm.js';
import { AlgorithmError } from '../errors.js';
import { shortFloat32 } from './float32-text.js';
import { encodeRecords } from './recordio/write-predictions.js';

/** The media types that can be written. */
export const PREDICTION_FORMATS = [
  'application/json',
  'application/jsonlines',
  'text/csv',
  'application/x-recordio-protobuf',
] as const;
export type PredictionFormat = (typeof PREDICTION_FORMATS)[number];

type Outputs = Readonly<Record<string, OutputDefinition>>;

/**
 * Holds what `predict` returned to what the definition promises.
 * @throws AlgorithmError E_ALGORITHM on an undeclared, missing or wrongly sized column
 */
export function checkPredictions(predictions: Predictions, rows: number, outputs: Outputs): void {
  const declared = Object.keys(outputs).join(', ');
  for (const [name, column] of Object.entries(predictions)) {
    if (!Object.hasOwn(outputs, name)) {
      throw new AlgorithmError('E_ALGORITHM', `predict: "${name}" is not a declared output; declared: ${declared}.`);
    }
    checkColumn(name, column, rows);
  }
  for (const [name, { optional }] of Object.entries(outputs)) {
    if (!optional && !Object.hasOwn(predictions, name)) {
      throw new AlgorithmError('E_ALGORITHM', `predict: expected a column "${name}"; received none of that name.`);
    }
  }
}

/**
 * The body of an answer, its columns in the order of `outputs`.
 * @param predictions checked; see checkPredictions
 * @param hasFinalNewline whether the last line of CSV and JSON Lines ends with a line feed
 * @param blanks records without a row, by the number of rows before them: blank lines, in a JSON document null
 */
export function encodePredictions(
  predictions: Predictions,
  rows: number,
  outputs: Outputs,
  format: PredictionFormat,
  hasFinalNewline: boolean,
  blanks: Blanks = new Map(),
): Buffer {
  const names = Object.keys(outputs).filter((name) => Object.hasOwn(predictions, name));
  if (format === 'application/x-recordio-protobuf') return encodeRecords(predictions, rows, names);
  const lines: Frame = { before: '', between: '\n', after: hasFinalNewline ? '\n' : '', blank: '' };
  if (format === 'text/csv') {
    const fields = names.map((name, i) => csvField(predictions[name]!, i === 0 ? '' : ','));
    return joinRows(rows, fields, lines, blanks);
  }
  const fields = names.map((name, i) =>
    jsonField(predictions[name]!, `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`),
  );
  const closed = [...fields, () => '}'];
  if (format === 'application/jsonlines') {
    return joinRows(rows, closed, lines, blanks);
  }
  return joinRows(rows, closed, { before: '{"predictions":[', between: ',', after: ']}', blank: 'null' }, blanks);
}

// --- internal ---

/** The text of one row's part that a column contributes. */
type Field = (row: number) => string;

/** Long enough that buffers are few, short enough that the engine's text stays in its young generation. */
const CHUNK_CHARS = 1 << 16;

type Blanks = ReadonlyMap<number, number>;

/** What stands around rows, and for a record without one. */
interface Frame {
  readonly before: string;
  readonly between: string;
  readonly after: string;
  readonly blank: string;
}

function joinRows(rows: number, fields: readonly Field[], frame: Frame, blanks: Blanks): Buffer {
  const chunks: Buffer[] = [];
  let text = frame.before;
  let records = 0;
  for (let row = 0; row <= rows; row++) {
    for (let blank = blanks.get(row) ?? 0; blank > 0; blank--)
      text += (records++ > 0 ? frame.between : '') + frame.blank;
    if (row === rows) break;
    if (records++ > 0) text += frame.between;
    for (const field of fields) text += field(row);
    if (text.length >= CHUNK_CHARS) {
      chunks.push(Buffer.from(text));
      text = '';
    }
  }
  chunks.push(Buffer.from(records > 0 || frame.before !== '' ? text + frame.after : text));
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function jsonField(column: PredictionColumn, key: string): Field {
  if (isTextColumn(column)) return (row) => key + JSON.stringify(column[row]);
  const { values, width } = asList(column);
  const write = values instanceof Float32Array ? jsonFloat32 : jsonNumber;
  if (width === undefined) return (row) => key + write(values[row]!);
  return (row) => `${key}[${joinCells(values, row * width, width, write)}]`;
}

function csvField(column: PredictionColumn, separator: string): Field {
  if (isTextColumn(column)) return (row) => separator + csvText(column[row]!);
  const { values, width } = asList(column);
  const write = values instanceof Float32Array ? float32 : String;
  if (width === undefined) return (row) => separator + write(values[row]!);
  return (row) => separator + joinCells(values, row * width, width, write);
}

/** Numbers and, for a list a row, how many: a width of 1 is one number a row, not a list. */
function asList(column: Exclude<PredictionColumn, readonly string[]>) {
  if (ArrayBuffer.isView(column)) return { values: column, width: undefined };
  return { values: column.values, width: column.width === 1 ? undefined : column.width };
}

function joinCells(values: ArrayLike<number>, start: number, count: number, write: (value: number) => string): string {
  let text = write(values[start]!);
  for (let i = 1; i < count; i++) text += `,${write(values[start + i]!)}`;
  return text;
}

function float32(value: number): string {
  return String(shortFloat32(value));
}

function jsonFloat32(value: number): string {
  return Number.isFinite(value) ? String(shortFloat32(value)) : 'null';
}

function jsonNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null';
}

/** RFC 4180; an empty text is quoted too, so that a record of one field is never a blank line. */
function csvText(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isTextColumn(column: PredictionColumn): column is readonly string[] {
  return Array.isArray(column);
}

function checkColumn(name: string, column: PredictionColumn, rows: number): void {
  if (isTextColumn(column)) {
    const wrong = column.find((value) => typeof value !== 'string');
    if (wrong !== undefined) {
      throw new AlgorithmError('E_ALGORITHM', `predict: "${name}" must hold text only; received ${typeof wrong}.`);
    }
    checkLength(name, column.length, rows);
    return;
  }
  const { values, width } = ArrayBuffer.isView(column) ? { values: column, width: 1 } : column;
  if (!ArrayBuffer.isView(values) || !Number.isInteger(width) || width < 1) {
    throw new AlgorithmError(
      'E_ALGORITHM',
      `predict: "${name}" must be a typed array, a list of text, or { values, width } with width ≥ 1.`,
    );
  }
  checkLength(name, values.length, rows * width);
}

function checkLength(name: string, length: number, expected: number): void {
  if (length === expected) return;
  throw new AlgorithmError('E_ALGORITHM', `predict: "${name}" must have ${expected} values; received ${length}.`);
}
