/**
 * Predictions as RecordIO-protobuf: a record per row whose `label` map has a tensor by output name (`score`, …), as the
 * service's own algorithms answer. float64 columns become Float64Tensors, float32 Float32Tensors, int32 Int32Tensors, and
 * text Bytes. The record of a bad one has no label, and what is wrong as JSON in its metadata. Source: AWS guide, "Common Data Formats for Inference"; record.ts for the schema.
 */
import type { PredictionColumn, Predictions } from '../../prediction.js';
import type { AnswerLayout } from '../format.js';
import { badRecord } from '../json/write-predictions.js';
import { asList, isTexts } from '../text/write-rows.js';
import { HEADER_BYTES, MAGIC, padded } from './frames.js';

/** The body of an answer, its keys in the order of `names`. */
export function encodeRecords(
  predictions: Predictions,
  rows: number,
  names: readonly string[],
  { gaps }: AnswerLayout,
): Buffer {
  const fields = names.map((name) => createField(name, predictions[name]!));
  const out = createOutput();
  for (let row = 0; row <= rows; row++) {
    for (const gap of gaps.get(row) ?? []) if (gap !== 'blank') writeMetadata(badRecord(gap), out);
    if (row === rows) break;
    const length = fields.reduce((sum, field) => sum + field.size(row), 0);
    const end = out.reserve(HEADER_BYTES + padded(length));
    out.uint32(MAGIC);
    out.uint32(length);
    for (const field of fields) field.write(row, out);
    out.padTo(end);
  }
  return out.done();
}

// --- internal ---

function writeMetadata(text: string, out: Output): void {
  const bytes = Buffer.from(text);
  const length = 1 + withLength(bytes.length);
  const end = out.reserve(HEADER_BYTES + padded(length));
  out.uint32(MAGIC);
  out.uint32(length);
  out.byte(METADATA);
  out.varint(bytes.length);
  out.bytes(bytes);
  out.padTo(end);
}

/** One output's entry in the label map of each record. */
interface Field {
  /** Bytes that it takes in the record of `row`. */
  size(row: number): number;
  write(row: number, out: Output): void;
}

// Tags: field number × 8 + wire type, for records, map entries, values, tensors.
const LABEL = 0x12;
const METADATA = 0x22;
const ENTRY_KEY = 0x0a;
const ENTRY_VALUE = 0x12;
const VALUES = 0x0a;
const FLOAT32_TENSOR = 0x12;
const FLOAT64_TENSOR = 0x1a;
const INT32_TENSOR = 0x3a;
const BYTES = 0x4a;

/** The tensor, or the Bytes, of a row. */
interface Content {
  readonly valueTag: number;
  size(row: number): number;
  write(row: number, out: Output): void;
}

function createField(name: string, column: PredictionColumn): Field {
  const key = Buffer.from(name);
  const content = contentOf(column);
  // label { key, value { tensor { values } } }, from the inside out.
  const value = (row: number) => 1 + withLength(content.size(row));
  const entry = (row: number) => 1 + withLength(key.length) + 1 + withLength(value(row));
  return {
    size: (row) => 1 + withLength(entry(row)),
    write(row, out) {
      out.byte(LABEL);
      out.varint(entry(row));
      out.byte(ENTRY_KEY);
      out.varint(key.length);
      out.bytes(key);
      out.byte(ENTRY_VALUE);
      out.varint(value(row));
      out.byte(content.valueTag);
      out.varint(content.size(row));
      content.write(row, out);
    },
  };
}

function contentOf(column: PredictionColumn): Content {
  const { values, width = 1 } = asList(column);
  if (isTexts(values)) return bytesOf(values, width);
  const packed = packedOf(values, width);
  return {
    valueTag: packed.valueTag,
    size: (row) => 1 + withLength(packed.size(row)),
    write(row, out) {
      out.byte(VALUES);
      out.varint(packed.size(row));
      packed.write(row, out);
    },
  };
}

/** Bytes { repeated bytes value = 1 } */
function bytesOf(texts: readonly string[], width: number): Content {
  const values = texts.map((text) => Buffer.from(text));
  const ofRow = (row: number) => values.slice(row * width, (row + 1) * width);
  return {
    valueTag: BYTES,
    size: (row) => ofRow(row).reduce((sum, value) => sum + 1 + withLength(value.length), 0),
    write(row, out) {
      for (const value of ofRow(row)) {
        out.byte(VALUES);
        out.varint(value.length);
        out.bytes(value);
      }
    },
  };
}

/** The numbers of a row, without the tag and length that are before them. */
function packedOf(values: Float64Array | Float32Array | Int32Array, width: number): Content {
  const each = (row: number, visit: (value: number) => void) => {
    for (let i = row * width; i < (row + 1) * width; i++) visit(values[i]!);
  };
  if (values instanceof Int32Array) {
    const size = (row: number) => {
      let bytes = 0;
      each(row, (value) => {
        bytes += varintSize(value);
      });
      return bytes;
    };
    return { valueTag: INT32_TENSOR, size, write: (row, out) => each(row, out.varint) };
  }
  const isSingle = values instanceof Float32Array;
  return {
    valueTag: isSingle ? FLOAT32_TENSOR : FLOAT64_TENSOR,
    size: () => width * values.BYTES_PER_ELEMENT,
    write: (row, out) => each(row, isSingle ? out.float32 : out.float64),
  };
}

function withLength(size: number): number {
  return varintSize(size) + size;
}

/** A negative int32 is written as the 64-bit number it is: ten bytes. */
function varintSize(value: number): number {
  return value < 0 ? 10 : Math.ceil((32 - Math.clz32(value | 1)) / 7);
}

type Output = ReturnType<typeof createOutput>;

/** Bytes that grow. */
function createOutput() {
  let bytes = Buffer.alloc(64 * 1024);
  let view = new DataView(bytes.buffer, bytes.byteOffset);
  let position = 0;
  return {
    /** Makes room; returns where it ends. */
    reserve(count: number): number {
      const end = position + count;
      if (end > bytes.length) {
        const larger = Buffer.alloc(Math.max(end, bytes.length * 2));
        bytes.copy(larger, 0, 0, position);
        bytes = larger;
        view = new DataView(bytes.buffer, bytes.byteOffset);
      }
      return end;
    },
    byte(value: number): void {
      bytes[position++] = value;
    },
    bytes(value: Uint8Array): void {
      bytes.set(value, position);
      position += value.length;
    },
    uint32(value: number): void {
      view.setUint32(position, value, true);
      position += 4;
    },
    float32(value: number): void {
      view.setFloat32(position, value, true);
      position += 4;
    },
    float64(value: number): void {
      view.setFloat64(position, value, true);
      position += 8;
    },
    varint(value: number): void {
      let low = value >>> 0;
      let left = value < 0 ? 10 : varintSize(value);
      // The sign fills the upper 32 bits.
      let high = value < 0 ? 0xffffffff : 0;
      while (left-- > 1) {
        bytes[position++] = (low & 0x7f) | 0x80;
        low = ((low >>> 7) | (high << 25)) >>> 0;
        high >>>= 7;
      }
      bytes[position++] = low & 0x7f;
    },
    /** The bytes up to `end` are zeros already. */
    padTo(end: number): void {
      position = end;
    },
    done: () => bytes.subarray(0, position),
  };
}
