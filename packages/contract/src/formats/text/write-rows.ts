/**
 * Predictions as text: columns are written straight into it, a chunk of rows at a time; no row becomes an object. Numbers
 * have as many digits as their type needs to be read back.
 */
import type { PredictionColumn } from '../../prediction.js';
import type { AnswerLayout } from '../format.js';

/** The text of one row's part that a column contributes. */
export type Field = (row: number) => string;

/** What is around rows, and in place of a record without one. */
export interface Frame {
  readonly before: string;
  readonly between: string;
  readonly after: string;
  readonly blank: string;
}

/** The frame of a format with a line per record. */
export function linesFrame({ hasFinalNewline }: AnswerLayout): Frame {
  return { before: '', between: '\n', after: hasFinalNewline ? '\n' : '', blank: '' };
}

export function joinRows(rows: number, fields: readonly Field[], frame: Frame, blanks: AnswerLayout['blanks']): Buffer {
  const written = new TextBytes();
  let text = frame.before;
  let records = 0;
  for (let row = 0; row <= rows; row++) {
    for (let blank = blanks.get(row) ?? 0; blank > 0; blank--)
      text += (records++ > 0 ? frame.between : '') + frame.blank;
    if (row === rows) break;
    if (records++ > 0) text += frame.between;
    for (const field of fields) text += field(row);
    if (text.length >= CHUNK_CHARS) {
      written.add(text, rows / (row + 1));
      text = '';
    }
  }
  return written.finish(records > 0 || frame.before !== '' ? text + frame.after : text);
}

export function isTextColumn(column: PredictionColumn): column is readonly string[] {
  return Array.isArray(column);
}

/** Numbers and, for a list per row, how many: a width of 1 is one number per row, not a list. */
export function asList(column: Exclude<PredictionColumn, readonly string[]>) {
  if (ArrayBuffer.isView(column)) return { values: column, width: undefined };
  return { values: column.values, width: column.width === 1 ? undefined : column.width };
}

/** `count` numbers from `start`, with commas between. */
export function joinCells(
  values: ArrayLike<number>,
  start: number,
  count: number,
  write: (value: number) => string,
): string {
  let text = write(values[start]!);
  for (let i = 1; i < count; i++) text += `,${write(values[start + i]!)}`;
  return text;
}

// --- internal ---

/** Long enough that buffers are few, short enough that the engine's text stays in its young generation. */
const CHUNK_CHARS = 1 << 16;
/** How much more than the first rows promise is made room for; not too much, since others may be shorter. */
const SPARE = 1.05;
const MAX_GROWTH = 64;

/** Text as bytes in one array, which is made large enough for all of it by what the first of it takes. */
class TextBytes {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  /** @param share of all text that is there with this, as its inverse: 2 where half of it is still to come */
  add(text: string, share: number): void {
    this.#reserve(Buffer.byteLength(text), share);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** All of it, `text` last. */
  finish(text: string): Buffer {
    if (this.#length === 0) return Buffer.from(text);
    this.add(text, 1);
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number, share: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.ceil(needed * Math.min(share, MAX_GROWTH) * SPARE));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
