/**
 * One column of a row group, read page by page as rows are asked for: so a file of any size is read in the memory of one
 * page a column. Page headers and rare encodings are read by `hyparquet`; nulls, dictionaries and plain values here.
 * Source: apache/parquet-format, README.md (data pages) and Encodings.md.
 */
import type { PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompress } from './decompress.js';
import type { ParquetFile } from './file.js';
import { readHybrid } from './hybrid.js';
import type { Chunk } from './metadata.js';
import type { ParquetColumn } from './schema.js';
import { readValues, type Section } from './values.js';

/** Read at once to see a page's header; most pages' values come with it. */
const WINDOW_BYTES = 64 * 1024;
/** A page is about 1 MiB as writers make it; what needs more than this is no page. */
const MAX_PAGE_BYTES = 1024 ** 3;

type Floats = Float64Array | Float32Array;

export class ColumnCursor {
  readonly #file: ParquetFile;
  readonly #column: ParquetColumn;
  readonly #codec: string;
  /** Bytes of the file that are not read yet: [position, end). */
  #position: number;
  readonly #end: number;
  #dictionary: Float64Array | undefined;
  /** Values of the present page, nulls as NaN: [at, count) are still to be given. */
  #values = new Float64Array(0);
  #at = 0;
  #count = 0;
  #scratch = new Uint32Array(0);

  constructor(file: ParquetFile, { start, end, codec }: Chunk, column: ParquetColumn) {
    this.#file = file;
    this.#column = column;
    this.#codec = codec;
    this.#position = start;
    this.#end = end;
  }

