/**
 * The state between bytes and blocks: bytes of one file after another go in, whole lines go through the kernel, full
 * blocks come out. Input and output are in the kernel's memory (layout.ts), so that nothing is copied on the way.
 */
import type { ClientError } from '../../errors.js';
import type { Block } from '../block.js';
import type { BlockInput, BlockParser } from '../block-parser.js';
import { checkMaxRows } from '../block-size.js';
import type { Place } from '../place.js';
import { isBlankLine, lineEnd } from '../text/lines.js';
import { cellText } from './cell-text.js';
import type { CsvLines } from './csv-lines.js';
import { countFields, numberText } from './fields.js';
import { arrangedColumns, columnInOrder, columnsInOrder, leadColumns } from './file-columns.js';
import { isHeaderLine, readNames } from './header.js';
import { fieldHint, headerHint, lineHint, type Seen } from './hints.js';
import { type CsvKernel, createCsvKernel, PROBLEM } from './kernel.js';
import type { CsvOptions } from './layout.js';
import { badLine, type ExpectedColumns, fieldPlace, tooFewColumns, withHint } from './problems.js';
import { CsvRoom } from './room.js';

const LINE_FEED = 0x0a;
/** Of a block that takes all rows, when more come than were guessed. */
const GROWTH = 1.5;

/** See BlockParser for the order of calls. Between files nothing but the expected number of columns is kept. */
export class CsvParser implements BlockParser<Block> {
  readonly #options: CsvOptions;
  readonly #kernel: CsvKernel;
  readonly #room: CsvRoom;
  readonly #lines: CsvLines;
  #source = '';
  #expected: ExpectedColumns | undefined;
  /** The first line of this file, for messages about text in columns of numbers. */
  #first: Seen | undefined;
  /** Rows in the block that is being filled. */
  #rows = 0;

