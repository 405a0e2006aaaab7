/**
 * Rows of a JSON request gathered into one block: numbers go straight into a growing array, no row becomes an object. The
 * block is dense, or sparse once a row has keys, so that a few bytes never stand for many columns.
 */
import { quoted } from '../../visible.js';
import type { Block, SparseBlock, ValuePolicy } from '../block.js';
import type { TextColumn, TextColumns } from '../categories/text-columns.js';
import { magnitudeLimit } from '../float32-range.js';
import { readCell } from './cell.js';
import { checkUnusual, otherShape, otherWidth, type TooLarge, withoutColumns, withoutKeys } from './row-problems.js';
import type { JsonScanner } from './scanner.js';

/** What the rows of a request must be. */
export interface RowRules {
  /** Columns of every row; without, the first row sets them. */
  readonly featureCount?: number;
  readonly policy: ValuePolicy;
  /** Element type of the values; default 'float64'. */
  readonly precision?: 'float64' | 'float32';
  /** Names of the model's columns, in order: rows that are objects of named numbers are put into it. */
  readonly featureNames?: readonly string[];
  /** Which columns hold text; absent: none. */
  readonly texts?: TextColumns;
}

export class RowTable {
  readonly rules: RowRules;
  readonly #limit: number;
  #values: Float64Array | Float32Array;
  /** Finite numbers beyond the limit as they were written, by their place in `values`, which may not hold them. */
  readonly #beyond = new Map<number, number>();
  readonly #tooLarge: TooLarge = { count: 0, written: '' };
  readonly #texts: readonly (TextColumn | undefined)[] | undefined;
  /** Numbers in `values`; the row that is being read has those from `rowStart` on. */
  count = 0;
  #rowStart = 0;
  #rows = 0;
  #columns: number | undefined;
  /** Sizes of the lists that each row is made of. */
  #shape: readonly number[] | undefined;
  #sparse: { columnIndices: Uint32Array; rowStarts: number[] } | undefined;

  /** @param bytes of the request, from which the size of the table is guessed */
  constructor(rules: RowRules, bytes: number) {
    this.rules = rules;
    this.#limit = magnitudeLimit(rules.policy);
    this.#columns = rules.featureCount;
    const { texts, featureCount = 0, featureNames } = rules;
    this.#texts =
      texts &&
      Array.from({ length: featureCount }, (_, index) =>
        texts.of({ role: 'feature', index, name: featureNames?.[index], number: index + 1 }),
      );
    const Values = rules.precision === 'float32' ? Float32Array : Float64Array;
    this.#values = new Values(Math.max(16, bytes >> 3));
  }

