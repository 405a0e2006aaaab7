/**
 * The state between bytes and sparse blocks: bytes of one file after another go in, whole lines go through the kernel,
 * full blocks come out. Input and output stand in the kernel's memory (layout.ts), so that nothing is copied on the way.
 */
import { PAGE_BYTES } from '@algo/numerics';
import { ClientError } from '../../errors.js';
import type { SparseBlock } from '../block.js';
import type { BlockParser } from '../block-parser.js';
import { checkMaxRows } from '../block-size.js';
import { isBlankLine, lineEnd } from '../csv/fields.js';
import { MAX_LINE_BYTES } from '../csv/parser.js';
import { blankLine, lineTooLong, type Place } from '../csv/problems.js';
import { magnitudeLimit } from '../float32-range.js';
import { createLibsvmKernel, type LibsvmKernel, PRESENT, STOPPED } from './kernel.js';
import { DEFAULT_ENTRIES, type LibsvmLayout, type LibsvmOptions, layoutSparseBlock } from './layout.js';
import { badLine, MAX_INDEX } from './problems.js';

/** Small enough to stay in a core's cache together with a block. */
const INPUT_BYTES = 256 * 1024;
/** What the kernel may read behind the last line. */
const PADDING_BYTES = 48;
const LINE_FEED = 0x0a;
const TOKEN_END = /[ \t\n#]|\r\n/;
/** What of a file is looked at to tell what it is. */
const SEEN_BYTES = 1024;
/** Enough of a token to recognise it. */
const SHOWN_TOKEN_BYTES = 200;

/** See BlockParser for the order of calls. Between files the number of columns is kept, and whether rows have weights and query ids. */
export class LibsvmParser implements BlockParser<SparseBlock> {
  readonly #options: LibsvmOptions;
  readonly #kernel: LibsvmKernel;
  /** The whole memory; made anew whenever it grows. */
  #bytes: Uint8Array;
  #layout: LibsvmLayout;

  #place: Place = { label: '', unit: 'line' };
  #source = '';
  /** Lines of this file that were read. */
  #line = 0;
  #isFileStart = true;
  #isEnded = true;
  /** The first of the blank lines that must be the end of the file. */
  #blankLine: number | undefined;
  /** Rows in the block that is being filled. */
  #rows = 0;

  // Offsets in memory: inputOffset ≤ start ≤ linesEnd ≤ end ≤ inputOffset + inputBytes (one more after `endFile`).
  #inputBytes = INPUT_BYTES;
  #start = 0;
  #linesEnd = 0;
  #end = 0;

  /** @param kernel not in use by another parser at the same time */
  constructor(options: LibsvmOptions, kernel: LibsvmKernel = createLibsvmKernel()) {
    checkMaxRows(options.maxRows);
    const { hasLabel, indexBase, featureCount = MAX_INDEX + 1, policy } = options;
    this.#options = options;
    this.#kernel = kernel;
    this.#bytes = new Uint8Array(kernel.memory.buffer);
    this.#layout = layoutSparseBlock(kernel.FREE_OFFSET.value, options, DEFAULT_ENTRIES);
    this.#reserve();
    kernel.configure(
      hasLabel,
      indexBase,
      featureCount,
      policy.missingValues === 'refuse',
      policy.infiniteValues === 'refuse',
      magnitudeLimit(policy),
    );
    this.#placeArrays();
  }

  startFile(source: string, place: Place): void {
    this.#source = source;
    this.#place = place;
    this.#line = 0;
    this.#rows = 0;
    this.#isFileStart = true;
    this.#isEnded = false;
    this.#blankLine = undefined;
    this.#start = this.#linesEnd = this.#end = this.#layout.inputOffset;
  }

  space(): Uint8Array {
    const pending = this.#end - this.#start;
    if (pending === this.#inputBytes) this.#growInput();
    const { inputOffset } = this.#layout;
    // Pieces of a long line come one by one: what stands at the front already is not moved for each of them.
    if (this.#start > inputOffset) this.#bytes.copyWithin(inputOffset, this.#start, this.#end);
    this.#start = this.#linesEnd = inputOffset;
    this.#end = inputOffset + pending;
    return this.#bytes.subarray(this.#end, inputOffset + this.#inputBytes);
  }

  added(count: number): void {
    const last = this.#bytes.subarray(this.#end, this.#end + count).lastIndexOf(LINE_FEED);
    if (last >= 0) this.#linesEnd = this.#end + last + 1;
    this.#end += count;
  }

  /** Nothing follows: the last line needs no line break. */
  endFile(): void {
    if (this.#linesEnd < this.#end) {
      this.#bytes[this.#end++] = LINE_FEED;
      this.#linesEnd = this.#end;
    }
    this.#isEnded = true;
  }

  /**
   * The next full block, or the last of the file; undefined when more bytes are needed or the file is done. The arrays
   * stand in the kernel's memory and are valid until the next call of any method. A block ends before a line of comment,
   * so that its rows stand on lines that follow each other, unless the options say otherwise.
   * @throws ClientError for the first bad line
   */
  nextBlock(): SparseBlock | undefined {
    if (this.#isFileStart && this.#start < this.#linesEnd) this.#skipByteOrderMark();
    while (this.#start < this.#linesEnd) {
      if (this.#blankLine !== undefined) {
        this.#skipBlankLines(this.#blankLine);
        break;
      }
      const stopped = this.#parseLines();
      if (stopped === STOPPED.blankLine) this.#blankLine = this.#line + 1;
      else if (this.#rows > 0 && this.#isBlockEnd(stopped)) return this.#takeBlock();
      else if (stopped === STOPPED.full) this.#growEntries();
      else if (stopped === STOPPED.commentLine) this.#skipLine();
      else if (stopped !== STOPPED.done) throw this.#badLine(stopped);
    }
    return this.#isEnded && this.#rows > 0 ? this.#takeBlock() : undefined;
  }

  #parseLines(): number {
    const parse = this.#options.precision === 'float32' ? this.#kernel.parse32 : this.#kernel.parse64;
    const stopped = parse(this.#start, this.#linesEnd, this.#rows, this.#layout.rowCapacity);
    this.#line += this.#kernel.rows.value - this.#rows;
    this.#rows = this.#kernel.rows.value;
    this.#start = this.#kernel.position.value;
    return stopped;
  }

  #isBlockEnd(stopped: number): boolean {
    const isFull = stopped === STOPPED.done && this.#rows === this.#layout.rowCapacity;
    const isComment = stopped === STOPPED.commentLine && !this.#options.spansComments;
    return isFull || stopped === STOPPED.full || isComment;
  }

  #skipByteOrderMark(): void {
    this.#isFileStart = false;
    const [first, second, third] = this.#bytes.subarray(this.#start, this.#start + 3);
    if (first === 0xef && second === 0xbb && third === 0xbf) this.#start += 3;
  }

  #skipLine(): void {
    this.#start = this.#bytes.indexOf(LINE_FEED, this.#start) + 1;
    this.#line += 1;
  }

  /** Blank lines are allowed at the end of a file only; any other line after the one at `first` is an error. */
  #skipBlankLines(first: number): void {
    while (this.#start < this.#linesEnd) {
      const lines = this.#bytes.subarray(this.#start, this.#linesEnd);
      if (!isBlankLine(lines.subarray(0, lineEnd(lines, 0)))) throw blankLine(this.#place, first);
      this.#start = this.#bytes.indexOf(LINE_FEED, this.#start) + 1;
    }
  }

  /** Makes room for a row that has more entries than a block; no row is in the block. */
  #growEntries(): void {
    const { entryCapacity, inputOffset: from } = this.#layout;
    this.#layout = layoutSparseBlock(this.#kernel.FREE_OFFSET.value, this.#options, entryCapacity * 2);
    const distance = this.#layout.inputOffset - from;
    this.#reserve();
    this.#bytes.copyWithin(this.#layout.inputOffset, from, this.#end);
    this.#start += distance;
    this.#linesEnd += distance;
    this.#end += distance;
    this.#placeArrays();
  }

  #growInput(): void {
    if (this.#inputBytes >= MAX_LINE_BYTES) throw lineTooLong(this.#place, this.#line + 1, MAX_LINE_BYTES);
    this.#inputBytes *= 2;
    this.#reserve();
  }

  #placeArrays(): void {
    const layout = this.#layout;
    this.#kernel.place(
      layout.labelsOffset,
      layout.weightsOffset,
      layout.queriesOffset,
      layout.rowStartsOffset,
      layout.indicesOffset,
      layout.valuesOffset,
      layout.entryCapacity,
    );
  }

  /** Makes the memory as large as the layout. */
  #reserve(): void {
    const missing = this.#layout.inputOffset + this.#inputBytes + PADDING_BYTES - this.#bytes.length;
    if (missing <= 0) return;
    try {
      this.#kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
    } catch (error) {
      const where = `${this.#place.label} ${this.#place.unit} ${this.#line + 1}`;
      throw new ClientError('E_DATA_SIZE', `${where}: the row is too large for this machine's memory.`, {
        cause: error,
      });
    }
    this.#bytes = new Uint8Array(this.#kernel.memory.buffer);
  }

  #badLine(problem: number): ClientError {
    const { indexBase, featureCount } = this.#options;
    const start = this.#kernel.tokenAt.value;
    const text = Buffer.from(this.#bytes.subarray(start, start + SHOWN_TOKEN_BYTES)).toString('utf8');
    // A token of one blank or comment sign cannot be cut off before it.
    const length = text.slice(1).search(TOKEN_END) + 1;
    const token = length > 0 ? text.slice(0, length) : text;
    const repeatedColumn = this.#kernel.repeatedColumn.value;
    return badLine(problem, {
      place: this.#place,
      line: this.#line + 1,
      token,
      indexBase,
      featureCount,
      repeatedColumn,
      fileStart: this.#bytes.slice(
        this.#start,
        this.#line === 0 ? Math.min(this.#end, this.#start + SEEN_BYTES) : this.#start,
      ),
    });
  }

  #takeBlock(): SparseBlock {
    const { buffer } = this.#kernel.memory;
    const { hasLabel, precision, featureCount } = this.#options;
    const { labelsOffset, weightsOffset, queriesOffset, rowStartsOffset, indicesOffset, valuesOffset } = this.#layout;
    const rows = this.#rows;
    this.#rows = 0;
    const rowStarts = new Uint32Array(buffer, rowStartsOffset, rows + 1);
    const entries = rowStarts[rows]!;
    const labelCount = hasLabel ? 1 : 0;
    return {
      rows,
      columns: featureCount ?? Math.max(1, this.#kernel.columns.value),
      labelCount,
      labels: new Float64Array(buffer, labelsOffset, rows * labelCount),
      ...(this.#kernel.weights.value === PRESENT && { weights: new Float64Array(buffer, weightsOffset, rows) }),
      ...(this.#kernel.queries.value === PRESENT && { queryIds: new Float64Array(buffer, queriesOffset, rows) }),
      rowStarts,
      columnIndices: new Uint32Array(buffer, indicesOffset, entries),
      values: new (precision === 'float32' ? Float32Array : Float64Array)(buffer, valuesOffset, entries),
      source: this.#source,
      firstLine: this.#line - rows + 1,
    };
  }
}
