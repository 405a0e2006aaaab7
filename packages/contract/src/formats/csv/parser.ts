/**
 * The state between bytes and blocks: bytes of one file after another go in, whole lines go through the kernel, full
 * blocks come out. Input and output stand in the kernel's memory (layout.ts), so that nothing is copied on the way.
 */
import { PAGE_BYTES } from '@algo/numerics';
import { ClientError } from '../../errors.js';
import type { Block } from '../block.js';
import type { BlockParser } from '../block-parser.js';
import { checkMaxRows } from '../block-size.js';
import { magnitudeLimit } from '../float32-range.js';
import { COMMA, delimiterOf, fromCommas, toCommas } from './delimiter.js';
import { countFields, isBlankLine, lineEnd } from './fields.js';
import type { Seen } from './hints.js';
import { type CsvKernel, createCsvKernel, PROBLEM } from './kernel.js';
import { type CsvLayout, type CsvOptions, layoutBlock } from './layout.js';
import { badLine, blankLine, type ExpectedColumns, lineTooLong, type Place, tooFewColumns } from './problems.js';

/** The longest line that is read. A row of a million 17-digit numbers has a third of it. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Small enough to stay in a core's cache together with a block. */
const INPUT_BYTES = 256 * 1024;
/** What the kernel may read behind the last line. */
const PADDING_BYTES = 48;
const LINE_FEED = 0x0a;
/** What of the input is looked at to tell what a bad line is. */
const SEEN_BYTES = 4096;

/** See BlockParser for the order of calls. Between files nothing but the expected number of columns is kept. */
export class CsvParser implements BlockParser<Block> {
  readonly #options: CsvOptions;
  readonly #kernel: CsvKernel;
  /** The whole memory; made anew whenever it grows. */
  #bytes: Uint8Array;

  #place: Place = { label: '', unit: 'line' };
  #source = '';
  /** Lines of this file that were read. */
  #line = 0;
  #isFileStart = true;
  /** Of this file; known with its first line. */
  #delimiter = COMMA;
  #isEnded = true;
  /** The first of the blank lines that must be the end of the file. */
  #blankLine: number | undefined;

  #expected: ExpectedColumns | undefined;
  #layout: CsvLayout;
  /** Rows in the block that is being filled. */
  #rows = 0;

  // Offsets in memory: inputOffset ≤ start ≤ linesEnd ≤ end ≤ inputOffset + inputBytes (one more after `endFile`).
  #inputBytes = INPUT_BYTES;
  #start: number;
  #linesEnd: number;
  #end: number;

  /** @param kernel not in use by another parser at the same time */
  constructor(options: CsvOptions, kernel: CsvKernel = createCsvKernel()) {
    const { maxRows, featureCount } = options;
    checkMaxRows(maxRows);
    this.#options = options;
    this.#kernel = kernel;
    this.#bytes = new Uint8Array(kernel.memory.buffer);
    this.#layout = layoutBlock(kernel.FREE_OFFSET.value, options, 0);
    this.#start = this.#linesEnd = this.#end = this.#layout.inputOffset;
    this.#reserve();
    if (featureCount !== undefined) this.#expect(this.#leadColumns + featureCount, undefined);
  }

