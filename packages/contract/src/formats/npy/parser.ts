/**
 * `.npy` bytes of a channel to blocks: header, then rows as they come. In C order memory is bounded by a block and the longest
 * row; in Fortran order, where a row is everywhere, the array is held. Through a pipe several arrays may follow one another.
 */
import { ClientError } from '../../errors.js';
import type { Block, BlockOptions, ValuePolicy } from '../block.js';
import type { BlockInput, BlockParser } from '../block-parser.js';
import { checkMaxRows, rowCapacity } from '../block-size.js';
import type { Place } from '../place.js';
import type { Floats } from './element-type.js';
import { damaged, readHeader } from './header.js';
import { checkRowValues, splitRows } from './row-values.js';
import { dataBytes, decodeRows, type NpyTable, tableOf } from './table.js';

export interface NpyOptions extends BlockOptions {
  readonly labelCount: number;
  readonly policy: ValuePolicy;
}

const INPUT_BYTES = 256 * 1024;
/** An array in Fortran order is held as a whole. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

/** See BlockParser for the order of calls. Between files nothing but the expected number of columns is kept. */
export class NpyParser implements BlockParser<Block>, BlockInput {
  readonly input: BlockInput = this;
  readonly #options: NpyOptions;
  #bytes: Uint8Array = new Uint8Array(INPUT_BYTES);
  #start = 0;
  #end = 0;
  #isEnded = true;
  #isPipe = false;
  #source = '';
  #place: Place = { label: '', unit: 'record' };
  #table: NpyTable | undefined;
  /** Rows of this array, and of all arrays of this file, that were given. */
  #row = 0;
  #record = 0;
  #expected: { readonly columns: number; readonly from: string } | undefined;
  #arrays: Arrays | undefined;

  constructor(options: NpyOptions) {
    checkMaxRows(options.maxRows);
    this.#options = options;
    const { featureCount, labelCount, hasWeights = false } = options;
    if (featureCount !== undefined) {
      this.#expected = { columns: labelCount + Number(hasWeights) + featureCount, from: '' };
    }
  }

  startFile(source: string, place: Place, isPipe = false): void {
    this.#source = source;
    this.#place = place;
    this.#isPipe = isPipe;
    this.#start = this.#end = this.#row = this.#record = 0;
    this.#table = undefined;
    this.#isEnded = false;
  }

