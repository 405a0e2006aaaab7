/** Rows on their way into a request and out of an answer, in whatever formats an algorithm declares. */
import type { Algorithm } from '../../algorithm.js';
import { isMissingText } from '../../formats/categories/missing.js';
import { formatName, parseContentType } from '../../formats/formats.js';
import { readHeader } from '../../formats/npy/header.js';
import type { InvokeAnswer, InvokeRequest } from '../invoke.js';

/** The rows of a check: numbers and texts; null is a missing value. */
export type SampleRows = readonly (readonly (number | string | null)[])[];

/** Of CSV without a header and without quotes. */
export function parseRows(text: string): SampleRows {
  const lines = text.trimEnd().split(/\r?\n/);
  return lines.map((line) => line.split(',').map((field) => cellOf(field.trim())));
}

function cellOf(field: string): number | string | null {
  if (isMissingText(field)) return null;
  const number = Number(field);
  return Number.isNaN(number) ? field : number;
}

/** Formats that rows can be written in here, among those that the algorithm reads. */
export function writableInputs({ contentTypes }: Pick<Algorithm, 'contentTypes'>): string[] {
  return names(contentTypes.input).filter((type) => Object.hasOwn(WRITERS, type));
}

/** The format among those that the algorithm writes whose records say most; undefined where none can be read here. */
export function readableOutput({ contentTypes }: Pick<Algorithm, 'contentTypes'>): string | undefined {
  const declared = names(contentTypes.output);
  return READABLE.find((type) => declared.includes(type));
}

export function requestOf(contentType: string, rows: SampleRows): Pick<InvokeRequest, 'contentType' | 'body'> {
  return { contentType, body: WRITERS[contentType]!(rows) };
}

/** Whether the records of this format have the names of outputs. */
export function hasNames(type: string): boolean {
  return type !== CSV;
}

/** The records of an answer; a CSV line is its fields. */
export function parseRecords({ headers, body }: InvokeAnswer): Record<string, unknown>[] {
  const type = formatName(parseContentType(headers['Content-Type'] ?? '')?.type ?? '');
  if (type === JSON_TYPE) return (JSON.parse(body) as { predictions: Record<string, unknown>[] }).predictions;
  const lines = body.trimEnd().split('\n');
  if (type === CSV) return lines.map((line) => ({ ...line.split(',') }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** How many records an answer has; undefined for RecordIO, which is checked where it is written. */
export function countRecords(answer: InvokeAnswer): number | undefined {
  const type = formatName(parseContentType(answer.headers['Content-Type'] ?? '')?.type ?? '');
  if (type === RECORDIO) return undefined;
  if (type !== NPY) return parseRecords(answer).length;
  const header = readHeader(answer.bytes, 0, answer.bytes.length, 'answer');
  return typeof header === 'number' ? 0 : header.shape[0];
}

// --- internal ---

const CSV = 'text/csv';
const JSON_TYPE = 'application/json';
const JSON_LINES = 'application/jsonlines';
const RECORDIO = 'application/x-recordio-protobuf';
const NPY = 'application/x-npy';
const READABLE = [JSON_LINES, JSON_TYPE, CSV];

const WRITERS: Readonly<Record<string, (rows: SampleRows) => string>> = {
  [CSV]: (rows) => rows.map((row) => row.map((value) => value ?? '').join(',')).join('\n'),
  [JSON_TYPE]: (rows) => JSON.stringify({ instances: rows.map((features) => ({ features })) }),
  [JSON_LINES]: (rows) => rows.map((features) => JSON.stringify({ features })).join('\n'),
};

function names(types: readonly string[]): string[] {
  return types.map((text) => formatName(parseContentType(text)?.type ?? ''));
}
