/**
 * The shapes in which clients write rows as JSON, distinguished while they are read: `features`, `data.features`,
 * `values` with `keys` and `shape`, bare lists, numbers by the name of their column, and TensorFlow Serving's `inputs`.
 * Sources: AWS guide, "Common Data Formats for Inference"; TensorFlow Serving, "RESTful API".
 */
import { ClientError } from '../../errors.js';
import { quoted } from '../../visible.js';
import { CHAR } from './characters.js';
import { type NamedRow, readNamedColumns } from './named.js';
import type { JsonScanner } from './scanner.js';
import type { RowTable } from './table.js';
import { TensorReader, twice } from './tensor.js';

const EXAMPLE_JSON = '{"instances":[{"features":[1,2]}]}';
const EXAMPLE_INSTANCE = '{"features":[1,2]}, [1,2] or {"data":{"features":{"values":[1,2]}}}';

/** Reads the rows that one scanner has into a table. */
export class InstanceReader {
  readonly #scanner: JsonScanner;
  readonly #table: RowTable;
  readonly #tensor: TensorReader;
  readonly #named: NamedRow;

  constructor(scanner: JsonScanner, table: RowTable, named: NamedRow) {
    this.#scanner = scanner;
    this.#table = table;
    this.#tensor = new TensorReader(scanner, table);
    this.#named = named;
  }

  /** A whole request: an object with `instances` or `inputs`, a list of rows, or one row. */
  document(): void {
    const scanner = this.#scanner;
    const char = scanner.peek();
    if (char === CHAR.openObject) this.#object(true);
    else if (char === CHAR.openList) this.#batch();
    else if (char < 0) throw this.#noInstances('nothing');
    else throw this.#noInstances(scanner.shown());
    scanner.finish();
  }

  /** One line of JSON Lines. */
  line(): void {
    this.#instance();
    this.#scanner.finish();
  }

  #instance(): void {
    const scanner = this.#scanner;
    const char = scanner.peek();
    if (char === CHAR.openObject) this.#object(false);
    else if (char === CHAR.openList) this.#table.endRow(this.#tensor.list());
    else if (scanner.isCell() && char !== CHAR.n) {
      this.#table.push(scanner.cell());
      this.#table.endRow([1]);
    } else throw this.#noInstance(scanner.shown());
  }

  /** A list of rows. Numbers in it are one row together, or one each when the model has one column. */
  #batch(): void {
    const scanner = this.#scanner;
    let follows = scanner.open(CHAR.openList);
    if (!follows) return;
    if (!this.#table.isCell(scanner) || this.#table.rules.featureCount === 1) {
      for (; follows; follows = scanner.more(CHAR.openList)) this.#instance();
      return;
    }
    let size = 0;
    for (; follows; follows = scanner.more(CHAR.openList), size++) {
      if (!this.#table.isCell(scanner)) {
        const cell = `${this.#table.place} column ${size + 1}`;
        throw new ClientError('E_DATA_NUMBER', `${cell}: expected a number; received ${scanner.shown()}.`);
      }
      this.#table.push(this.#table.cell(scanner));
    }
    this.#table.endRow([size]);
  }

  #object(isDocument: boolean): void {
    const scanner = this.#scanner;
    const start = this.#begin();
    /** The features of a row end it: what follows them in its object is of that row still. */
    const row = this.#table.rows;
    const place = () => (isDocument ? 'request' : this.#table.placeOf(row));
    let found: string | undefined;
    const claim = (key: string) => {
      const other = found ?? (this.#tensor.hasValues ? 'values' : undefined);
      if (other !== undefined) throw other === key ? twice(place(), key) : conflict(place(), other, key);
      found = key;
    };
    this.#tensor.start();
    this.#named.start();
    let hasRows = false;
    for (let follows = scanner.open(CHAR.openObject); follows; follows = scanner.more(CHAR.openObject)) {
      const key = scanner.key();
      const char = scanner.peek();
      const isList = char === CHAR.openList;
      if (isDocument && (key === 'instances' || key === 'inputs') && (isList || char === CHAR.openObject)) {
        claim(key);
        hasRows = true;
        if (key === 'inputs' && char === CHAR.openObject) readNamedColumns(scanner, this.#table);
        else if (isList) this.#batch();
        else throw this.#noInstances(scanner.shown());
      } else if (key === 'features' && (isList || char === CHAR.openObject)) {
        claim(key);
        this.#features();
        hasRows = true;
      } else if (key === 'data' && char === CHAR.openObject) {
        if (this.#data(claim, place)) hasRows = true;
      } else if (!hasRows && this.#tensor.member(key)) {
        // Its numbers are in the table; the end of the object says what they are.
      } else this.#named.member(key, scanner, this.#table);
    }
    if (hasRows) return;
    if (this.#tensor.hasValues) this.#tensor.end(isDocument);
    else if (this.#named.isRow) this.#named.end(this.#table);
    else if (isDocument) throw this.#noInstances(scanner.shownFrom(start));
    else throw this.#noInstance(scanner.shownFrom(start));
  }

  /** `data` of an instance: an object with `features`. Whether it has any. */
  #data(claim: (key: string) => void, place: () => string): boolean {
    const scanner = this.#scanner;
    let isFound = false;
    for (let follows = scanner.open(CHAR.openObject); follows; follows = scanner.more(CHAR.openObject)) {
      const key = scanner.key();
      const char = scanner.peek();
      if (key === 'features' && (char === CHAR.openList || char === CHAR.openObject)) {
        if (isFound) throw twice(place(), key);
        claim('data');
        this.#features();
        isFound = true;
      } else scanner.skip();
    }
    return isFound;
  }

  /** The value of `features`: a list, or an object with values. */
  #features(): void {
    const scanner = this.#scanner;
    if (scanner.peek() === CHAR.openList) {
      this.#table.endRow(this.#tensor.list());
      return;
    }
    const start = this.#begin();
    this.#tensor.start();
    for (let follows = scanner.open(CHAR.openObject); follows; follows = scanner.more(CHAR.openObject)) {
      const key = scanner.key();
      if (!this.#tensor.member(key)) scanner.skip();
    }
    if (!this.#tensor.hasValues) throw this.#noInstance(scanner.shownFrom(start));
    this.#tensor.end(false);
    this.#tensor.start();
  }

  #begin(): number {
    this.#scanner.peek();
    return this.#scanner.position;
  }

  #noInstances(received: string): ClientError {
    return new ClientError(
      'E_REQUEST_BODY',
      `request: expected an object with a list "instances", such as ${EXAMPLE_JSON}; received ${received}.`,
    );
  }

  #noInstance(received: string): ClientError {
    return new ClientError(
      'E_REQUEST_BODY',
      `${this.#table.place}: expected an instance such as ${EXAMPLE_INSTANCE}; received ${received}.`,
    );
  }
}

// --- internal ---

function conflict(place: string, first: string, second: string): ClientError {
  return new ClientError(
    'E_REQUEST_BODY',
    `${place}: an object must have one of ${quoted(first)} and ${quoted(second)}; received both.`,
  );
}