  /** @param kernel not in use by another parser at the same time */
  constructor(options: CsvOptions, kernel: CsvKernel = createCsvKernel()) {
    const { maxRows, featureCount } = options;
    checkMaxRows(maxRows);
    this.#options = options;
    this.#kernel = kernel;
    this.#room = new CsvRoom(options, kernel, {
      codeOf: (bytes, column, isQuoted) => this.#codeOf(bytes, column, isQuoted),
      numberAt: (bytes, column) => this.#takeNumber(bytes, column),
    });
    this.#lines = this.#room.lines;
    if (featureCount !== undefined) {
      this.#expected = { count: leadColumns(options) + featureCount, from: undefined };
      this.#room.arrange(columnsInOrder(this.#expected.count, options));
    }
  }

  get input(): BlockInput {
    return this.#lines;
  }

  startFile(source: string, place: Place, isPipe = false): void {
    this.#source = source;
    this.#rows = 0;
    this.#lines.startFile(place, isPipe);
  }

  /**
   * The next full block, or the last of the file; undefined when more bytes are needed or the file is done. The arrays
   * are in the kernel's memory and are valid until the next call of any method.
   * @throws ClientError for the first bad line
   */
  nextBlock(): Block | undefined {
    if (this.#lines.hasLines) this.#parseLines();
    while (this.#options.isOneBlock && this.#isFull && this.#lines.hasLines) {
      this.#room.resize(Math.ceil(this.#rows * GROWTH));
      this.#parseLines();
    }
    // Rows are numbered by their lines, so that a block ends before the header line of another object.
    const isFull = (this.#isFull && !this.#options.isOneBlock) || (this.#rows > 0 && this.#lines.isAtHeader);
    const isLast = this.#lines.isEnded && this.#rows > 0 && !this.#lines.hasLines;
    if (!isFull && !isLast) return undefined;
    const rows = this.#rows;
    this.#rows = 0;
    return this.#block(rows);
  }

  get #isFull(): boolean {
    return this.#rows > 0 && this.#rows === this.#room.layout.rowCapacity;
  }

  #parseLines(): void {
    const lines = this.#lines;
    if (this.#isWaiting) return;
    if (lines.startLines()) this.#startLines();
    if (this.#rows === 0) lines.skipRepeatedHeaders();
    if (!lines.hasLines) return;
    if (!this.#expected && !lines.isTail) this.#readFirstLine();
    if (this.#expected && !lines.isTail) {
      const { parse32, parse64, parseColumns } = this.#kernel;
      const parse = this.#room.columns.isPlain ? (this.#room.layout.isFloat32 ? parse32 : parse64) : parseColumns;
      const problem = parse(lines.start, lines.rowsEnd, this.#rows, this.#room.layout.rowCapacity);
      lines.consume(this.#kernel.rows.value - this.#rows, this.#kernel.position.value);
      this.#rows = this.#kernel.rows.value;
      if (problem === PROBLEM.blankLine) lines.startTail();
      else if (problem !== PROBLEM.none) throw this.#badLine(problem, this.#expected);
    }
    if (lines.isTail) lines.skipTail();
  }

  /** Whether the line after the first one decides what the first one is, and has not come yet. */
  get #isWaiting(): boolean {
    const { header } = this.#options;
    return header?.mode === 'auto' && header.known === undefined && this.#lines.isFirstAlone;
  }

  /** Finds out the delimiter, and reads the header line. */
  #startLines(): void {
    const { bytes, start, end } = this.#lines;
    this.#lines.findDelimiter();
    const { header, texts } = this.#options;
    // A file may have nothing but a byte order mark.
    const isBlank = isBlankLine(this.#lines.current());
    const hasHeader =
      header !== undefined && !isBlank && (header.mode === 'present' || this.#hasHeader(bytes.subarray(start, end)));
    if (isBlank) this.#lines.startTail();
    else if (header && !hasHeader) header.planUnnamed?.(`${this.#lines.place.label} line 1`);
    if (hasHeader) this.#readHeader();
    else if (this.#room.columns.hasNames) this.#room.arrange(columnsInOrder(this.#expected!.count, this.#options));
    this.#lines.writeCommas();
    if (texts?.isSurvey && !hasHeader) this.#first = this.#lines.seen(1);
  }

  #hasHeader(bytes: Uint8Array): boolean {
    const first = bytes.subarray(0, lineEnd(bytes, 0));
    const next = bytes.subarray(bytes.indexOf(LINE_FEED) + 1);
    return isHeaderLine(first, next.subarray(0, lineEnd(next, 0)), this.#lines.delimiter, this.#options.header?.known);
  }

  #readHeader(): void {
    const lines = this.#lines;
    const { place } = lines;
    const where = place.unit === 'line' ? `${place.label} line 1` : `${place.label} header`;
    const names = readNames(lines.current(), lines.delimiter, where, () => lines.seen(1));
    lines.skipHeader(names);
    this.#expected = { count: names.length, from: { place, line: 1 } };
    this.#room.arrange(arrangedColumns(this.#options.header!.plan(names, where), this.#options));
  }

  #readFirstLine(): void {
    const first = this.#lines.current();
    const { place, line } = this.#lines;
    if (isBlankLine(first)) {
      this.#lines.startTail();
      return;
    }
    this.#expected = { count: countFields(first), from: { place, line: line + 1 } };
    this.#room.arrange(columnsInOrder(this.#expected.count, this.#options));
  }

  /** Called by the kernel. */
  #codeOf(bytes: Uint8Array, column: number, isQuoted: boolean): number {
    const own = this.#room.columns.ofFile[column]!;
    const where = () => this.#placeOf(column);
    const text = cellText(this.#lines.asWritten(bytes), isQuoted, where, () => this.#kernelSeen);
    if (this.#lines.repeatedHeader?.has(text)) this.#refuseHeader(this.#kernelLine, this.#kernel.position.value);
    const mayBeMissing = this.#options.policy.missingValues !== 'refuse' && own.role !== 'label';
    try {
      return own.text!.code(isQuoted ? text.replaceAll('""', '"') : text, where, (isRefused) => {
        const line = isRefused ? lineHint(this.#kernelSeen, column + 1) : '';
        return line || fieldHint(text, mayBeMissing);
      });
    } catch (error) {
      throw this.#mayBeHeader ? withHint(error, headerHint(this.#lines.seen(1))) : error;
    }
  }

  /** Called by the kernel. */
  #takeNumber(bytes: Uint8Array, column: number): void {
    const text = numberText(bytes);
    const hint = (isRefused: boolean) => (isRefused && this.#first ? headerHint(this.#first) : '');
    const own = this.#room.columns.ofFile[column]!;
    const written = () => text;
    const value = Number(text);
    // `inf` is NaN to Number; what is missing does not come here.
    own.text!.number(
      Number.isNaN(value) ? Number.POSITIVE_INFINITY : value,
      () => this.#placeOf(column),
      written,
      hint,
    );
  }

  /** The field that the kernel reads. @param column from 0 */
  #placeOf(column: number): string {
    const { name } = this.#room.columns.ofFile[column]!;
    return fieldPlace(this.#lines.place, this.#kernelLine, { number: column + 1, name });
  }

  get #kernelSeen(): Seen {
    return this.#lines.seen(this.#kernelLine, this.#kernel.position.value);
  }

  /** The line that the kernel reads. */
  get #kernelLine(): number {
    return this.#lines.line + this.#kernel.rows.value - this.#rows + 1;
  }

  /** Whether the kernel is in the first line of a file, which was not read as a header line. */
  get #mayBeHeader(): boolean {
    return !this.#room.columns.hasNames && this.#kernelLine === 1;
  }

  #badLine(problem: number, expected: ExpectedColumns): ClientError {
    const { labelCount, hasWeights = false, policy } = this.#options;
    const { place } = this.#lines;
    const line = this.#lines.line + 1;
    const isTooNarrow = problem === PROBLEM.badColumns && expected.count <= leadColumns(this.#options);
    this.#refuseHeader(line);
    const seen = this.#lines.seen(line);
    if (isTooNarrow) return tooFewColumns(place, line, expected.count, labelCount, hasWeights, seen);
    const number = this.#kernel.column.value;
    const column = this.#room.columns.ofFile[number - 1];
    return badLine(problem, {
      place,
      line,
      column: { role: column?.role ?? columnInOrder(number - 1, this.#options).role, number, name: column?.name },
      expected,
      acceptsMissing: policy.missingValues !== 'refuse',
      acceptsText: policy.text === 'accept',
      mayDeclare: policy.text === 'accept' && (this.#options.mayDeclare ?? false),
      seen,
    });
  }

  /** @throws ClientError E_DATA_COLUMNS where the line at `start` has a header line, but another than the first */
  #refuseHeader(line: number, start?: number): void {
    const problem = this.#lines.repeatedHeader?.problem(this.#lines.place, this.#lines.seen(line, start));
    if (problem) throw problem;
  }

  #block(rows: number): Block {
    const { featureNames } = this.#room.columns;
    return {
      rows,
      ...this.#room.arrays(rows),
      ...(featureNames && { columnNames: featureNames }),
      source: this.#source,
      firstLine: this.#lines.line - rows + 1,
    };
  }
}
