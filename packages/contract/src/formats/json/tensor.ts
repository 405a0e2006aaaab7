/**
 * The features of one row as JSON writes them: a list, lists within each other (an image, row-major), or values with a
 * shape and, for a sparse row, with keys. Values go directly into a RowTable.
 */
import { ClientError } from '../../errors.js';
import { CHAR } from './characters.js';
import type { JsonScanner } from './scanner.js';
import { enlarged, type RowTable } from './table.js';

const EXAMPLE_NESTED = 'such as [[1,2],[3,4]]';

/** Reads tensors from one scanner; its arrays are used again for the next row. */
export class TensorReader {
  readonly #scanner: JsonScanner;
  readonly #table: RowTable;
  /** Sizes of the lists by depth, -1 while not known. */
  #sizes: number[] = [];
  /** Depth of the lists that hold numbers, -1 while not known. */
  #leaf = -1;
  #keys: Float64Array = new Float64Array(16);
  #keyCount = 0;
  #hasKeys = false;
  #shape: number[] | undefined;
  #hasValues = false;

  constructor(scanner: JsonScanner, table: RowTable) {
    this.#scanner = scanner;
    this.#table = table;
  }

  /** Pushes the numbers of a list, nested or not; returns the sizes of its lists. */
  list(): readonly number[] {
    this.#sizes = [];
    this.#leaf = -1;
    const start = this.#table.count;
    this.#list(0, start);
    return this.#sizes;
  }

