/**
 * The end of a Parquet file: its schema, its row groups and what its writer says besides, checked for types and ranges.
 * Layout: `… footer, length of the footer [4], "PAR1"`. Source: apache/parquet-format, parquet.thrift (FileMetaData).
 */
import { codecName, convertedTypeName, type PhysicalType, typeName } from './enumerations.js';
import type { ParquetFile } from './file.js';
import { ThriftReader } from './thrift.js';

/** What a column's values mean beyond their physical type. */
export interface LogicalType {
  readonly name: string;
  /** Of DECIMAL. */
  readonly scale?: number;
  /** Of INTEGER. */
  readonly isSigned?: boolean;
}

export interface SchemaElement {
  readonly name: string;
  readonly type: PhysicalType | undefined;
  readonly typeLength: number;
  readonly repetition: 'REQUIRED' | 'OPTIONAL' | 'REPEATED';
  readonly childCount: number;
  readonly convertedType: string | undefined;
  readonly scale: number;
  readonly logicalType: LogicalType | undefined;
}

export interface ColumnChunk {
  readonly isElsewhere: boolean;
  readonly isEncrypted: boolean;
  readonly path: readonly string[];
  readonly codec: string;
  readonly valueCount: number;
  readonly compressedBytes: number;
  readonly dataOffset: number;
  readonly dictionaryOffset: number;
}

export interface Footer {
  /** The root first, then its children. */
  readonly schema: readonly SchemaElement[];
  readonly groups: readonly { readonly rows: number; readonly chunks: readonly ColumnChunk[] }[];
  /** Texts of the writer by their keys, such as `pandas`. */
  readonly notes: ReadonlyMap<string, string>;
}

/** @throws Error when the bytes are not a footer */
export function readFooter(file: ParquetFile): Footer {
  const tailStart = file.byteLength - TAIL_BYTES;
  if (tailStart < MAGIC.length) throw new Error(`the file has only ${file.byteLength} bytes`);
  const tail = Buffer.from(file.slice(tailStart, file.byteLength));
  const end = tail.toString('latin1', 4);
  if (end !== MAGIC) throw new Error(`the file must end with "PAR1"; it ends with ${JSON.stringify(end)}`);
  const length = tail.readUInt32LE(0);
  const start = tailStart - length;
  if (start < MAGIC.length) throw new Error(`a footer of ${length} bytes is longer than the file`);
  return parseFooter(file.slice(start, tailStart));
}

// --- internal ---

const MAGIC = 'PAR1';
const TAIL_BYTES = 8;
const REPETITIONS = ['REQUIRED', 'OPTIONAL', 'REPEATED'] as const;
/** Digits of a decimal of 256 bits, the widest that anybody writes. */
const MAX_SCALE = 76;

/** By field id of the union LogicalType. */
const LOGICAL_TYPES: Readonly<Record<number, string>> = {
  1: 'STRING',
  2: 'MAP',
  3: 'LIST',
  4: 'ENUM',
  5: 'DECIMAL',
  6: 'DATE',
  7: 'TIME',
  8: 'TIMESTAMP',
  10: 'INTEGER',
  11: 'NULL',
  12: 'JSON',
  13: 'BSON',
  14: 'UUID',
  15: 'FLOAT16',
  16: 'VARIANT',
  17: 'GEOMETRY',
  18: 'GEOGRAPHY',
};

function parseFooter(bytes: Uint8Array): Footer {
  const reader = new ThriftReader(bytes);
  const schema: SchemaElement[] = [];
  const groups: Footer['groups'][number][] = [];
  const notes = new Map<string, string>();
  let isEncrypted = false;
  let rows = -1;
  reader.struct({
    2: () => reader.list('schema', () => schema.push(readElement(reader))),
    3: () => {
      rows = reader.size('num_rows');
    },
    4: () => reader.list('row_groups', () => groups.push(readGroup(reader))),
    5: () => reader.list('key_value_metadata', () => readNote(reader, notes)),
    8: () => {
      isEncrypted = true;
      reader.struct({});
    },
  });
  if (isEncrypted) throw new Error('its columns are encrypted');
  const found = groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows !== found) throw new Error(`it has ${found} rows in its row groups, and says ${rows}`);
  if (schema.length === 0) throw new Error('it has no schema');
  return { schema, groups, notes };
}

