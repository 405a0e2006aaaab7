/**
 * Rows of a channel in JSON, gathered into blocks: each a record, `{"species":"Adelie","year":2007}`, or a list in the
 * order of the columns. The first row of a file says which, and what the columns are; records have theirs in any order.
 */
import { ClientError } from '../../errors.js';
import { quoted } from '../../visible.js';
import type { Block, ColumnValues } from '../block.js';
import { checkMaxRows } from '../block-size.js';
import { type BlockWriter, blockOf, createWriter, targetOf } from '../block-writer.js';
import type { TextColumn } from '../categories/text-columns.js';
import { checkValues } from '../check-values.js';
import type { NamedColumns } from '../column-names.js';
import {
  type ExpectedNames,
  expectedNames,
  namesOf,
  planColumns,
  positioned,
  type Role,
  requireNames,
} from '../column-plan.js';
import type { ReadSettings } from '../reader.js';
import { beyondDouble, readCell } from './cell.js';
import { CHAR } from './characters.js';
import type { JsonScanner } from './scanner.js';

/** A column of the rows, with where its values go in a block. */
interface RowColumn {
  readonly role: Role;
  readonly name: string;
  /** The name as writers usually have it in a record. */
  readonly key: Uint8Array;
  /** As messages name it: `column 3`, `column "island"`. */
  readonly label: string;
  readonly text: TextColumn | undefined;
  readonly target: Omit<ColumnValues, 'rows'>;
}

/** What all rows of a file are held to, known with the first one. */
interface Plan {
  /** In the order in which the first row has them. */
  readonly columns: readonly RowColumn[];
  /** Their positions in `columns`, by name; undefined for lists. */
  readonly byName: ReadonlyMap<string, number> | undefined;
  readonly writer: BlockWriter;
}

/** Blocks of rows: `read` each, and `take` what there is once `isFull` or the file ends. */
export class RowGatherer {
  readonly #settings: ReadSettings;
  #expected: ExpectedNames;
  #plan: Plan | undefined;
  /** Of this file or one before it; others use it, too, if they have as many columns. */
  #writer: BlockWriter | undefined;
  #rows = 0;
  /** By column, the row of the pass that last had it, from 1. */
  #rowOf = new Float64Array(0);
  #row = 0;

  /** @param as columns that the rows must agree with, by name; default: those of the first file that has names */
  constructor(settings: ReadSettings, as: NamedColumns | undefined) {
    checkMaxRows(settings.maxRows);
    this.#settings = settings;
    this.#expected = { ...expectedNames(settings), as };
  }