  /** Whether the member was one of a tensor's and has been read; otherwise its value is still to be read. */
  member(key: string): boolean {
    if (this.#scanner.peek() !== CHAR.openList) return false;
    if (key === 'values') {
      if (this.#hasValues) throw twice(this.#table.place, key);
      this.#hasValues = true;
      this.list();
    } else if (key === 'keys') {
      if (this.#hasKeys) throw twice(this.#table.place, key);
      this.#hasKeys = true;
      this.#readKeys();
    } else if (key === 'shape') {
      if (this.#shape) throw twice(this.#table.place, key);
      this.#shape = this.#readShape();
    } else return false;
    return true;
  }

  /** Forgets the members of the last row. */
  start(): void {
    this.#keyCount = 0;
    this.#hasKeys = this.#hasValues = false;
    this.#shape = undefined;
  }

  get hasValues(): boolean {
    return this.#hasValues;
  }

  /**
   * Ends the row that values, keys and shape make.
   * @param mayBeRows whether a shape of [rows, columns] stands for that many rows: values that are the whole request
   */
  end(mayBeRows: boolean): void {
    const table = this.#table;
    const count = table.count - table.rowStart;
    const shape = this.#shape?.length === 0 ? undefined : this.#shape;
    // AWS's documentation writes a dense row with an empty list of keys too.
    const isDense = this.#keyCount === 0 && (count > 0 || !this.#hasKeys);
    if (!isDense) {
      this.#endSparse(count, shape);
      return;
    }
    if (shape) {
      const size = shape.reduce((product, size) => product * size, 1);
      if (size !== count) {
        throw new ClientError(
          'E_REQUEST_BODY',
          `${table.place}: expected as many "values" as their "shape" ${JSON.stringify(shape)} has; received ${count}.`,
        );
      }
    }
    if (mayBeRows && shape?.length === 2 && count > 0) table.endRows(shape[0]!, shape[1]!);
    else table.endRow(this.#sizes);
  }

  #endSparse(count: number, shape: readonly number[] | undefined): void {
    const { place } = this.#table;
    const width = shape?.at(-1);
    if (!shape || width === undefined || shape.slice(0, -1).some((size) => size !== 1)) {
      throw new ClientError(
        'E_REQUEST_BODY',
        `${place}: expected "shape" to be a list with the number of columns, such as [10]; received ${shape ? JSON.stringify(shape) : 'nothing'}.`,
      );
    }
    const keys = this.#keys.subarray(0, this.#keyCount);
    if (keys.length !== count) {
      throw new ClientError(
        'E_REQUEST_BODY',
        `${place}: expected as many "keys" as "values"; received ${keys.length} and ${count}.`,
      );
    }
    this.#sort(keys);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const isKey = Number.isInteger(key) && key >= 0 && key < width;
      if (isKey && key !== keys[i - 1]) continue;
      throw new ClientError(
        'E_REQUEST_BODY',
        `${place}: expected "keys" to be a list of different integers in [0, ${width - 1}]; received ${isKey ? `${key} twice` : key}.`,
      );
    }
    this.#table.endSparseRow(keys, width);
  }

  /** Brings keys and the numbers that were pushed with them into ascending order. */
  #sort(keys: Float64Array): void {
    let isAscending = true;
    for (let i = 1; i < keys.length && isAscending; i++) isAscending = !(keys[i]! < keys[i - 1]!);
    if (isAscending) return;
    const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!);
    const sorted = Float64Array.from(order, (i) => keys[i]!);
    const values = this.#table.takeBack();
    for (const i of order) this.#table.push(values[i]!);
    keys.set(sorted);
  }

  #list(level: number, start: number): void {
    const scanner = this.#scanner;
    const table = this.#table;
    let size = 0;
    let isNested: boolean | undefined;
    for (let follows = scanner.open(CHAR.openList); follows; follows = scanner.more(CHAR.openList)) {
      if (table.isCell(scanner)) {
        if (isNested) throw this.#mixed('a list');
        isNested = false;
        table.push(table.cell(scanner));
      } else {
        if (isNested === false || scanner.peek() !== CHAR.openList) {
          throw this.#notANumber(table.count - start, isNested === true);
        }
        isNested = true;
        this.#list(level + 1, start);
      }
      size++;
    }
    this.#setSize(level, size);
    if (isNested !== false) return;
    if (this.#leaf === -1) this.#leaf = level;
    else if (this.#leaf !== level) throw this.#ragged();
  }

  /** Lists end from the inside out: the sizes of a level become known with its first list. */
  #setSize(level: number, size: number): void {
    while (this.#sizes.length <= level) this.#sizes.push(-1);
    const known = this.#sizes[level]!;
    if (known === -1) this.#sizes[level] = size;
    else if (known !== size) throw this.#ragged(known, size);
  }

  #readKeys(): void {
    const scanner = this.#scanner;
    for (let follows = scanner.open(CHAR.openList); follows; follows = scanner.more(CHAR.openList)) {
      if (!scanner.isNumber()) throw this.#listOf('keys', 'different integers');
      if (this.#keyCount === this.#keys.length) this.#keys = enlarged(this.#keys, this.#keyCount + 1);
      this.#keys[this.#keyCount++] = scanner.cell();
    }
  }

  #readShape(): number[] {
    const scanner = this.#scanner;
    const shape: number[] = [];
    for (let follows = scanner.open(CHAR.openList); follows; follows = scanner.more(CHAR.openList)) {
      const size = scanner.isNumber() ? scanner.cell() : Number.NaN;
      if (!Number.isSafeInteger(size) || size < 0 || shape.length === MAX_DIMENSIONS) {
        throw this.#listOf('shape', `at most ${MAX_DIMENSIONS} sizes, whole numbers`);
      }
      shape.push(size);
    }
    return shape;
  }

  #listOf(key: string, content: string): ClientError {
    return new ClientError('E_REQUEST_BODY', `${this.#table.place}: expected "${key}" to be a list of ${content}.`);
  }

  #notANumber(index: number, isNested: boolean): ClientError {
    if (isNested) return this.#mixed(this.#scanner.shown());
    const cell = `${this.#table.place} column ${index + 1}`;
    return new ClientError('E_DATA_NUMBER', `${cell}: expected a number; received ${this.#scanner.shown()}.`);
  }

  #mixed(received: string): ClientError {
    return new ClientError(
      'E_REQUEST_BODY',
      `${this.#table.place}: a list must contain only numbers or only lists, ${EXAMPLE_NESTED}; received ${received} among others.`,
    );
  }

  #ragged(known?: number, size?: number): ClientError {
    const received = known === undefined ? 'lists of different depths' : `lists of ${known} and of ${size}`;
    return new ClientError(
      'E_REQUEST_BODY',
      `${this.#table.place}: lists within a row must all have the same size, ${EXAMPLE_NESTED}; received ${received}.`,
    );
  }
}

/** A member that an object has twice. */
export function twice(place: string, key: string): ClientError {
  return new ClientError('E_REQUEST_BODY', `${place}: an object must have "${key}" once; received it twice.`);
}

// --- internal ---

const MAX_DIMENSIONS = 16;
