/**
 * The pages of a column chunk, one at a time. Nothing of a page is given before its header and its checksum, if it has one,
 * are found right. Source: apache/parquet-format, README.md (data pages, checksumming).
 */
import { crc32 } from 'node:zlib';
import type { ColumnMemory } from './column-memory.js';
import type { ParquetFile } from './file.js';
import { type PageHeader, readPageHeader } from './page-header.js';
import { CutOff } from './thrift.js';

/** Bytes read for a page's header; usually they include the page's values. */
const WINDOW_BYTES = 64 * 1024;

export interface Page {
  readonly header: PageHeader;
  /** As it is stored: what `header` says of its compression is still to be undone. Valid until the next page is read. */
  readonly body: Uint8Array;
}

export class PageReader {
  readonly #file: ParquetFile;
  /** Bytes of the file that are not read yet: [position, end). */
  #position: number;
  readonly #end: number;
  /** Bytes of the file from `#windowStart` on, read ahead. */
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;
  readonly #memory: Pick<ColumnMemory, 'window' | 'page'>;

  constructor(file: ParquetFile, start: number, end: number, memory: Pick<ColumnMemory, 'window' | 'page'>) {
    this.#memory = memory;
    this.#file = file;
    this.#position = start;
    this.#end = end;
  }

  /** Each call takes bytes of the file, if only those of a header. @throws Error behind the last page, or for a damaged one */
  next(): Page {
    if (this.#position >= this.#end) throw new Error('it has fewer values than rows');
    const header = this.#readHeader();
    const size = header.compressedBytes;
    const start = this.#position + header.headerBytes;
    if (size > this.#end - start) throw new Error(`a page of ${size} bytes is longer than its column`);
    const body = this.#bytes(start, start + size);
    this.#position = start + size;
    if (header.crc !== undefined && crc32(body) !== header.crc) {
      throw new Error('the checksum of a page differs from its bytes, which have changed since they were written');
    }
    return { header, body };
  }

  #readHeader(): PageHeader {
    const start = this.#position;
    const whole = Math.min(this.#end - start, WINDOW_BYTES);
    const ahead = this.#windowStart + this.#window.length - start;
    if (ahead > 0 && ahead < whole) {
      try {
        return readPageHeader(this.#bytes(start, start + ahead));
      } catch (error) {
        // What was read with the page before may hold a part of the header only.
        if (!(error instanceof CutOff)) throw error;
      }
    }
    return readPageHeader(this.#bytes(start, start + whole));
  }

  /** The bytes [start, end) of the file, from the window where they are in it. */
  #bytes(start: number, end: number): Uint8Array {
    const from = start - this.#windowStart;
    if (from >= 0 && from + end - start <= this.#window.length) return this.#window.subarray(from, from + end - start);
    const kind = end - start <= WINDOW_BYTES ? 'window' : 'page';
    const bytes = this.#file.slice(start, end, this.#memory[kind]);
    this.#file.budget.spend(bytes.length);
    if (bytes.length > this.#memory[kind].length) this.#memory[kind] = bytes;
    if (kind === 'window') {
      this.#window = bytes;
      this.#windowStart = start;
    }
    return bytes;
  }
}