  /** The row that is being read, as messages begin. */
  get place(): string {
    return this.placeOf(this.#rows);
  }

  /** @param row from 0 */
  placeOf(row: number): string {
    return `request row ${row + 1}`;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Where the numbers of the row that is being read begin. */
  get rowStart(): number {
    return this.#rowStart;
  }

  /** Whether the scanner's next value is a cell: a number, a boolean, null, or a text where the algorithm takes text. */
  isCell(scanner: JsonScanner): boolean {
    return scanner.isCell() || (this.rules.policy.text === 'accept' && scanner.isText());
  }

  /**
   * Reads such a cell: its number, or the code of its text.
   * @param column of the cell, from 0; default: the next one of the row
   * @throws ClientError E_DATA_NUMBER for text in a column of numbers, E_DATA_CATEGORY
   */
  cell(scanner: JsonScanner, column?: number): number {
    const value = this.#read(scanner, column);
    if (Math.abs(value) === Number.POSITIVE_INFINITY) {
      this.#tooLarge.count += 1;
      this.#tooLarge.written = scanner.writtenCell();
    }
    return value;
  }

  #read(scanner: JsonScanner, column: number | undefined): number {
    if (!this.#texts && !scanner.isText()) return scanner.cell();
    const index = column ?? (this.count - this.#rowStart) % (this.#columns || 1);
    const name = this.rules.featureNames?.[index];
    const where = () => `${this.place} column ${name === undefined ? index + 1 : quoted(name)}`;
    return readCell(scanner, this.#texts?.[index], where);
  }

  /** The next number of the row; NaN is a missing one. */
  push(value: number): void {
    if (this.count === this.#values.length) this.#values = enlarged(this.#values, this.count + 1);
    if (Number.isFinite(value) && Math.abs(value) >= this.#limit) this.#beyond.set(this.count, value);
    this.#values[this.count++] = value;
  }

  /** Takes back what was pushed for the row that is being read: its numbers. */
  takeBack(): Float64Array {
    const values = Float64Array.from(this.#values.subarray(this.#rowStart, this.count));
    for (const [at, value] of this.#beyond) {
      if (at < this.#rowStart) continue;
      values[at - this.#rowStart] = value;
      this.#beyond.delete(at);
    }
    this.count = this.#rowStart;
    return values;
  }

  /**
   * Ends a row of all that was pushed since the last one.
   * @param shape sizes of the lists within each other that it was written as
   */
  endRow(shape: readonly number[]): void {
    const width = this.count - this.#rowStart;
    this.#requireWidth(width);
    this.#requireShape(shape);
    this.#checkValues((i) => `column ${i + 1}`);
    if (this.#sparse) {
      const indices = this.#reserveIndices(this.#sparse);
      for (let column = 0; column < width; column++) indices[this.#rowStart + column] = column;
    }
    this.#nextRow();
  }

  /** As `endRow`, for numbers at `keys` of `width` columns; keys ascend. */
  endSparseRow(keys: Float64Array, width: number): void {
    if (this.#texts) throw withoutKeys(this.place);
    this.#requireWidth(width);
    this.#checkValues((i) => `column ${keys[i]! + 1}`);
    this.#sparse ??= this.#asSparse();
    this.#reserveIndices(this.#sparse).set(keys, this.#rowStart);
    this.#nextRow();
  }

  /** Ends this many rows that were pushed one after another. */
  endRows(rows: number, columns: number, place: (index: number) => string = (i) => `column ${i + 1}`): void {
    const end = this.count;
    for (let row = 0; row < rows; row++) {
      this.count = this.#rowStart + columns;
      this.#requireWidth(columns);
      this.#checkValues(place);
      if (this.#sparse) {
        const indices = this.#reserveIndices(this.#sparse);
        for (let column = 0; column < columns; column++) indices[this.#rowStart + column] = column;
      }
      this.#nextRow();
    }
    this.count = end;
  }

  /** The block of all rows, undefined when there is none. */
  finish(): Block | SparseBlock | undefined {
    const rows = this.#rows;
    if (rows === 0 || this.#columns === undefined) return undefined;
    const head = { rows, columns: this.#columns, labelCount: 0, labels: new Float64Array(0), source: 'request' };
    const values = this.#values.subarray(0, this.#rowStart);
    if (!this.#sparse) return { ...head, features: values, firstLine: 1 };
    const { columnIndices, rowStarts } = this.#sparse;
    return {
      ...head,
      rowStarts: Uint32Array.from(rowStarts),
      columnIndices: columnIndices.subarray(0, this.#rowStart),
      values,
      firstLine: 1,
    };
  }

  #nextRow(): void {
    this.#rows += 1;
    this.#rowStart = this.count;
    this.#sparse?.rowStarts.push(this.count);
  }

  /** Every number so far gets the index of its column. */
  #asSparse(): { columnIndices: Uint32Array; rowStarts: number[] } {
    const columns = this.#columns!;
    const columnIndices = new Uint32Array(this.#values.length);
    for (let entry = 0; entry < this.#rowStart; entry++) columnIndices[entry] = entry % columns;
    return { columnIndices, rowStarts: Array.from({ length: this.#rows + 1 }, (_, row) => row * columns) };
  }

  #reserveIndices(sparse: { columnIndices: Uint32Array }): Uint32Array {
    if (sparse.columnIndices.length < this.count) {
      const larger = new Uint32Array(this.#values.length);
      larger.set(sparse.columnIndices);
      sparse.columnIndices = larger;
    }
    return sparse.columnIndices;
  }

  #requireWidth(width: number): void {
    if (this.#columns === undefined) {
      if (width === 0) throw withoutColumns(this.place);
      this.#columns = width;
    }
    if (width !== this.#columns) throw otherWidth(this.place, this.#columns, width);
  }

  #requireShape(shape: readonly number[]): void {
    this.#shape ??= [...shape];
    const first = this.#shape;
    if (first.length === shape.length && first.every((size, i) => size === shape[i])) return;
    throw otherShape(this.place, first, shape);
  }

  #checkValues(column: (index: number) => string): void {
    const values = this.#values;
    for (let i = this.#rowStart; i < this.count; i++) {
      if (Math.abs(values[i]!) < this.#limit) continue;
      const cell = `${this.place} ${column(i - this.#rowStart)}`;
      checkUnusual(this.#beyond.get(i) ?? values[i]!, cell, this.rules.policy, this.#tooLarge);
    }
  }
}

/** `array` with room for `least` numbers or half as many again. */
export function enlarged<A extends Float64Array | Float32Array>(array: A, least: number): A {
  const larger = new (array.constructor as new (length: number) => A)(Math.max(least, Math.ceil(array.length * 1.5)));
  larger.set(array);
  return larger;
}
