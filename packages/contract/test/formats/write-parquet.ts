/** Parquet files of any size, in pieces: columns without nulls, PLAIN and not compressed, a page for each group. */

export interface ParquetSize {
  readonly columns: number;
  readonly groups: number;
  readonly groupRows: number;
  /** What the last column holds; all others have doubles. */
  readonly last?: keyof typeof TYPES;
}

type Field = readonly [id: number, type: number, bytes: Buffer];

const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;
const TYPES = { double: 5, integer: 2, text: 6 };
const MAGIC = Buffer.from('PAR1');

/** The bytes of a file, a column's page at a time. */
export function* parquetPieces(size: ParquetSize): Generator<Buffer, void, undefined> {
  const { columns, groups, groupRows, last = 'double' } = size;
  const names = Array.from({ length: columns }, (_, column) => `c${column}`);
  const kindOf = (column: number) => (column === columns - 1 ? last : 'double');
  const rowGroups: Buffer[] = [];
  let at = MAGIC.length;
  yield MAGIC;
  for (let group = 0; group < groups; group++) {
    const chunks: Buffer[] = [];
    for (const [column, name] of names.entries()) {
      const values = valuesOf(
        kindOf(column),
        Array.from({ length: groupRows }, (_, row) => group + column + row / 8),
      );
      const page = Buffer.concat([pageHeader(groupRows, values.length), values]);
      chunks.push(columnChunk(name, TYPES[kindOf(column)], groupRows, at, page.length));
      at += page.length;
      yield page;
    }
    rowGroups.push(struct([1, LIST, list(STRUCT, chunks)], [2, I64, varint(at)], [3, I64, varint(groupRows)]));
  }
  const root = struct([4, BINARY, text('schema')], [5, I32, varint(columns)]);
  const schema = names.map((name, column) => {
    const isText: Field[] = kindOf(column) === 'text' ? [[6, I32, varint(0)]] : [];
    return struct([1, I32, varint(TYPES[kindOf(column)])], [3, I32, varint(0)], [4, BINARY, text(name)], ...isText);
  });
  const footer = struct(
    [1, I32, varint(1)],
    [2, LIST, list(STRUCT, [root, ...schema])],
    [3, I64, varint(groups * groupRows)],
    [4, LIST, list(STRUCT, rowGroups)],
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  yield Buffer.concat([footer, length, MAGIC]);
}

/** Whole parts of the numbers as integers and as text. */
function valuesOf(kind: keyof typeof TYPES, values: readonly number[]): Buffer {
  if (kind === 'double') return Buffer.from(Float64Array.from(values).buffer);
  if (kind === 'integer') return Buffer.from(BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))).buffer);
  return Buffer.concat(
    values.flatMap((value) => {
      const bytes = Buffer.from(`t${Math.trunc(value)}`);
      return [Buffer.from(Uint32Array.of(bytes.length).buffer), bytes];
    }),
  );
}

function pageHeader(rows: number, bytes: number): Buffer {
  const data = struct([1, I32, varint(rows)], [2, I32, varint(0)], [3, I32, varint(3)], [4, I32, varint(3)]);
  return struct([1, I32, varint(0)], [2, I32, varint(bytes)], [3, I32, varint(bytes)], [5, STRUCT, data]);
}

function columnChunk(name: string, type: number, rows: number, offset: number, bytes: number): Buffer {
  const metadata = struct(
    [1, I32, varint(type)],
    [2, LIST, list(I32, [varint(0)])],
    [3, LIST, list(BINARY, [text(name)])],
    [4, I32, varint(0)],
    [5, I64, varint(rows)],
    [6, I64, varint(bytes)],
    [7, I64, varint(bytes)],
    [9, I64, varint(offset)],
  );
  return struct([2, I64, varint(offset)], [3, STRUCT, metadata]);
}

// --- Thrift's compact protocol ---

function struct(...fields: readonly Field[]): Buffer {
  const parts = fields.flatMap(([id, type, bytes], i) => [
    Buffer.of(((id - (fields[i - 1]?.[0] ?? 0)) << 4) | type),
    bytes,
  ]);
  return Buffer.concat([...parts, Buffer.of(0)]);
}

function list(type: number, items: readonly Buffer[]): Buffer {
  const head =
    items.length < 15 ? [Buffer.of((items.length << 4) | type)] : [Buffer.of(0xf0 | type), plain(items.length)];
  return Buffer.concat([...head, ...items]);
}

function text(value: string): Buffer {
  return Buffer.concat([plain(value.length), Buffer.from(value)]);
}

/** A whole number ≥ 0 as a signed one. */
function varint(value: number): Buffer {
  return plain(value * 2);
}

function plain(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
