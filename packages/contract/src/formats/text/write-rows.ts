/**
 * Predictions as text: columns are written straight into it, a chunk of rows at a time; no row becomes an object. Numbers
 * have as many digits as their type needs to be read back.
 */
import type { PredictionColumn } from '../../prediction.js';
import type { AnswerLayout, BadRecord, Gap } from '../format.js';

/** The text of one row's part that a column contributes. */
export type Field = (row: number) => string;

/** What is around rows, and in place of a record without one. */
export interface Frame {
  readonly before: string;
  readonly between: string;
  readonly after: string;
  gap(gap: Gap): string;
}

/** The frame of a format with a line per record, a blank one for a blank one. @param bad the line of a bad record */
export function linesFrame({ hasFinalNewline }: AnswerLayout, bad: (record: BadRecord) => string): Frame {
  const gap = (gap: Gap) => (gap === 'blank' ? '' : bad(gap));
  return { before: '', between: '\n', after: hasFinalNewline ? '\n' : '', gap };
}

export function joinRows(rows: number, fields: readonly Field[], frame: Frame, gaps: AnswerLayout['gaps']): Buffer {
  let written: TextBytes | undefined;
  let text = frame.before;
  let records = 0;
  for (let row = 0; row <= rows; row++) {
    for (const gap of gaps.get(row) ?? []) text += (records++ > 0 ? frame.between : '') + frame.gap(gap);
    if (row === rows) break;
    if (records++ > 0) text += frame.between;
    for (const field of fields) text += field(row);
    if (text.length >= CHUNK_CHARS) {
      written ??= new TextBytes();
      written.add(text, rows / (row + 1));
      text = '';
    }
  }
  const last = records > 0 || frame.before !== '' ? text + frame.after : text;
  return written ? written.finish(last) : Buffer.from(last);
}

/** How the values of a column are written, each as the text of one cell. */
export interface CellWriters {
  text(value: string): string;
  float32(value: number): string;
  number(value: number): string;
}

/** The cells of a column, and for a list per row how many: a width of 1 is one cell per row, not a list. */
export function cellsOf(
  column: PredictionColumn,
  writers: CellWriters,
): { readonly cell: (index: number) => string; readonly width: number | undefined } {
  const { values, width } = asList(column);
  if (isTexts(values)) return { cell: (index) => writers.text(values[index]!), width };
  const write = values instanceof Float32Array ? writers.float32 : writers.number;
  return { cell: (index) => write(values[index]!), width };
}

/** `count` cells from `start`, with commas between. */
export function joinCells(cell: (index: number) => string, start: number, count: number): string {
  let text = cell(start);
  for (let i = 1; i < count; i++) text += `,${cell(start + i)}`;
  return text;
}

/** Values and, for a list per row, how many. */
export function asList(column: PredictionColumn) {
  if (!('width' in column)) return { values: column, width: undefined };
  return { values: column.values, width: column.width === 1 ? undefined : column.width };
}

export function isTexts(values: ArrayLike<number> | readonly string[]): values is readonly string[] {
  return Array.isArray(values);
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
