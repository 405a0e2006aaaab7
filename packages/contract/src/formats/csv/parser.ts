/**
 * The state between bytes and blocks: bytes of one file after another go in, whole lines go through the kernel, full
 * blocks come out. Input and output are in the kernel's memory (layout.ts), so that nothing is copied on the way.
 */
import { ClientError } from '../../errors.js';
import type { Block } from '../block.js';
import type { BlockParser } from '../block-parser.js';
import { checkMaxRows } from '../block-size.js';
import { decodeText } from '../categories/decode.js';
import { magnitudeLimit } from '../float32-range.js';
import type { Place } from '../place.js';
import { LineBuffer } from '../text/line-buffer.js';
import { isBlankLine, lineEnd } from '../text/lines.js';
import { readKinds, type TableColumn, tableBytes, writeTable } from './column-table.js';
import { COMMA, delimiterOf, fromCommas, toCommas } from './delimiter.js';
import { countFields } from './fields.js';
import { type CsvColumn, isHeaderLine, readNames } from './header.js';
import { headerHint, type Seen } from './hints.js';
import { type CsvKernel, createCsvKernel, PROBLEM } from './kernel.js';
import { type CsvLayout, type CsvOptions, layoutBlock } from './layout.js';
import { badLine, type ExpectedColumns, fieldPlace, tooFewColumns } from './problems.js';

