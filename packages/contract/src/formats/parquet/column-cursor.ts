/**
 * One column of a row group, decoded page by page as rows are asked for: so a file of any size is read in the memory of
 * one page per column. Source: apache/parquet-format, README.md (data pages) and Encodings.md.
 */
import type { ColumnValues } from '../block.js';
import { decodeText } from '../categories/decode.js';
import type { TextColumn } from '../categories/text-columns.js';
import { readByteArrays } from './byte-arrays.js';
import type { ColumnMemory } from './column-memory.js';
import { decompress } from './decompress.js';
import type { ParquetFile } from './file.js';
import type { Chunk } from './metadata.js';
import type { PageHeader, Section } from './page-header.js';
import { PageReader } from './page-reader.js';
import { readHybrid } from './rle-bit-packing.js';
import type { ParquetColumn } from './schema.js';
import { readValues } from './values.js';

export class ColumnCursor {
  readonly #file: ParquetFile;
  readonly #column: ParquetColumn;
  readonly #codec: string;
  readonly #pages: PageReader;
  /** Values that the pages to come may have. */
  #left: number;
  /** Of texts: their codes, UNCODED before the first use; a file may list names that no row has. */
  #dictionary: Float64Array | undefined;
  #texts: string[] = [];
  /** Of the values of the present page, nulls as NaN: [at, count) are still to be given. */
  #at = 0;
  #count = 0;
  readonly #memory: ColumnMemory;
  readonly #text: TextColumn | undefined;

  /**
   * @param rows of the row group
   * @param memory of the column, which no other cursor uses meanwhile
   * @param text for a column of texts
   */
  constructor(
    file: ParquetFile,
    { start, end, codec }: Chunk,
    column: ParquetColumn,
    rows: number,
    memory: ColumnMemory,
    text?: TextColumn,
  ) {
    this.#memory = memory;
    this.#text = text;
    this.#file = file;
    this.#column = column;
    this.#codec = codec;
    this.#pages = new PageReader(file, start, end, memory);
    this.#left = rows;
  }

  /**
   * Puts the next values into a column of `rows` rows.
   * @throws Error when there are fewer, or the bytes are not what the format asks for
   */
  read({ values: target, offset, stride, rows }: ColumnValues): void {
    let to = offset;
    for (let left = rows; left > 0; ) {
      while (this.#at === this.#count) this.#readPage();
      const taken = Math.min(left, this.#count - this.#at);
      const { values } = this.#memory;
      const end = this.#at + taken;
      for (let i = this.#at; i < end; i++, to += stride) target[to] = values[i]!;
      this.#at = end;
      left -= taken;
    }
  }

  #readPage(): void {
    const { header, body } = this.#pages.next();
    if (header.kind === 'dictionary') this.#readDictionary(header, body);
    else if (header.kind === 'data') this.#readData(header, body);
    else if (header.kind === 'data-v2') this.#readDataV2(header, body);
  }

  #unpack(body: Uint8Array, size: number): Uint8Array {
    this.#file.budget.spend(size);
    return decompress(body, this.#codec, size);
  }

  #readDictionary({ valueCount, uncompressedBytes }: PageHeader, body: Uint8Array): void {
    const bytes = this.#unpack(body, uncompressedBytes);
    // No value of a dictionary takes less than a byte.
    if (valueCount > bytes.length) {
      throw new Error(`a dictionary of ${bytes.length} bytes cannot have ${valueCount} values`);
    }
    this.#file.budget.spend(valueCount * 8);
    const section = { bytes, start: 0, end: bytes.length };
    this.#dictionary = new Float64Array(valueCount);
    if (this.#column.isText) {
      this.#texts = [];
      this.#dictionary.fill(UNCODED);
      this.#readTexts(section, 'PLAIN', valueCount, (text) => this.#texts.push(text));
    } else readValues(section, 'PLAIN', this.#column, valueCount, this.#dictionary);
  }

  #readTexts(section: Section, encoding: string, count: number, give: (text: string, i: number) => void): void {
    const isRead = readByteArrays(section, encoding, this.#column, count, (bytes, i) => {
      this.#file.budget.spend(bytes.length);
      give(decodeText(bytes, this.#where), i);
    });
    if (!isRead) throw new Error(`the encoding ${encoding} of text is not read`);
  }

  #codeOf(text: string): number {
    return this.#text!.code(text, this.#where);
  }

  readonly #where = () => `${this.#file.label} ${this.#column.label}`;

  #readData(header: PageHeader, body: Uint8Array): void {
    const bytes = this.#unpack(body, header.uncompressedBytes);
    const count = this.#take(header.valueCount);
    let start = 0;
    let present: Uint32Array | undefined;
    if (this.#column.isNullable) {
      if (header.flagEncoding !== 'RLE') throw new Error('its null flags are not encoded as RLE');
      if (bytes.length < 4) throw new Error('a page has no null flags');
      const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
      start = 4 + length;
      if (start > bytes.length) throw new Error('the null flags are longer than their page');
      present = this.#readFlags({ bytes, start: 4, end: start }, count);
    }
    this.#decode({ bytes, start, end: bytes.length }, header.encoding, count, present);
  }