  startFile(source: string, place: Place): void {
    this.#source = source;
    this.#place = place;
    this.#line = 0;
    this.#rows = 0;
    this.#isFileStart = true;
    this.#delimiter = COMMA;
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
    if (this.#delimiter !== COMMA) toCommas(this.#bytes, this.#end, this.#end + count, this.#delimiter);
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
   * stand in the kernel's memory and are valid until the next call of any method.
   * @throws ClientError for the first bad line
   */
  nextBlock(): Block | undefined {
    if (this.#start < this.#linesEnd) this.#parseLines();
    const isFull = this.#rows > 0 && this.#rows === this.#layout.rowCapacity;
    const isLast = this.#isEnded && this.#rows > 0 && this.#start === this.#linesEnd;
    if (!isFull && !isLast) return undefined;
    const rows = this.#rows;
    this.#rows = 0;
    return this.#block(rows);
  }

  get #leadColumns(): number {
    return this.#options.labelCount + Number(this.#options.hasWeights ?? false);
  }

  #parseLines(): void {
    if (this.#isFileStart) this.#startLines();
    if (!this.#expected && this.#blankLine === undefined) this.#readFirstLine();
    if (this.#expected && this.#blankLine === undefined) {
      const parse = this.#options.precision === 'float32' ? this.#kernel.parse32 : this.#kernel.parse64;
      const problem = parse(this.#start, this.#linesEnd, this.#rows, this.#layout.rowCapacity);
      this.#line += this.#kernel.rows.value - this.#rows;
      this.#rows = this.#kernel.rows.value;
      this.#start = this.#kernel.position.value;
      if (problem === PROBLEM.blankLine) this.#blankLine = this.#line + 1;
      else if (problem !== PROBLEM.none) throw this.#badLine(problem, this.#expected);
    }
    if (this.#blankLine !== undefined) this.#skipBlankLines(this.#blankLine);
  }

  /** Skips a byte order mark, and finds out the delimiter. */
  #startLines(): void {
    this.#isFileStart = false;
    const [first, second, third] = this.#bytes.subarray(this.#start, this.#start + 3);
    if (first === 0xef && second === 0xbb && third === 0xbf) this.#start += 3;
    this.#delimiter = delimiterOf(this.#currentLine());
    if (this.#delimiter !== COMMA) toCommas(this.#bytes, this.#start, this.#end, this.#delimiter);
  }

  #readFirstLine(): void {
    const line = this.#currentLine();
    if (isBlankLine(line)) this.#blankLine = this.#line + 1;
    else this.#expect(countFields(line), { place: this.#place, line: this.#line + 1 });
  }

  #currentLine(): Uint8Array {
    const lines = this.#bytes.subarray(this.#start, this.#linesEnd);
    return lines.subarray(0, lineEnd(lines, 0));
  }

  /** Fixes the number of columns and lays out the memory for it. */
  #expect(columns: number, from: ExpectedColumns['from']): void {
    const { labelCount, hasWeights = false, policy } = this.#options;
    this.#expected = { count: columns, from };
    // A row without a feature is found by the kernel, after the problems of its fields.
    this.#moveInput(
      layoutBlock(this.#kernel.FREE_OFFSET.value, this.#options, Math.max(1, columns - this.#leadColumns)),
    );
    this.#kernel.configure(
      labelCount,
      hasWeights,
      this.#layout.featureColumns,
      policy.missingValues === 'refuse',
      policy.infiniteValues === 'refuse',
      magnitudeLimit(policy),
      this.#layout.labelsOffset,
      this.#layout.weightsOffset,
      this.#layout.featuresOffset,
    );
  }

  #moveInput(layout: CsvLayout): void {
    const from = this.#layout.inputOffset;
    const distance = layout.inputOffset - from;
    this.#layout = layout;
    this.#reserve();
    this.#bytes.copyWithin(layout.inputOffset, from, this.#end);
    this.#start += distance;
    this.#linesEnd += distance;
    this.#end += distance;
  }

  #growInput(): void {
    if (this.#inputBytes >= MAX_LINE_BYTES) throw lineTooLong(this.#place, this.#line + 1, MAX_LINE_BYTES);
    this.#inputBytes *= 2;
    this.#reserve();
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

  /** Blank lines are allowed at the end of a file only; any other line after the one at `first` is an error. */
  #skipBlankLines(first: number): void {
    while (this.#start < this.#linesEnd) {
      if (!isBlankLine(this.#currentLine())) throw blankLine(this.#place, first);
      this.#start = this.#bytes.indexOf(LINE_FEED, this.#start) + 1;
    }
  }

  #badLine(problem: number, expected: ExpectedColumns): ClientError {
    const { labelCount, hasWeights = false, policy } = this.#options;
    const line = this.#line + 1;
    const isTooNarrow = problem === PROBLEM.badColumns && expected.count <= this.#leadColumns;
    const seen = this.#seen(line);
    if (isTooNarrow) return tooFewColumns(this.#place, line, expected.count, labelCount, hasWeights, seen);
    const column = this.#kernel.column.value;
    const isWeight = hasWeights && column === labelCount + 1;
    const acceptsMissing = policy.missingValues !== 'refuse';
    return badLine(problem, { place: this.#place, line, column, expected, labelCount, isWeight, acceptsMissing, seen });
  }

  /** The current line and some of what follows, as they were written. */
  #seen(line: number): Seen {
    const end = Math.max(this.#start + this.#currentLine().length, this.#start + SEEN_BYTES);
    const bytes = this.#bytes.slice(this.#start, Math.min(this.#end, end));
    if (this.#delimiter !== COMMA) fromCommas(bytes, this.#delimiter);
    return { line, bytes, delimiter: this.#delimiter };
  }

  #block(rows: number): Block {
    const { buffer } = this.#kernel.memory;
    const { labelCount, hasWeights, precision } = this.#options;
    const { featureColumns, labelsOffset, weightsOffset, featuresOffset } = this.#layout;
    const Features = precision === 'float32' ? Float32Array : Float64Array;
    return {
      rows,
      columns: featureColumns,
      features: new Features(buffer, featuresOffset, rows * featureColumns),
      labelCount,
      labels: new Float64Array(buffer, labelsOffset, rows * labelCount),
      ...(hasWeights && { weights: new Float64Array(buffer, weightsOffset, rows) }),
      source: this.#source,
      firstLine: this.#line - rows + 1,
    };
  }
}
