/**
 * The state between bytes and blocks: bytes of one file after another go in, whole lines go through the kernel, full
 * blocks come out. Input and output are in the kernel's memory (layout.ts), so that nothing is copied on the way.
 */
import type { ClientError } from '../../errors.js';
import type { Block } from '../block.js';
import type { BlockParser } from '../block-parser.js';
import { checkMaxRows } from '../block-size.js';
import { magnitudeLimit } from '../float32-range.js';
import type { Place } from '../place.js';
import { LineBuffer } from '../text/line-buffer.js';
import { isBlankLine } from '../text/lines.js';
import { COMMA, delimiterOf, fromCommas, toCommas } from './delimiter.js';
import { countFields } from './fields.js';
import type { Seen } from './hints.js';
import { type CsvKernel, createCsvKernel, PROBLEM } from './kernel.js';
import { type CsvLayout, type CsvOptions, layoutBlock } from './layout.js';
import { badLine, type ExpectedColumns, tooFewColumns } from './problems.js';

/** What of the input is looked at to tell what a bad line is. */
const SEEN_BYTES = 4096;
/** Of a block that takes all rows, when more come than were guessed. */
const GROWTH = 1.5;

/** See BlockParser for the order of calls. Between files nothing but the expected number of columns is kept. */
export class CsvParser implements BlockParser<Block> {
  readonly #options: CsvOptions;
  readonly #kernel: CsvKernel;
  readonly #lines: LineBuffer;
  #source = '';
  /** Of this file; known with its first line. */
  #delimiter = COMMA;
  #expected: ExpectedColumns | undefined;
  #layout: CsvLayout;
  /** Rows in the block that is being filled. */
  #rows = 0;

  /** @param kernel not in use by another parser at the same time */
  constructor(options: CsvOptions, kernel: CsvKernel = createCsvKernel()) {
    const { maxRows, featureCount } = options;
    checkMaxRows(maxRows);
    this.#options = options;
    this.#kernel = kernel;
    this.#layout = layoutBlock(kernel.FREE_OFFSET.value, options, 0);
    this.#lines = new LineBuffer(kernel.memory, this.#layout.inputOffset);
    if (featureCount !== undefined) this.#expect(this.#leadColumns + featureCount, undefined);
  }

  startFile(source: string, place: Place): void {
    this.#source = source;
    this.#rows = 0;
    this.#delimiter = COMMA;
    this.#lines.startFile(place);
  }

  space(): Uint8Array {
    return this.#lines.space();
  }

  added(count: number): void {
    const { bytes, end } = this.#lines;
    if (this.#delimiter !== COMMA) toCommas(bytes, end, end + count, this.#delimiter);
    this.#lines.added(count);
  }

  endFile(): void {
    this.#lines.endFile();
  }

  /**
   * The next full block, or the last of the file; undefined when more bytes are needed or the file is done. The arrays
   * are in the kernel's memory and are valid until the next call of any method.
   * @throws ClientError for the first bad line
   */
  nextBlock(): Block | undefined {
    if (this.#lines.hasLines) this.#parseLines();
    while (this.#options.isOneBlock && this.#isFull && this.#lines.hasLines) {
      this.#layoutRows(this.#layout.featureColumns, Math.ceil(this.#rows * GROWTH));
      this.#parseLines();
    }
    const isFull = this.#isFull && !this.#options.isOneBlock;
    const isLast = this.#lines.isEnded && this.#rows > 0 && !this.#lines.hasLines;
    if (!isFull && !isLast) return undefined;
    const rows = this.#rows;
    this.#rows = 0;
    return this.#block(rows);
  }

  get #isFull(): boolean {
    return this.#rows > 0 && this.#rows === this.#layout.rowCapacity;
  }

  get #leadColumns(): number {
    return this.#options.labelCount + Number(this.#options.hasWeights ?? false);
  }

  #parseLines(): void {
    const lines = this.#lines;
    if (lines.startLines()) this.#findDelimiter();
    if (!this.#expected && !lines.isTail) this.#readFirstLine();
    if (this.#expected && !lines.isTail) {
      const parse = this.#options.precision === 'float32' ? this.#kernel.parse32 : this.#kernel.parse64;
      const problem = parse(lines.start, lines.linesEnd, this.#rows, this.#layout.rowCapacity);
      lines.consume(this.#kernel.rows.value - this.#rows, this.#kernel.position.value);
      this.#rows = this.#kernel.rows.value;
      if (problem === PROBLEM.blankLine) lines.startTail();
      else if (problem !== PROBLEM.none) throw this.#badLine(problem, this.#expected);
    }
    if (lines.isTail) lines.skipTail();
  }

  #findDelimiter(): void {
    const { bytes, start, end } = this.#lines;
    this.#delimiter = delimiterOf(this.#lines.current());
    if (this.#delimiter !== COMMA) toCommas(bytes, start, end, this.#delimiter);
  }

  #readFirstLine(): void {
    const first = this.#lines.current();
    const { place, line } = this.#lines;
    if (isBlankLine(first)) this.#lines.startTail();
    else this.#expect(countFields(first), { place, line: line + 1 });
  }

  /** Fixes the number of columns and lays out the memory for it. */
  #expect(columns: number, from: ExpectedColumns['from']): void {
    this.#expected = { count: columns, from };
    // A row without a feature is found by the kernel, after the problems of its fields.
    this.#layoutRows(Math.max(1, columns - this.#leadColumns), this.#options.maxRows);
  }

  /** Makes room for `maxRows` rows. Those that are there stay where they are: the features come first where they grow. */
  #layoutRows(featureColumns: number, maxRows: number | undefined): void {
    const { labelCount, hasWeights = false, policy } = this.#options;
    const options = maxRows === undefined ? this.#options : { ...this.#options, maxRows };
    this.#layout = layoutBlock(this.#kernel.FREE_OFFSET.value, options, featureColumns);
    this.#lines.move(this.#layout.inputOffset);
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

  #badLine(problem: number, expected: ExpectedColumns): ClientError {
    const { labelCount, hasWeights = false, policy } = this.#options;
    const { place } = this.#lines;
    const line = this.#lines.line + 1;
    const isTooNarrow = problem === PROBLEM.badColumns && expected.count <= this.#leadColumns;
    const seen = this.#seen(line);
    if (isTooNarrow) return tooFewColumns(place, line, expected.count, labelCount, hasWeights, seen);
    const column = this.#kernel.column.value;
    const isWeight = hasWeights && column === labelCount + 1;
    const acceptsMissing = policy.missingValues !== 'refuse';
    return badLine(problem, { place, line, column, expected, labelCount, isWeight, acceptsMissing, seen });
  }

  /** The current line and some of what follows, as they were written. */
  #seen(line: number): Seen {
    const { bytes, start, end } = this.#lines;
    const seen = bytes.slice(start, Math.min(end, start + Math.max(this.#lines.current().length, SEEN_BYTES)));
    if (this.#delimiter !== COMMA) fromCommas(seen, this.#delimiter);
    return { line, bytes: seen, delimiter: this.#delimiter };
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
      firstLine: this.#lines.line - rows + 1,
    };
  }
}