  space(): Uint8Array {
    const pending = this.#bytes.subarray(this.#start, this.#end);
    if (pending.length === this.#bytes.length) {
      this.#bytes = new Uint8Array(this.#bytes.length * 2);
      this.#bytes.set(pending);
    } else if (this.#start > 0) this.#bytes.copyWithin(0, this.#start, this.#end);
    this.#start = 0;
    this.#end = pending.length;
    return this.#bytes.subarray(this.#end);
  }

  added(count: number): void {
    this.#end += count;
  }

  endFile(): void {
    this.#isEnded = true;
  }

  nextBlock(): Block | undefined {
    for (;;) {
      this.#table ??= this.#readTable();
      if (!this.#table) return undefined;
      if (this.#row < this.#table.rows) return this.#readRows(this.#table);
      // Whether more follow is known with the next bytes.
      if (this.#start === this.#end && !this.#isEnded) return undefined;
      this.#endTable(this.#table);
    }
  }

  /** The next table, undefined when more bytes are needed or none follows. */
  #readTable(): NpyTable | undefined {
    const { label } = this.#place;
    const isFirst = this.#record === 0 && this.#row === 0;
    const available = this.#end - this.#start;
    if (available === 0) return undefined;
    const header = readHeader(this.#bytes, this.#start, this.#end, label);
    if (typeof header === 'number') {
      if (this.#isEnded) throw shorter(label, header, available);
      return undefined;
    }
    const table = tableOf(header, 1, label);
    this.#expect(table.columns, isFirst);
    if (table.isFortran && dataBytes(table) > MAX_HELD_BYTES) {
      throw new ClientError(
        'E_DATA_SIZE',
        `${label}: an array in Fortran order must have at most ${MAX_HELD_BYTES} bytes; received ${dataBytes(table)}. Save it with numpy.ascontiguousarray.`,
      );
    }
    this.#start = header.dataStart;
    this.#row = 0;
    return table;
  }

  #expect(columns: number, isFirst: boolean): void {
    const { labelCount, hasWeights = false } = this.#options;
    const { label } = this.#place;
    const lead = labelCount + Number(hasWeights);
    if (columns <= lead) {
      throw new ClientError(
        'E_DATA_COLUMNS',
        `${label}: expected at least ${lead + 1} columns, ${lead} before the features (label_size); received ${columns}.`,
      );
    }
    if (this.#expected && columns !== this.#expected.columns) {
      const of = isFirst ? '' : `, record ${this.#record + 1}`;
      throw new ClientError(
        'E_DATA_COLUMNS',
        `${label}${of}: expected ${this.#expected.columns} columns${this.#expected.from}; received ${columns}.`,
      );
    }
    this.#expected ??= { columns, from: ` as in ${label}` };
  }

  /** As many rows as are here and fit a block; undefined when there is none. */
  #readRows(table: NpyTable): Block | undefined {
    const { columns, rows, type, isFortran } = table;
    const available = this.#end - this.#start;
    const missing = dataBytes(table) - (isFortran ? 0 : this.#row * columns * type.bytes);
    const isWaiting = isFortran ? available < missing : available < columns * type.bytes;
    if (isWaiting) {
      if (!this.#isEnded) return undefined;
      throw shorter(this.#place.label, missing, available);
    }
    this.#arrays ??= createArrays(columns, this.#options);
    const here = isFortran ? rows - this.#row : Math.floor(available / (columns * type.bytes));
    const count = Math.min(here, rows - this.#row, this.#arrays.capacity);
    // A block is as large as it may be, however the bytes come.
    if (!isFortran && !this.#isEnded && count < Math.min(this.#arrays.capacity, rows - this.#row)) return undefined;
    const block = this.#blockOf(table, count, this.#arrays);
    this.#row += count;
    this.#record += count;
    if (!isFortran) this.#start += count * columns * type.bytes;
    else if (this.#row === rows) this.#start += dataBytes(table);
    return block;
  }

  #blockOf(table: NpyTable, rows: number, { labels, weights, features, scratch }: Arrays): Block {
    const { columns, type } = table;
    const { labelCount, hasWeights = false, precision, policy } = this.#options;
    const featureCount = columns - labelCount - Number(hasWeights);
    const lead = { labelCount, hasWeights };
    const isDirect = featureCount === columns && (precision !== 'float32' || type.isSingle);
    const values = this.#valuesOf(table, rows, isDirect ? features : scratch);
    const { label, unit } = this.#place;
    checkRowValues(values, columns, lead, policy, (row) => `${label} ${unit} ${this.#record + row + 1}`);
    if (!isDirect) splitRows(values, columns, lead, { labels, weights, features });
    return {
      rows,
      columns: featureCount,
      features: isDirect ? values : features.subarray(0, rows * featureCount),
      labelCount,
      labels: labels.subarray(0, rows * labelCount),
      ...(weights && { weights: weights.subarray(0, rows) }),
      source: this.#source,
      firstLine: this.#record + 1,
    };
  }

  /** [rows × columns] of the next rows: the input itself, where it has such numbers, else decoded into `room`. */
  #valuesOf(table: NpyTable, rows: number, room: Floats): Floats {
    const count = rows * table.columns;
    const precision = room instanceof Float32Array ? 'float32' : 'float64';
    const view = table.isFortran ? undefined : table.type.view(this.#bytes, this.#start, count, precision);
    if (view) return view;
    const values = room.subarray(0, count);
    decodeRows(table, this.#bytes, this.#start, this.#row, rows, values);
    return values;
  }

  #endTable(table: NpyTable): void {
    if (this.#end > this.#start && !this.#isPipe) {
      throw damaged(
        this.#place.label,
        `the file must end after the ${dataBytes(table)} bytes of its shape (${table.shape.join(', ')}); more follow.`,
      );
    }
    this.#table = undefined;
    this.#row = 0;
  }
}

// --- internal ---

type Arrays = ReturnType<typeof createArrays>;

/** What all blocks use, made when the first row is here. */
function createArrays(columns: number, { labelCount, hasWeights = false, precision, maxRows }: NpyOptions) {
  const featureCount = columns - labelCount - Number(hasWeights);
  const isSingle = precision === 'float32';
  const Features: new (length: number) => Floats = isSingle ? Float32Array : Float64Array;
  const capacity = rowCapacity((columns - featureCount) * 8 + featureCount * (isSingle ? 4 : 8), maxRows);
  return {
    capacity,
    labels: new Float64Array(capacity * labelCount),
    weights: hasWeights ? new Float64Array(capacity) : undefined,
    features: new Features(capacity * featureCount),
    scratch: new Float64Array(featureCount === columns && !isSingle ? 0 : capacity * columns),
  };
}

function shorter(label: string, expected: number, received: number): ClientError {
  return damaged(label, `the file ends early: ${expected} bytes must follow; received ${received}.`);
}
