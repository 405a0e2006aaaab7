/**
 * The end of a Parquet file: its schema, its row groups and what its writer says besides, checked for types and ranges.
 * Layout: `… footer, length of the footer [4], "PAR1"`. Source: apache/parquet-format, parquet.thrift (FileMetaData).
 */
import { ClientError } from '../../errors.js';
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
  /** Where its pages, indexes and Bloom filter end, as far as it says. */
  readonly end: number;
}

export interface Footer {
  /** The root first, then its children. */
  readonly schema: readonly SchemaElement[];
  readonly groups: readonly { readonly rows: number; readonly chunks: readonly ColumnChunk[] }[];
  /** Texts of the writer by their keys, such as `pandas`. */
  readonly notes: ReadonlyMap<string, string>;
}

/** @throws Error when the bytes are not a footer; ClientError E_DATA_FORMAT for files that were joined */
export function readFooter(file: ParquetFile): Footer {
  const tailStart = file.byteLength - TAIL_BYTES;
  if (tailStart < MAGIC.length) throw new Error(`the file has only ${file.byteLength} bytes`);
  const tail = Buffer.from(file.slice(tailStart, file.byteLength));
  const end = tail.toString('latin1', 4);
  if (end !== MAGIC) throw new Error(`the file must end with "PAR1"; it ends with ${JSON.stringify(end)}`);
  const length = tail.readUInt32LE(0);
  const start = tailStart - length;
  if (start < MAGIC.length) throw new Error(`a footer of ${length} bytes is longer than the file`);
  const footer = parseFooter(file.slice(start, tailStart));
  checkSingle(file, footer, start);
  return footer;
}

// --- internal ---

const MAGIC = 'PAR1';
const TAIL_BYTES = 8;

/**
 * The last of several files that were joined says where its data is from its own start on, where the first one has other
 * data. What it does not name is then before it, and ends as a file does.
 */
function checkSingle(file: ParquetFile, { groups }: Footer, footerStart: number): void {
  let end = MAGIC.length;
  for (const { chunks } of groups) for (const chunk of chunks) end = Math.max(end, chunk.end);
  const before = footerStart - end;
  if (before < MAGIC.length + TAIL_BYTES) return;
  const marks = Buffer.from(file.slice(before - MAGIC.length, before + MAGIC.length)).toString('latin1');
  if (marks !== MAGIC + MAGIC) return;
  throw new ClientError(
    'E_DATA_FORMAT',
    `${file.label}: it must be one Parquet file; it is several, one behind the other, of which only the last would be known. Upload each as a file of its own.`,
  );
}

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
    end: 0,
  };
  /** What lies apart from the pages: an offset, and a length that old versions of the format leave out. */
  const apart = { filter: [0, 0], offsetIndex: [0, 0], columnIndex: [0, 0] } satisfies Record<string, [number, number]>;
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
    14: () => {
      apart.filter[0] = reader.size('bloom_filter_offset');
    },
    15: () => {
      apart.filter[1] = reader.i32('bloom_filter_length', 0);
    },
  };
  reader.struct({
    1: () => {
      chunk.isElsewhere = reader.text('file_path') !== '';
    },
    3: () => reader.struct(data, 'meta_data'),
    4: () => {
      apart.offsetIndex[0] = reader.size('offset_index_offset');
    },
    5: () => {
      apart.offsetIndex[1] = reader.i32('offset_index_length', 0);
    },
    6: () => {
      apart.columnIndex[0] = reader.size('column_index_offset');
    },
    7: () => {
      apart.columnIndex[1] = reader.i32('column_index_length', 0);
    },
    8: () => {
      chunk.isEncrypted = true;
      reader.struct({});
    },
  });
  const first = chunk.dictionaryOffset > 0 ? Math.min(chunk.dictionaryOffset, chunk.dataOffset) : chunk.dataOffset;
  const ends = Object.values(apart).map(([offset, length]) => offset + length);
  return { ...chunk, end: ends.reduce((end, other) => Math.max(end, other), first + chunk.compressedBytes) };
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
