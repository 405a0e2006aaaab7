/**
 * Rows as RecordIO-protobuf, SageMaker's own binary format: each a record whose features are a Float32Tensor.
 *
 *   record of RecordIO   magic number, length, payload, zeros up to a multiple of 4 bytes
 *   payload              features = 1 { key = 1 "values", value = 2 { float32_tensor = 2 { values = 1 packed } } }
 *
 * Sources: dmlc-core, recordio.h; AWS guide, "Common Data Formats for Training".
 */
import type { Row, Rows } from './rows.ts';

const MAGIC = 0xced7230a;

export function recordio(rows: Rows): Uint8Array {
  return Buffer.concat(rows.map((row) => framed(message(1, entry(row)))));
}

// --- internal ---

function entry(row: Row): Buffer {
  const values = Buffer.from(Float32Array.from(row, (value) => value ?? Number.NaN).buffer);
  return Buffer.concat([message(1, Buffer.from('values')), message(2, message(2, message(1, values)))]);
}

/** A field of bytes: its tag, its length and itself. */
function message(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

function framed(payload: Buffer): Buffer {
  const bytes = Buffer.alloc(8 + Math.ceil(payload.length / 4) * 4);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(payload.length, 4);
  payload.copy(bytes, 8);
  return bytes;
}
