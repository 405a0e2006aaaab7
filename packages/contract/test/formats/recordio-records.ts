/** Records of RecordIO-protobuf made the slow, obvious way, and read through the channel reader. */
import { type Block, isSparse, type SparseBlock } from '../../src/formats/block.js';
import { recordioReader } from '../../src/formats/recordio/reader.js';
import { ACCEPT_ALL, type ReadOptions, sourceOf } from './csv-tables.js';
import { denseRowsOf, rowsOf } from './libsvm-tables.js';

export type Kind = 'float32' | 'float64' | 'int32';

export interface TensorText {
  readonly kind: Kind;
  readonly values: readonly number[];
  readonly keys?: readonly number[];
  readonly shape?: readonly number[];
  /** One field a value, as proto2 without `packed` has it. */
  readonly isUnpacked?: boolean;
}

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest % 128n) + 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A field whose content has a length. */
export function field(number: number, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

const TENSOR_FIELD = { float32: 2, float64: 3, int32: 7 } as const;
const WIRE_KIND = { float32: 5, float64: 1, int32: 0 } as const;

function valueBytes(kind: Kind, value: number): Buffer {
  if (kind === 'int32') return varint(value);
  const bytes = Buffer.alloc(kind === 'float32' ? 4 : 8);
  if (kind === 'float32') bytes.writeFloatLE(value);
  else bytes.writeDoubleLE(value);
  return bytes;
}

export function tensor({ kind, values, keys, shape, isUnpacked }: TensorText): Buffer {
  const packed = (number: number, parts: readonly Buffer[], wire: number) =>
    isUnpacked
      ? Buffer.concat(parts.map((part) => Buffer.concat([varint(number * 8 + wire), part])))
      : field(number, Buffer.concat(parts));
  const content = [
    packed(
      1,
      values.map((value) => valueBytes(kind, value)),
      WIRE_KIND[kind],
    ),
  ];
  if (keys) content.push(packed(2, keys.map(varint), 0));
  if (shape) content.push(packed(3, shape.map(varint), 0));
  return field(TENSOR_FIELD[kind], Buffer.concat(content));
}

/** An entry of the map `features` (1) or `label` (2). */
export function entry(number: 1 | 2, value: Uint8Array, key = 'values'): Buffer {
  return field(number, Buffer.concat([field(1, key), field(2, value)]));
}

export function record(features: TensorText, label?: TensorText): Buffer {
  return Buffer.concat([entry(1, tensor(features)), ...(label ? [entry(2, tensor(label))] : [])]);
}

/** One part of a record: flag 0 for a whole one. */
export function part(payload: Uint8Array, flag = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0xced7230a);
  head.writeUInt32LE(((flag << 29) | payload.length) >>> 0, 4);
  return Buffer.concat([head, payload, Buffer.alloc((4 - (payload.length % 4)) % 4)]);
}

/** A record as dmlc-core writes it: split at each aligned magic number of the payload, the number left out. */
export function split(payload: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let start = 0;
  for (let at = 0; at + 4 <= payload.length; at += 4) {
    if (payload.readUInt32LE(at) !== 0xced7230a) continue;
    pieces.push(payload.subarray(start, at));
    start = at + 4;
  }
  pieces.push(payload.subarray(start));
  if (pieces.length === 1) return part(payload);
  return Buffer.concat(pieces.map((piece, i) => part(piece, i === 0 ? 1 : i === pieces.length - 1 ? 3 : 2)));
}

/** A row with its labels; sparse ones as entries of column and value. */
export interface ReadRow {
  readonly record: number;
  readonly labels: readonly number[];
  readonly features?: readonly number[];
  readonly entries?: readonly (readonly [number, number])[];
}

export async function readRecords(
  files: Uint8Array | Readonly<Record<string, Uint8Array>>,
  { policy = ACCEPT_ALL, pieceBytes, ...wishes }: ReadOptions = {},
): Promise<{ readonly rows: ReadRow[]; readonly blocks: (readonly [rows: number, columns: number, first: number])[] }> {
  const contents = files instanceof Uint8Array ? { 'a.pbr': files } : files;
  const sources = Object.entries(contents).map(([name, bytes]) => sourceOf(name, bytes, pieceBytes));
  const settings = { ...wishes, contentType: { type: 'application/x-recordio-protobuf', parameters: {} }, policy };
  const rows: ReadRow[] = [];
  const blocks: (readonly [number, number, number])[] = [];
  for await (const block of recordioReader.read(sources, settings)) {
    rows.push(...readRows(block));
    blocks.push([block.rows, block.columns, block.firstLine]);
  }
  return { rows, blocks };
}

export function readRows(block: Block | SparseBlock): ReadRow[] {
  const { labels, labelCount, firstLine } = block;
  const parts = isSparse(block)
    ? rowsOf(block).map(({ entries }) => ({ entries }))
    : denseRowsOf(block).map((features) => ({ features }));
  return parts.map((part, row) => ({
    record: firstLine + row,
    labels: [...labels.subarray(row * labelCount, (row + 1) * labelCount)],
    ...part,
  }));
}
