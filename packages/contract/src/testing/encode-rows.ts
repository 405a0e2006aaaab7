/**
 * Rows as a file of a channel, in the formats that text, protobuf and NumPy make: the inverse of what channels read, for
 * tests and sample data. RecordIO is written as SageMaker's own writers do, with flag 0 for whole records.
 * Source: AWS guide, "Common Data Formats for Training"; formats/recordio/record.ts for the schema.
 */
import { npyHeader } from '../formats/npy/write-predictions.js';
import { HEADER_BYTES, MAGIC, padded } from '../formats/recordio/frames.js';
import type { TableRows } from './memory-channel.js';

export type EncodedType =
  | 'text/csv'
  | 'application/jsonlines'
  | 'application/json'
  | 'text/libsvm'
  | 'application/x-recordio-protobuf'
  | 'application/x-npy';

export interface EncodeOptions {
  /** Columns of a row that are labels, first; default 1. libsvm has one. */
  readonly labelCount?: number;
  /** Names of all columns: a header line of CSV, records of JSON. */
  readonly names?: readonly string[];
  /** Of the tensors of RecordIO-protobuf; default 'float32', as most writers have it. */
  readonly precision?: 'float32' | 'float64';
  /** Whether tensors have keys and leave out what is missing; default false. libsvm leaves it out in any case. */
  readonly isSparse?: boolean;
}

/**
 * The rows in the format of a media type, missing values as NaN.
 * @throws RangeError for libsvm with another number of labels than one
 */
export function encodeRows(type: EncodedType, rows: TableRows, options: EncodeOptions = {}): Buffer {
  const { labelCount = 1, names } = options;
  switch (type) {
    case 'text/csv':
      return lines([...(names ? [names.join(',')] : []), ...rows.map((row) => row.map(csvField).join(','))]);
    case 'application/jsonlines':
      return lines(rows.map((row) => JSON.stringify(jsonRow(row, names))));
    case 'application/json':
      return Buffer.from(JSON.stringify(rows.map((row) => jsonRow(row, names))));
    case 'text/libsvm':
      if (labelCount !== 1) throw new RangeError(`libsvm must have one label; received ${labelCount}.`);
      return lines(rows.map(([label, ...features]) => [label, ...features.flatMap(entryOf)].join(' ')));
    case 'application/x-recordio-protobuf':
      return Buffer.concat(rows.map((row) => framed(recordOf(row, options))));
    case 'application/x-npy':
      return Buffer.concat([
        npyHeader('<f8', `(${rows.length}, ${rows[0]?.length ?? 0})`),
        Buffer.from(Float64Array.from(rows.flat()).buffer),
      ]);
  }
}

// --- internal ---

function lines(texts: readonly string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\n`).join(''));
}

function csvField(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}

/** JSON.stringify writes null for what is missing. */
function jsonRow(row: readonly number[], names: readonly string[] | undefined): unknown {
  return names ? Object.fromEntries(names.map((name, column) => [name, row[column]])) : row;
}

function entryOf(value: number, index: number): string[] {
  return Number.isNaN(value) ? [] : [`${index}:${value}`];
}

// Tags of protobuf: field number × 8 + wire type.
const FEATURES = 0x0a;
const LABEL = 0x12;
const ENTRY_KEY = 0x0a;
const ENTRY_VALUE = 0x12;
const TENSOR = { float32: 0x12, float64: 0x1a } as const;
const VALUES = 0x0a;
const KEYS = 0x12;
const SHAPE = 0x1a;
/** The key of the map that algorithms look for. */
const MAP_KEY = Buffer.from('values');

function recordOf(row: readonly number[], { labelCount = 1, precision = 'float32', isSparse }: EncodeOptions): Buffer {
  const features = row.slice(labelCount);
  const present = features.flatMap((value, key) => (isSparse && Number.isNaN(value) ? [] : [[key, value] as const]));
  const parts = [
    member(
      VALUES,
      packed(
        present.map(([, value]) => value),
        precision,
      ),
    ),
  ];
  if (isSparse) {
    parts.push(
      member(KEYS, Buffer.concat(present.map(([key]) => varint(key)))),
      member(SHAPE, varint(features.length)),
    );
  }
  const labels = member(VALUES, packed(row.slice(0, labelCount), precision));
  return Buffer.concat([
    mapEntry(FEATURES, member(TENSOR[precision], Buffer.concat(parts))),
    mapEntry(LABEL, member(TENSOR[precision], labels)),
  ]);
}

function mapEntry(tag: number, value: Buffer): Buffer {
  return member(tag, Buffer.concat([member(ENTRY_KEY, MAP_KEY), member(ENTRY_VALUE, value)]));
}

function member(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag), varint(content.length), content]);
}

function packed(values: readonly number[], precision: 'float32' | 'float64'): Buffer {
  const numbers = precision === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
  return Buffer.from(numbers.buffer);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

function framed(payload: Buffer): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + padded(payload.length));
  frame.writeUInt32LE(MAGIC);
  frame.writeUInt32LE(payload.length, 4);
  payload.copy(frame, HEADER_BYTES);
  return frame;
}
