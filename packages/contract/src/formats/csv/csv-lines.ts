/**
 * The lines of CSV files in the kernel's memory: whatever their delimiter is, the kernel reads commas, and the header lines
 * of later objects in a pipe are found.
 */
import type { Place } from '../place.js';
import { LineBuffer } from '../text/line-buffer.js';
import { lineEnd } from '../text/lines.js';
import { COMMA, delimiterOf, fromCommas, inCommas, toCommas } from './delimiter.js';
import type { Seen } from './hints.js';
import { RepeatedHeader } from './repeated-header.js';

/** The start of the input, for hints about a bad line. */
const SEEN_BYTES = 4096;

export class CsvLines extends LineBuffer {
  /** Of this file; known with its first line. */
  #delimiter = COMMA;
  /** Whether this file is a pipe, in which objects follow one another. */
  #isPipe = false;
  #header: RepeatedHeader | undefined;
  /** Where the header line comes next; undefined while it was not looked for. */
  #headerAt: number | undefined;

  get delimiter(): number {
    return this.#delimiter;
  }

  /** The header line of a pipe, which its other objects have, too. */
  get repeatedHeader(): RepeatedHeader | undefined {
    return this.#header;
  }

  override startFile(place: Place, isPipe = false): void {
    this.#delimiter = COMMA;
    this.#isPipe = isPipe;
    this.#header = undefined;
    super.startFile(place);
  }

  override space(): Uint8Array {
    this.#headerAt = undefined;
    return super.space();
  }

  override added(count: number): void {
    toCommas(this.bytes, this.end, this.end + count, this.#delimiter);
    super.added(count);
  }

  override endFile(): void {
    this.#headerAt = undefined;
    super.endFile();
  }

  override move(offset: number): void {
    this.#headerAt = undefined;
    super.move(offset);
  }

  /** Finds out the delimiter of this file from its first line, which is the current one. */
  findDelimiter(): void {
    this.#delimiter = delimiterOf(this.current());
  }

  /** Puts commas in the place of the delimiter, once per file, in what is here; `added` does so with the rest. */
  writeCommas(): void {
    toCommas(this.bytes, this.start, this.end, this.#delimiter);
  }

  /** Consumes the header line. @param names of its columns */
  skipHeader(names: readonly string[]): void {
    if (this.#isPipe) this.#header = new RepeatedHeader(inCommas(this.current(), this.#delimiter), names);
    // Rows of requests are counted, lines of files.
    this.skipLine(this.place.unit === 'line');
  }

  /** Where the rows of this object end among the whole lines. */
  get rowsEnd(): number {
    this.#headerAt ??= this.#header?.find(this.bytes, this.start, this.linesEnd);
    return this.#headerAt ?? this.linesEnd;
  }

  /** Whether the current line is the header line of another object. */
  get isAtHeader(): boolean {
    return this.#header !== undefined && this.hasLines && this.rowsEnd === this.start;
  }

  /** Consumes header lines of other objects. */
  skipRepeatedHeaders(): void {
    while (this.isAtHeader) {
      this.skipLine();
      this.#headerAt = undefined;
    }
  }

  /** `bytes` of the input as they were written. */
  asWritten(bytes: Uint8Array): Uint8Array {
    return fromCommas(bytes, this.#delimiter);
  }

  /** The line `line`, which begins at `start`, and some of what follows, as they were written. */
  seen(line: number, start = this.start): Seen {
    const input = this.bytes.subarray(start, this.end);
    const seen = input.slice(0, Math.max(lineEnd(input, 0), SEEN_BYTES));
    const isRequest = this.place.unit === 'row';
    return { line, bytes: this.asWritten(seen), delimiter: this.#delimiter, isRequest };
  }
}
