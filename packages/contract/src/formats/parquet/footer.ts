/**
 * The end of a Parquet file: its schema, its row groups and what its writer says besides, checked for types and ranges.
 * Layout: `… footer, length of the footer [4], "PAR1"`. Source: apache/parquet-format, parquet.thrift (FileMetaData).
 */
import { codecName } from './enumerations.js';
import type { ParquetFile } from './file.js';
import { readElement, type SchemaElement } from './schema-element.js';
import { ThriftReader } from './thrift.js';

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
