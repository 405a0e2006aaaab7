/**
 * The state between bytes and sparse blocks: bytes of one file after another go in, whole lines go through the kernel,
 * full blocks come out. Input and output are in the kernel's memory (layout.ts), so that nothing is copied on the way.
 */
import type { ClientError } from '../../errors.js';
import type { SparseBlock } from '../block.js';
import type { BlockInput, BlockParser } from '../block-parser.js';
import { checkMaxRows } from '../block-size.js';
import { magnitudeLimit } from '../float32-range.js';
import type { Place } from '../place.js';
import { LineBuffer } from '../text/line-buffer.js';
import { createLibsvmKernel, type LibsvmKernel, PRESENT, STOPPED } from './kernel.js';
import { DEFAULT_ENTRIES, type LibsvmLayout, type LibsvmOptions, layoutSparseBlock } from './layout.js';
import { badLine, MAX_INDEX } from './problems.js';

const TOKEN_END = /[ \t\n#]|\r\n/;
/** The start of a file, for hints about its format. */
const SEEN_BYTES = 1024;
/** Enough of a token to recognise it. */
const SHOWN_TOKEN_BYTES = 200;

/** See BlockParser for the order of calls. Between files the number of columns is kept, and whether rows have weights and query ids. */
export class LibsvmParser implements BlockParser<SparseBlock> {
  readonly #options: LibsvmOptions;
  readonly #kernel: LibsvmKernel;
  readonly #lines: LineBuffer;
  #layout: LibsvmLayout;
  #source = '';
  /** Rows in the block that is being filled. */
  #rows = 0;

  /** @param kernel not in use by another parser at the same time */
  constructor(options: LibsvmOptions, kernel: LibsvmKernel = createLibsvmKernel()) {
    checkMaxRows(options.maxRows);
    const { hasLabel, indexBase, featureCount = MAX_INDEX + 1, policy } = options;
    this.#options = options;
    this.#kernel = kernel;
    this.#layout = layoutSparseBlock(kernel.FREE_OFFSET.value, options, DEFAULT_ENTRIES);
    this.#lines = new LineBuffer(kernel.memory, this.#layout.inputOffset);
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

  get input(): BlockInput {
    return this.#lines;
  }

  startFile(source: string, place: Place): void {
    this.#source = source;
    this.#rows = 0;
    this.#lines.startFile(place);
  }

  /**
   * The next full block, or the last of the file; undefined when more bytes are needed or the file is done. The arrays
   * are in the kernel's memory and are valid until the next call of any method. A block ends before a line of comment,
   * so that its rows are on lines that follow each other, unless the options say otherwise.
   * @throws ClientError for the first bad line
   */
  nextBlock(): SparseBlock | undefined {
    const lines = this.#lines;
    lines.startLines();
    while (lines.hasLines) {
      if (lines.isTail) {
        lines.skipTail();
        break;
      }
      const stopped = this.#parseLines();
      if (stopped === STOPPED.blankLine) lines.startTail();
      else if (this.#rows > 0 && this.#isBlockEnd(stopped)) return this.#takeBlock();
      else if (stopped === STOPPED.full) this.#growEntries();
      else if (stopped === STOPPED.commentLine) lines.skipLine();
      else if (stopped !== STOPPED.done) throw this.#badLine(stopped);
    }
    return lines.isEnded && this.#rows > 0 ? this.#takeBlock() : undefined;
  }

  #parseLines(): number {
    const parse = this.#options.precision === 'float32' ? this.#kernel.parse32 : this.#kernel.parse64;
    const stopped = parse(this.#lines.start, this.#lines.linesEnd, this.#rows, this.#layout.rowCapacity);
    this.#lines.consume(this.#kernel.rows.value - this.#rows, this.#kernel.position.value);
    this.#rows = this.#kernel.rows.value;
    return stopped;
  }

  #isBlockEnd(stopped: number): boolean {
    const isFull = stopped === STOPPED.done && this.#rows === this.#layout.rowCapacity;
    const isComment = stopped === STOPPED.commentLine && !this.#options.spansComments;
    return isFull || stopped === STOPPED.full || isComment;
  }

  /** Makes room for a row that has more entries than a block; no row is in the block. */
  #growEntries(): void {
    const { entryCapacity } = this.#layout;
    this.#layout = layoutSparseBlock(this.#kernel.FREE_OFFSET.value, this.#options, entryCapacity * 2);
    this.#lines.move(this.#layout.inputOffset);
    this.#placeArrays();
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

  #badLine(problem: number): ClientError {
    const { indexBase, featureCount } = this.#options;
    const { bytes, start, end, line, place } = this.#lines;
    const tokenAt = this.#kernel.tokenAt.value;
    const text = Buffer.from(bytes.subarray(tokenAt, tokenAt + SHOWN_TOKEN_BYTES)).toString('utf8');
    // A token of one blank or comment sign cannot be cut off before it.
    const length = text.slice(1).search(TOKEN_END) + 1;
    return badLine(problem, {
      place,
      line: line + 1,
      token: length > 0 ? text.slice(0, length) : text,
      indexBase,
      featureCount,
      repeatedColumn: this.#kernel.repeatedColumn.value,
      fileStart: bytes.slice(start, line === 0 ? Math.min(end, start + SEEN_BYTES) : start),
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
      firstLine: this.#lines.line - rows + 1,
    };
  }
}