  /**
   * Puts the next `count` values into `target`: at `offset`, `offset + stride`, …
   * @throws Error when there are fewer, or the bytes are not what the format asks for
   */
  read(count: number, target: Floats, offset: number, stride: number): void {
    let to = offset;
    for (let left = count; left > 0; ) {
      while (this.#at === this.#count) this.#readPage();
      const taken = Math.min(left, this.#count - this.#at);
      const values = this.#values;
      const end = this.#at + taken;
      for (let i = this.#at; i < end; i++, to += stride) target[to] = values[i]!;
      this.#at = end;
      left -= taken;
    }
  }

  #readPage(): void {
    if (this.#position >= this.#end) throw new Error('it has fewer values than rows');
    const window = this.#file.slice(this.#position, Math.min(this.#position + WINDOW_BYTES, this.#end));
    const reader = { view: new DataView(window), offset: 0 };
    const header = parquetHeader(reader);
    const size = header.compressed_page_size;
    const start = this.#position + reader.offset;
    if (!(size >= 0 && size <= this.#end - start)) throw new Error(`a page of ${size} bytes is longer than its column`);
    if (!(header.uncompressed_page_size >= 0 && header.uncompressed_page_size <= MAX_PAGE_BYTES)) {
      throw new Error(`a page of ${header.uncompressed_page_size} bytes is too large`);
    }
    const body =
      reader.offset + size <= window.byteLength
        ? new Uint8Array(window, reader.offset, size)
        : new Uint8Array(this.#file.slice(start, start + size));
    this.#position = start + size;
    if (header.type === 'DICTIONARY_PAGE') this.#readDictionary(header, body);
    else if (header.type === 'DATA_PAGE') this.#readData(header, body);
    else if (header.type === 'DATA_PAGE_V2') this.#readDataV2(header, body);
    else if (header.type !== 'INDEX_PAGE') throw new Error('a page is of an unknown kind');
  }

  #readDictionary({ dictionary_page_header: head, uncompressed_page_size: size }: PageHeader, body: Uint8Array): void {
    const bytes = decompress(body, this.#codec, size);
    const count = checkCount(head?.num_values);
    // No value of a dictionary takes less than a byte.
    if (count > bytes.length) throw new Error(`a dictionary of ${bytes.length} bytes cannot have ${count} values`);
    this.#dictionary = new Float64Array(count);
    readValues({ bytes, start: 0, end: bytes.length }, 'PLAIN', this.#column, count, this.#dictionary);
  }

  #readData({ data_page_header: head, uncompressed_page_size: size }: PageHeader, body: Uint8Array): void {
    const bytes = decompress(body, this.#codec, size);
    const count = checkCount(head?.num_values);
    let start = 0;
    let present: Uint32Array | undefined;
    if (this.#column.isNullable) {
      if (head?.definition_level_encoding !== 'RLE') throw new Error('its null flags are not encoded as RLE');
      if (bytes.length < 4) throw new Error('a page has no null flags');
      const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
      start = 4 + length;
      if (start > bytes.length) throw new Error('the null flags are longer than their page');
      present = this.#readFlags({ bytes, start: 4, end: start }, count);
    }
    this.#decode({ bytes, start, end: bytes.length }, head?.encoding ?? '', count, present);
  }

  #readDataV2({ data_page_header_v2: head, uncompressed_page_size: size }: PageHeader, body: Uint8Array): void {
    const count = checkCount(head?.num_values);
    const flagBytes = head?.definition_levels_byte_length ?? 0;
    if (head?.repetition_levels_byte_length || !(flagBytes >= 0 && flagBytes <= Math.min(size, body.length))) {
      throw new Error('the null flags are longer than their page');
    }
    const present = this.#column.isNullable
      ? this.#readFlags({ bytes: body, start: 0, end: flagBytes }, count)
      : undefined;
    const values = body.subarray(flagBytes);
    const bytes = head?.is_compressed ? decompress(values, this.#codec, size - flagBytes) : values;
    this.#decode({ bytes, start: 0, end: bytes.length }, head?.encoding ?? '', count, present);
  }

  /** One a value: 1, or 0 where it is null; undefined when none is. */
  #readFlags({ bytes, start, end }: Section, count: number): Uint32Array | undefined {
    const flags = this.#reserve(count);
    readHybrid(bytes, start, end, 1, count, flags);
    return flags.includes(0) ? flags.slice(0, count) : undefined;
  }

  #decode(section: Section, encoding: string, count: number, present: Uint32Array | undefined): void {
    let found = count;
    if (present) {
      found = 0;
      for (const flag of present) found += flag;
    }
    if (this.#values.length < count) this.#values = new Float64Array(count);
    if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY') this.#lookUp(section, found);
    else readValues(section, encoding, this.#column, found, this.#values);
    if (present) spread(this.#values, found, present);
    this.#at = 0;
    this.#count = count;
  }

  #lookUp({ bytes, start, end }: Section, count: number): void {
    if (count === 0) return;
    const dictionary = this.#dictionary;
    if (!dictionary) throw new Error('a page has indices, but there is no dictionary');
    const indices = this.#reserve(count);
    readHybrid(bytes, start + 1, end, bytes[start] ?? 0, count, indices);
    const values = this.#values;
    for (let i = 0; i < count; i++) {
      const index = indices[i]!;
      if (index >= dictionary.length)
        throw new Error(`index ${index} is not in the dictionary of ${dictionary.length}`);
      values[i] = dictionary[index]!;
    }
  }

  /** Numbers for a moment: exactly `count` of them. */
  #reserve(count: number): Uint32Array {
    if (this.#scratch.length < count) this.#scratch = new Uint32Array(count);
    return this.#scratch.subarray(0, count);
  }
}

// --- internal ---

/** The most values a page may say it has: one run can stand for them all, so that bytes do not bound them. */
const MAX_PAGE_VALUES = 2 ** 27;

function checkCount(count: number | undefined): number {
  if (count !== undefined && count >= 0 && count <= MAX_PAGE_VALUES) return count;
  throw new Error(`a page cannot have ${count} values`);
}

/** Moves the first `found` values to where they are present, from behind, and NaN between them. */
function spread(values: Float64Array, found: number, present: Uint32Array): void {
  let from = found;
  for (let to = present.length - 1; to >= 0; to--) values[to] = present[to] ? values[--from]! : Number.NaN;
}
