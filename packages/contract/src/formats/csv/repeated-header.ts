/**
 * The header lines of later objects in a pipe. Pipe mode joins objects without a sign of where one begins, so the first
 * line of the stream is the header line, and a later line with the same bytes is that of another object.
 */
import { ClientError } from '../../errors.js';
import type { Place } from '../place.js';
import { byteOrderMarkLength, LINE_FEED, lineEnd } from '../text/lines.js';
import { fieldsOf } from './fields.js';
import type { Seen } from './hints.js';

export class RepeatedHeader {
  readonly #line: Uint8Array;
  readonly #names: ReadonlySet<string>;

  /** @param line without its line break, as later ones are in the kernel's memory @param names of its columns */
  constructor(line: Uint8Array, names: readonly string[]) {
    this.#line = line;
    this.#names = new Set(names);
  }

  /** Where the next header line begins among the whole lines of [start, end), with its byte order mark; `end` for none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const lines = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    for (let at = lines.indexOf(this.#line); at >= 0; at = lines.indexOf(this.#line, at + 1)) {
      const begin = byteOrderMarkLength(lines, at - BYTE_ORDER_MARK) > 0 ? at - BYTE_ORDER_MARK : at;
      const isAtStart = begin === 0 || lines[begin - 1] === LINE_FEED;
      if (isAtStart && lineEnd(lines, at) === at + this.#line.length) return start + begin;
    }
    return end;
  }

  /** Whether `text` is the name of a column. */
  has(text: string): boolean {
    return this.#names.has(text);
  }

  /**
   * The error for a line that has the names, but is not the header line: one with another order or other quotes, or one
   * behind an object without a last line break. Undefined for any other.
   */
  problem(place: Place, { line, bytes, delimiter }: Seen): ClientError | undefined {
    const fields = fieldsOf(bytes.subarray(0, lineEnd(bytes, 0)), delimiter);
    const { size } = this.#names;
    const where = `${place.label} ${place.unit} ${line}`;
    if (fields.length === size && [...this.#names].every((name) => fields.includes(name))) {
      return new ClientError(
        'E_DATA_COLUMNS',
        `${where}: expected a row, or the header line as on line 1; received its names in another order or form. In Pipe mode the header lines of all objects must be the same.`,
      );
    }
    const last = fields.slice(1 - size);
    if (size > 1 && fields.length === 2 * size - 1 && last.every((field) => this.#names.has(field))) {
      return new ClientError(
        'E_DATA_COLUMNS',
        `${where}: expected ${size} columns as on line 1; received a row with a header line behind it. In Pipe mode each object must end with a line break.`,
      );
    }
    return undefined;
  }
}

// --- internal ---

/** Bytes of a mark. */
const BYTE_ORDER_MARK = 3;
