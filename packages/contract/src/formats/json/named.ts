/**
 * Rows whose numbers have the names of their columns: `{"age":40,"height":1.8}`, and the same by column,
 * `{"age":[40,41],"height":[1.8,1.7]}`. Only a model that knows the names of its columns can be asked so.
 */
import { ClientError } from '../../errors.js';
import { quoted } from '../../visible.js';
import { CHAR } from './characters.js';
import type { JsonScanner } from './scanner.js';
import { enlarged, type RowTable } from './table.js';

/** The members of one object, by column; used again for each row. */
export class NamedRow {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #names: readonly string[] | undefined;
  readonly #values: Float64Array;
  /** By column, the row that last had it, from 1. */
  readonly #rowOf: Uint32Array;
  #row = 0;
  #found = 0;
  #unknown: string | undefined;
  #twice: string | undefined;
  /** A member that is no number, as messages show it. */
  #other: { readonly name: string; readonly text: string } | undefined;

  constructor(names: readonly string[] | undefined) {
    this.#names = names;
    this.#columns = new Map(names?.map((name, column) => [name, column]));
    this.#values = new Float64Array(names?.length ?? 0);
    this.#rowOf = new Uint32Array(names?.length ?? 0);
  }

  start(): void {
    this.#row += 1;
    this.#found = 0;
    this.#unknown = this.#twice = this.#other = undefined;
  }

  /** Reads the value of the member `name`, whatever it is. */
  member(name: string, scanner: JsonScanner, table: RowTable): void {
    const column = this.#columns.get(name);
    if (column === undefined) {
      this.#unknown ??= name;
      scanner.skip();
      return;
    }
    const value = oneCell(scanner, table, column);
    if (typeof value === 'string') {
      this.#other ??= { name, text: value };
      return;
    }
    if (this.#rowOf[column] === this.#row) this.#twice ??= name;
    else this.#found += 1;
    this.#rowOf[column] = this.#row;
    this.#values[column] = value;
  }

  /** Whether a column was named, so that the object is meant as a row. */
  get isRow(): boolean {
    return this.#found > 0 || this.#other !== undefined;
  }

  /**
   * Ends the row.
   * @throws ClientError naming the column that is missing, unknown, there twice or no number
   */
  end(table: RowTable): void {
    const names = this.#names!;
    if (this.#other) {
      const { name, text } = this.#other;
      throw new ClientError(
        'E_DATA_NUMBER',
        `${table.place} column ${quoted(name)}: expected a number; received ${text}.`,
      );
    }
    const missing = this.#found < names.length ? this.#missing(names) : undefined;
    const wrong = this.#unknown ?? this.#twice;
    if (missing !== undefined || wrong !== undefined) {
      const received =
        missing !== undefined
          ? `none named ${quoted(missing)}`
          : `${quoted(wrong!)}${this.#unknown === undefined ? ' twice' : ''}`;
      throw new ClientError(
        'E_DATA_COLUMNS',
        `${table.place}: expected each of the model's ${names.length} columns once, by name; received ${received}.`,
      );
    }
    for (let column = 0; column < names.length; column++) table.push(this.#values[column]!);
    table.endRows(1, names.length, (column) => `column ${quoted(names[column]!)}`);
  }

  #missing(names: readonly string[]): string {
    return names[this.#rowOf.findIndex((row) => row !== this.#row)]!;
  }
}

/** The rows of an object of columns, each a list with one number per row. */
export function readNamedColumns(scanner: JsonScanner, table: RowTable): void {
  const { featureNames: names } = table.rules;
  if (!names) throw noNames(table.place);
  const columns = new Map(names.map((name, column) => [name, column]));
  const found = new Map<number, Float64Array>();
  for (let follows = scanner.open(CHAR.openObject); follows; follows = scanner.more(CHAR.openObject)) {
    const name = scanner.key();
    const column = columns.get(name);
    if (column === undefined || found.has(column)) {
      const received = `${quoted(name)}${column === undefined ? '' : ' twice'}`;
      throw new ClientError(
        'E_DATA_COLUMNS',
        `request: expected each of the model's ${names.length} columns once, by name; received ${received}.`,
      );
    }
    found.set(column, readColumn(scanner, table, column));
  }
  const missing = names.find((_, column) => !found.has(column));
  if (missing !== undefined) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `request: expected each of the model's ${names.length} columns once, by name; received none named ${quoted(missing)}.`,
    );
  }
  const lists = names.map((_, column) => found.get(column)!);
  const rows = lists[0]?.length ?? 0;
  const other = lists.findIndex(({ length }) => length !== rows);
  if (other >= 0) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `request column ${quoted(names[other]!)}: expected ${rows} numbers as column ${quoted(names[0]!)} has; received ${lists[other]!.length}.`,
    );
  }
  for (let row = 0; row < rows; row++) for (const list of lists) table.push(list[row]!);
  table.endRows(rows, names.length, (column) => `column ${quoted(names[column]!)}`);
}

/** The refusal of names by a model that has none. */
function noNames(place: string): ClientError {
  return new ClientError(
    'E_DATA_COLUMNS',
    `${place}: expected the columns by position, since the model was trained without names of columns; received them by name. Send {"features":[…]} in the order of the training data.`,
  );
}

// --- internal ---

/** A number, or the one number of a list, as TensorFlow Serving has it; for any other value its text. */
function oneCell(scanner: JsonScanner, table: RowTable, column: number): number | string {
  if (table.isCell(scanner)) return table.cell(scanner, column);
  if (scanner.peek() !== CHAR.openList) return scanner.shown();
  const start = scanner.position;
  let value: number | undefined;
  let size = 0;
  for (let follows = scanner.open(CHAR.openList); follows; follows = scanner.more(CHAR.openList), size++) {
    if (size === 0 && table.isCell(scanner)) value = table.cell(scanner, column);
    else scanner.skip();
  }
  return size === 1 && value !== undefined ? value : scanner.shownFrom(start);
}

function readColumn(scanner: JsonScanner, table: RowTable, column: number): Float64Array {
  let values: Float64Array = new Float64Array(16);
  let count = 0;
  const refused = () =>
    new ClientError(
      'E_DATA_NUMBER',
      `request row ${count + 1} column ${quoted(table.rules.featureNames![column]!)}: expected a number; received ${scanner.shown()}.`,
    );
  if (scanner.peek() !== CHAR.openList) throw refused();
  for (let follows = scanner.open(CHAR.openList); follows; follows = scanner.more(CHAR.openList)) {
    const isWrapped = scanner.peek() === CHAR.openList && scanner.open(CHAR.openList);
    if (!table.isCell(scanner)) throw refused();
    if (count === values.length) values = enlarged(values, count + 1);
    values[count++] = table.cell(scanner, column);
    if (isWrapped && scanner.more(CHAR.openList)) throw refused();
  }
  return values.subarray(0, count);
}