const LINE_FEED = 0x0a;
/** The start of the input, for hints about a bad line. */
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
  /** Known with the first line of this file. */
  #columnCount = 0;
  /** The columns of this file, labels first; none where they are numbers in their places without names. */
  #columns: readonly TableColumn[] = [];
  /** The same in the order of the file. */
  #bySource: readonly TableColumn[] = [];
  /** Whether all are numbers in their places, which the kernel reads fastest. */
  #isPlain = true;
  #hasNames = false;
  /** Of the features, where this file has them. */
  #featureNames: readonly string[] | undefined;
  /** The first line of this file, for messages about text in columns of numbers. */
  #first: Seen | undefined;
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
    if (featureCount !== undefined) {
      this.#expected = { count: this.#leadColumns + featureCount, from: undefined };
      this.#arrangeInOrder(this.#expected.count);
    }
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
      this.#layoutRows(Math.ceil(this.#rows * GROWTH));
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
    if (lines.startLines()) this.#startLines();
    if (!lines.hasLines) return;
    if (!this.#expected && !lines.isTail) this.#readFirstLine();
    if (this.#expected && !lines.isTail) {
      const { parse32, parse64, parseColumns } = this.#kernel;
      const parse = this.#isPlain ? (this.#layout.isFloat32 ? parse32 : parse64) : parseColumns;
      const problem = parse(lines.start, lines.linesEnd, this.#rows, this.#layout.rowCapacity);
      lines.consume(this.#kernel.rows.value - this.#rows, this.#kernel.position.value);
      this.#rows = this.#kernel.rows.value;
      if (problem === PROBLEM.blankLine) lines.startTail();
      else if (problem !== PROBLEM.none) throw this.#badLine(problem, this.#expected);
    }
    if (lines.isTail) lines.skipTail();
  }

  /** Finds out the delimiter, and reads the header line. */
  #startLines(): void {
    const { bytes, start, end } = this.#lines;
    this.#delimiter = delimiterOf(this.#lines.current());
    const { header, texts } = this.#options;
    const hasHeader =
      header !== undefined && (header.mode === 'present' || this.#hasHeader(bytes.subarray(start, end)));
    if (hasHeader) this.#readHeader();
    else if (this.#hasNames) this.#arrangeInOrder(this.#expected!.count);
    // Not by the positions from before: the input has moved if the columns were laid out.
    if (this.#delimiter !== COMMA) toCommas(this.#lines.bytes, this.#lines.start, this.#lines.end, this.#delimiter);
    if (texts?.isSurvey && !hasHeader) this.#first = this.#seen(1);
  }

  #hasHeader(bytes: Uint8Array): boolean {
    const first = bytes.subarray(0, lineEnd(bytes, 0));
    const next = bytes.subarray(bytes.indexOf(LINE_FEED) + 1);
    return isHeaderLine(first, next.subarray(0, lineEnd(next, 0)), this.#delimiter, this.#options.header?.known);
  }

  #readHeader(): void {
    const lines = this.#lines;
    const { place } = lines;
    const where = place.unit === 'line' ? `${place.label} line 1` : `${place.label} header`;
    const names = readNames(lines.current(), this.#delimiter, where);
    // Rows of requests are counted, lines of files.
    lines.skipLine(place.unit === 'line');
    this.#hasNames = true;
    this.#expected = { count: names.length, from: { place, line: 1 } };
    this.#arrange(this.#options.header!.plan(names, where));
  }

  #readFirstLine(): void {
    const first = this.#lines.current();
    const { place, line } = this.#lines;
    if (isBlankLine(first)) {
      this.#lines.startTail();
      return;
    }
    this.#expected = { count: countFields(first), from: { place, line: line + 1 } };
    this.#arrangeInOrder(this.#expected.count);
  }

  /** As `#arrange`, for the columns of a file without names. */
  #arrangeInOrder(count: number): void {
    const { texts, maxRows } = this.#options;
    // A row without a feature is found by the kernel, after the problems of its fields.
    const length = Math.max(count, this.#leadColumns + 1);
    if (texts) {
      this.#arrange(Array.from({ length }, (_, source) => this.#columnInOrder(source)));
      return;
    }
    // An object per column would cost a request of one row more than its numbers do.
    this.#columns = this.#bySource = [];
    this.#columnCount = length;
    this.#isPlain = true;
    this.#featureNames = undefined;
    this.#layoutRows(maxRows);
  }

  /** The column `source`, from 0, of a file without names. */
  #columnInOrder(source: number): CsvColumn {
    if (source < this.#options.labelCount) return { source, role: 'label', index: source };
    const lead = this.#leadColumns;
    return source < lead ? { source, role: 'weight', index: 0 } : { source, role: 'feature', index: source - lead };
  }

  /** Lays out the memory for the columns of a file. */
  #arrange(columns: readonly CsvColumn[]): void {
    const { texts, maxRows } = this.#options;
    const kinds = this.#isPlain ? undefined : readKinds(this.#kernel, this.#columns);
    this.#columns = columns.map(({ source, role, index, name }) => {
      const text = texts?.of({ role, index, name, number: source + 1 });
      return { source, role, index, name, text };
    });
    this.#columnCount = columns.length;
    const isInOrder = columns.every(({ source }, at) => source === at);
    this.#bySource = isInOrder ? this.#columns : this.#columns.toSorted((one, other) => one.source - other.source);
    this.#isPlain = isInOrder && !this.#columns.some(({ text }) => text);
    const names = columns.flatMap(({ role, name }) => (role === 'feature' && name !== undefined ? [name] : []));
    this.#featureNames = names.length > 0 ? names : undefined;
    this.#layoutRows(maxRows, kinds);
  }

  /**
   * Makes room for `maxRows` rows. Those that are there stay where they are: the features come first where they grow.
   * @param kinds what open columns turned out to be so far
   */
  #layoutRows(maxRows: number | undefined, kinds?: ReadonlyMap<string, number>): void {
    const { labelCount, hasWeights = false, policy } = this.#options;
    const options = maxRows === undefined ? this.#options : { ...this.#options, maxRows };
    const length = this.#columnCount;
    const offset = this.#kernel.FREE_OFFSET.value + (this.#isPlain ? 0 : tableBytes(this.#kernel, length));
    this.#layout = layoutBlock(offset, options, length - this.#leadColumns);
    this.#lines.move(this.#layout.inputOffset);
    this.#kernel.texts.codeOf = (bytes, column, isQuoted) => this.#codeOf(bytes, column, isQuoted);
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
    if (!this.#isPlain) writeTable(this.#kernel, this.#columns, this.#layout, kinds);
  }

  /** Called by the kernel. */
  #codeOf(bytes: Uint8Array, column: number, isQuoted: boolean): number {
    const own = this.#bySource[column]!;
    const where = () => {
      const line = this.#lines.line + this.#kernel.rows.value - this.#rows + 1;
      return fieldPlace(this.#lines.place, line, { number: column + 1, name: own.name });
    };
    const written = this.#delimiter === COMMA ? bytes : bytes.slice();
    if (this.#delimiter !== COMMA) fromCommas(written, this.#delimiter);
    const text = decodeText(written, where);
    try {
      return own.text!.code(isQuoted ? text.replaceAll('""', '"') : text, where);
    } catch (error) {
      throw this.#mayBeHeader ? withHint(error, headerHint(this.#seen(1))) : error;
    }
  }

  /** Whether the kernel is in the first line of a file, which was not read as a header line. */
  get #mayBeHeader(): boolean {
    return !this.#hasNames && this.#lines.line === 0 && this.#kernel.rows.value === this.#rows;
  }

  #badLine(problem: number, expected: ExpectedColumns): ClientError {
    const { labelCount, hasWeights = false, policy } = this.#options;
    const { place } = this.#lines;
    const line = this.#lines.line + 1;
    const isTooNarrow = problem === PROBLEM.badColumns && expected.count <= this.#leadColumns;
    const seen = this.#seen(line);
    if (isTooNarrow) return tooFewColumns(place, line, expected.count, labelCount, hasWeights, seen);
    const number = this.#kernel.column.value;
    const column = this.#bySource[number - 1];
    return badLine(problem, {
      place,
      line,
      column: { role: column?.role ?? this.#columnInOrder(number - 1).role, number, name: column?.name },
      expected,
      acceptsMissing: policy.missingValues !== 'refuse',
      acceptsText: policy.text === 'accept',
      mayDeclare: policy.text === 'accept' && (this.#options.mayDeclare ?? false),
      firstText: column?.text?.firstText,
      seen,
      first: this.#first,
    });
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
      ...(this.#featureNames && { columnNames: this.#featureNames }),
      source: this.#source,
      firstLine: this.#lines.line - rows + 1,
    };
  }
}

// --- internal ---

/** An error about a category with what it may come from. */
function withHint(error: unknown, hint: string): unknown {
  return hint !== '' && error instanceof ClientError ? new ClientError(error.code, `${error.message}${hint}`) : error;
}