function readElement(reader: ThriftReader): SchemaElement {
  const element = {
    name: '',
    type: undefined as PhysicalType | undefined,
    typeLength: 0,
    repetition: 'REQUIRED' as SchemaElement['repetition'],
    childCount: 0,
    convertedType: undefined as string | undefined,
    scale: 0,
    logicalType: undefined as LogicalType | undefined,
  };
  reader.struct({
    1: () => {
      element.type = typeName(reader.i32('type'));
    },
    2: () => {
      element.typeLength = reader.i32('type_length', 0);
    },
    3: () => {
      element.repetition = REPETITIONS[reader.i32('repetition_type', 0, 2)]!;
    },
    4: () => {
      element.name = reader.text('name');
    },
    5: () => {
      element.childCount = reader.i32('num_children', 0);
    },
    6: () => {
      element.convertedType = convertedTypeName(reader.i32('converted_type'));
    },
    7: () => {
      element.scale = reader.i32('scale', 0, MAX_SCALE);
    },
    10: () => {
      element.logicalType = readLogicalType(reader);
    },
  });
  return element;
}

function readLogicalType(reader: ThriftReader): LogicalType {
  let type: LogicalType = { name: 'an unknown type' };
  const plain = (name: string) => () => {
    reader.struct({});
    type = { name };
  };
  const fields = Object.fromEntries(Object.entries(LOGICAL_TYPES).map(([id, name]) => [id, plain(name)]));
  reader.struct({
    ...fields,
    5: () => {
      let scale = 0;
      reader.struct({
        1: () => {
          scale = reader.i32('scale', 0, MAX_SCALE);
        },
      });
      type = { name: 'DECIMAL', scale };
    },
    10: () => {
      let isSigned = true;
      reader.struct({
        2: () => {
          isSigned = reader.flag('isSigned');
        },
      });
      type = { name: 'INTEGER', isSigned };
    },
  });
  return type;
}

function readGroup(reader: ThriftReader): Footer['groups'][number] {
  const chunks: ColumnChunk[] = [];
  let rows = -1;
  reader.struct({
    1: () => reader.list('columns', () => chunks.push(readChunk(reader))),
    3: () => {
      rows = reader.size('num_rows');
    },
  });
  if (rows < 0) throw new Error('a row group does not say how many rows it has');
  return { rows, chunks };
}

function readChunk(reader: ThriftReader): ColumnChunk {
  const chunk = {
    isElsewhere: false,
    isEncrypted: false,
    path: [] as string[],
    codec: '',
    valueCount: -1,
    compressedBytes: -1,
    dataOffset: -1,
    dictionaryOffset: 0,
  };
  const data = {
    3: () => reader.list('path_in_schema', () => chunk.path.push(reader.text('path_in_schema'))),
    4: () => {
      chunk.codec = codecName(reader.i32('codec'));
    },
    5: () => {
      chunk.valueCount = reader.size('num_values');
    },
    7: () => {
      chunk.compressedBytes = reader.size('total_compressed_size');
    },
    9: () => {
      chunk.dataOffset = reader.size('data_page_offset');
    },
    11: () => {
      chunk.dictionaryOffset = reader.size('dictionary_page_offset');
    },
  };
  reader.struct({
    1: () => {
      chunk.isElsewhere = reader.text('file_path') !== '';
    },
    3: () => reader.struct(data, 'meta_data'),
    8: () => {
      chunk.isEncrypted = true;
      reader.struct({});
    },
  });
  return chunk;
}

function readNote(reader: ThriftReader, notes: Map<string, string>): void {
  let key = '';
  let value = '';
  reader.struct({
    1: () => {
      key = reader.text('key');
    },
    2: () => {
      value = reader.text('value');
    },
  });
  if (!notes.has(key)) notes.set(key, value);
}