  /** Rows that are gathered. */
  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#plan !== undefined && this.#rows === this.#plan.writer.capacity;
  }

  /** Whether the columns are known, by the first row of this file. */
  get isPlanned(): boolean {
    return this.#plan !== undefined;
  }

  /** Of the columns; undefined before the first row, or where rows are lists. */
  get names(): NamedColumns | undefined {
    return this.#expected.as;
  }

  startFile(): void {
    this.#rows = 0;
    this.#plan = undefined;
  }

  /**
   * Reads the row that is next.
   * @param where names it, as messages begin: `train/a.jsonl line 7`
   * @param source of the first row, as messages name it: `train/a.jsonl`
   * @param again restarts the scanner at this row
   * @throws ClientError E_DATA_NUMBER, E_DATA_COLUMNS, E_DATA_CATEGORY naming the place
   */
  read(scanner: JsonScanner, where: () => string, source: string, again: () => void): void {
    const char = scanner.peek();
    if (char !== CHAR.openObject && char !== CHAR.openList) {
      throw new ClientError(
        'E_DATA_FORMAT',
        `${where()}: expected a row such as {"age":40,"height":1.8} or [40,1.8]; received ${scanner.shown()}.`,
      );
    }
    if (!this.#plan) {
      this.#plan = this.#planRow(scanner, where, source);
      again();
    }
    this.#row += 1;
    if (char === CHAR.openObject) this.#readRecord(scanner, this.#plan, where);
    else this.#readList(scanner, this.#plan, where);
    this.#rows += 1;
  }

  /**
   * The rows that were gathered, in arrays that the next ones use again; undefined when there are none.
   * @param place of a row by its offset from the first, for the start of messages
   * @throws ClientError naming the first value that must not be
   */
  take(source: string, firstLine: number, place: (row: number) => string): Block | undefined {
    const plan = this.#plan;
    const rows = this.#rows;
    if (!plan || rows === 0) return undefined;
    this.#rows = 0;
    if (!this.#settings.texts?.isSurvey) {
      for (const column of plan.columns) {
        checkValues({ ...column.target, rows }, column, this.#settings.policy, place);
      }
    }
    return blockOf(plan.writer, rows, source, firstLine);
  }

  #planRow(scanner: JsonScanner, where: () => string, source: string): Plan {
    const isRecord = scanner.peek() === CHAR.openObject;
    const found = isRecord ? namesIn(scanner, where) : undefined;
    const count = found?.length ?? countCells(scanner);
    const given = (found ?? Array.from({ length: count }, (_, at) => String(at))).map((name, at) => ({ name, at }));
    const { as, labelName, featureNames, ...byPosition } = this.#expected;
    const expected = found ? this.#expected : byPosition;
    if (!found) requireNames(this.#expected, where());
    const planned = positioned(planColumns(given, expected, where()));
    const names = found && namesOf(planned, source);
    if (names) this.#expected = { ...this.#expected, as: as ?? names };
    if (!this.#writer || count !== this.#rowOf.length) {
      this.#writer = createWriter(planned, this.#settings);
      this.#rowOf = new Float64Array(count);
    }
    const writer = { ...this.#writer, columnNames: names?.features };
    const columns = planned.map(({ role, index, name, at }): RowColumn & { at: number } => ({
      role,
      name,
      key: Buffer.from(JSON.stringify(name)),
      label: found ? `column ${quoted(name)}` : `column ${at + 1}`,
      text: this.#settings.texts?.of({ role, index, number: at + 1, ...(found && { name }) }),
      target: targetOf(writer, { role, index }),
      at,
    }));
    return {
      columns: columns.sort((one, other) => one.at - other.at),
      byName: found && new Map(found.map((name, at) => [name, at])),
      writer,
    };
  }

  #readRecord(scanner: JsonScanner, { byName, columns }: Plan, where: () => string): void {
    if (!byName) throw otherForm(where(), 'a list', 'an object');
    let left = columns.length;
    for (let follows = scanner.open(CHAR.openObject); follows; follows = scanner.more(CHAR.openObject)) {
      // Records that one program wrote have their members in one order.
      const next = columns[columns.length - left];
      const name = next && scanner.takesKey(next.key) ? next.name : scanner.key();
      const at = byName.get(name);
      if (at === undefined || this.#rowOf[at] === this.#row) {
        throw wrongNames(where(), columns.length, `${quoted(name)}${at === undefined ? '' : ' twice'}`);
      }
      this.#rowOf[at] = this.#row;
      this.#readCell(scanner, columns[at]!, where);
      left -= 1;
    }
    if (left === 0) return;
    const missing = [...byName].find(([, at]) => this.#rowOf[at] !== this.#row)![0];
    throw wrongNames(where(), columns.length, `none named ${quoted(missing)}`);
  }

  #readList(scanner: JsonScanner, { byName, columns }: Plan, where: () => string): void {
    if (byName) throw otherForm(where(), 'an object', 'a list');
    let count = 0;
    for (let follows = scanner.open(CHAR.openList); follows; follows = scanner.more(CHAR.openList)) {
      const column = columns[count++];
      if (column) this.#readCell(scanner, column, where);
      else scanner.skip();
    }
    if (count === columns.length) return;
    throw new ClientError(
      'E_DATA_COLUMNS',
      `${where()}: expected ${columns.length} columns as in the first row; received ${count}.`,
    );
  }

  #readCell(scanner: JsonScanner, { target, text, role, label }: RowColumn, where: () => string): void {
    const cell = () => `${where()} ${label}`;
    if (!scanner.isCell() && !scanner.isText()) {
      throw new ClientError(
        'E_DATA_NUMBER',
        `${cell()}: expected a number, a boolean${this.#settings.policy.text === 'accept' ? ', text' : ''} or null; received ${scanner.shown()}.`,
      );
    }
    const value = readCell(scanner, text, cell);
    const isRefused = role !== 'feature' || this.#settings.policy.infiniteValues === 'refuse';
    if (isRefused && Math.abs(value) === Number.POSITIVE_INFINITY) {
      throw beyondDouble(cell(), role === 'feature' ? 'value' : role, scanner.writtenCell());
    }
    target.values[this.#rows * target.stride + target.offset] = value;
  }
}

// --- internal ---

function namesIn(scanner: JsonScanner, where: () => string): readonly string[] {
  const names = new Set<string>();
  for (let follows = scanner.open(CHAR.openObject); follows; follows = scanner.more(CHAR.openObject)) {
    const name = scanner.key();
    if (names.has(name)) throw new ClientError('E_DATA_COLUMNS', `${where()}: the name ${quoted(name)} is used twice.`);
    names.add(name);
    scanner.skip();
  }
  return [...names];
}

function countCells(scanner: JsonScanner): number {
  let count = 0;
  for (let follows = scanner.open(CHAR.openList); follows; follows = scanner.more(CHAR.openList)) {
    scanner.skip();
    count += 1;
  }
  return count;
}

function wrongNames(where: string, count: number, received: string): ClientError {
  return new ClientError(
    'E_DATA_COLUMNS',
    `${where}: expected each of the ${count} columns of the first row once, by name; received ${received}.`,
  );
}

function otherForm(where: string, expected: string, received: string): ClientError {
  return new ClientError('E_DATA_FORMAT', `${where}: expected ${expected} as in the first row; received ${received}.`);
}