  /** Levels precede the values. Repetition levels, if there are any, mean nothing for a column that is not nested. */
  #readDataV2(header: PageHeader, body: Uint8Array): void {
    const { repetitionBytes, flagBytes, uncompressedBytes } = header;
    const count = this.#take(header.valueCount);
    const start = repetitionBytes + flagBytes;
    if (start > Math.min(uncompressedBytes, body.length)) throw new Error('the levels are longer than their page');
    const present = this.#column.isNullable
      ? this.#readFlags({ bytes: body, start: repetitionBytes, end: start }, count)
      : undefined;
    const values = body.subarray(start);
    const bytes = header.isCompressed ? this.#unpack(values, uncompressedBytes - start) : values;
    this.#decode({ bytes, start: 0, end: bytes.length }, header.encoding, count, present);
  }

  /** `count` values of a page, which must not be more than are left. */
  #take(count: number): number {
    if (count > this.#left) throw new Error(`its pages have more values than its row group has rows`);
    this.#left -= count;
    // Null flags, indices and the values themselves.
    this.#file.budget.spend(count * 16);
    return count;
  }

  /** One per value: 1, or 0 where it is null; undefined when none is. */
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
    const memory = this.#memory;
    if (memory.values.length < count) memory.values = new Float64Array(count);
    const { values } = memory;
    if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY') this.#lookUp(section, found);
    else if (this.#column.isText) {
      this.#readTexts(section, encoding, found, (text, i) => {
        values[i] = this.#codeOf(text);
      });
    } else readValues(section, encoding, this.#column, found, values);
    if (present) spread(values, found, present);
    this.#at = 0;
    this.#count = count;
  }

  #lookUp({ bytes, start, end }: Section, count: number): void {
    if (count === 0) return;
    const dictionary = this.#dictionary;
    if (!dictionary) throw new Error('a page has indices, but there is no dictionary');
    const indices = this.#reserve(count);
    readHybrid(bytes, start + 1, end, bytes[start] ?? 0, count, indices);
    const { values } = this.#memory;
    for (let i = 0; i < count; i++) {
      const index = indices[i]!;
      if (index >= dictionary.length)
        throw new Error(`index ${index} is not in the dictionary of ${dictionary.length}`);
      if (dictionary[index] === UNCODED && this.#column.isText) dictionary[index] = this.#codeOf(this.#texts[index]!);
      values[i] = dictionary[index]!;
    }
  }

  /** Numbers for a moment: exactly `count` of them. */
  #reserve(count: number): Uint32Array {
    const memory = this.#memory;
    if (memory.numbers.length < count) memory.numbers = new Uint32Array(count);
    return memory.numbers.subarray(0, count);
  }
}

// --- internal ---

/** No code. */
const UNCODED = -1;

/** Moves the first `found` values to where they are present, from behind, and NaN between them. */
function spread(values: Float64Array, found: number, present: Uint32Array): void {
  let from = found;
  for (let to = present.length - 1; to >= 0; to--) values[to] = present[to] ? values[--from]! : Number.NaN;
}
