/**
 * The input of a parser of lines, in the memory of its WebAssembly kernel, behind the arrays of the block that the kernel
 * fills: bytes of one file after another come in, whole lines are handed to the kernel, and nothing is copied on the way.
 * Memory grows for a line that does not fit, up to MAX_LINE_BYTES.
 *
 *   [ kernel's tables and arrays | consumed … | start: whole lines … | linesEnd: part of a line … | end: room … ]
 */
import { PAGE_BYTES, type WebAssemblyMemory } from '@algo/numerics';
import { ClientError } from '../../errors.js';
import type { Place } from '../place.js';
import {
  blankLine,
  byteOrderMarkLength,
  isBlankLine,
  LINE_FEED,
  lineEnd,
  lineTooLong,
  MAX_LINE_BYTES,
} from './lines.js';

/** Small enough to stay in a core's cache together with a block. */
const INPUT_BYTES = 256 * 1024;
/** What a kernel may read behind the last line. */
const PADDING_BYTES = 48;

/** Offsets are bytes of the kernel's memory: offset ≤ start ≤ linesEnd ≤ end ≤ offset + capacity (one more after `endFile`). */
export class LineBuffer {
  readonly #memory: WebAssemblyMemory;
  /** The whole memory; replaced whenever it grows. */
  #bytes: Uint8Array;
  #offset: number;
  #capacity = INPUT_BYTES;
  #start: number;
  #linesEnd: number;
  #end: number;

  #place: Place = { label: '', unit: 'line' };
  #line = 0;
  #isFileStart = true;
  #isEnded = true;
  #blankLine: number | undefined;

  /** @param offset where the input begins: the end of what the kernel keeps */
  constructor(memory: WebAssemblyMemory, offset: number) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#offset = this.#start = this.#linesEnd = this.#end = offset;
    this.#reserve();
  }

  /** The whole memory; another array after any call that adds bytes or moves the input. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The first line that was not consumed. */
  get start(): number {
    return this.#start;
  }

  get linesEnd(): number {
    return this.#linesEnd;
  }

  get end(): number {
    return this.#end;
  }

  get place(): Place {
    return this.#place;
  }

  /** Lines of this file that were consumed. */
  get line(): number {
    return this.#line;
  }

  get hasLines(): boolean {
    return this.#start < this.#linesEnd;
  }

  /** Whether the first line of a file is here, and the line after it has not come yet. */
  get isFirstAlone(): boolean {
    if (!this.#isFileStart || this.#isEnded || !this.hasLines) return false;
    return this.#bytes.indexOf(LINE_FEED, this.#start) === this.#linesEnd - 1;
  }

  /** Whether nothing follows what is here. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether a blank line was met, so that only blank ones may follow. */
  get isTail(): boolean {
    return this.#blankLine !== undefined;
  }

  startFile(place: Place): void {
    this.#place = place;
    this.#line = 0;
    this.#isFileStart = true;
    this.#isEnded = false;
    this.#blankLine = undefined;
    this.#start = this.#linesEnd = this.#end = this.#offset;
  }

  /** Where the next bytes belong; never empty. */
  space(): Uint8Array {
    const pending = this.#end - this.#start;
    if (pending === this.#capacity) this.#grow();
    // Pieces of a long line come one by one: what is at the front already is not moved for each of them.
    if (this.#start > this.#offset) this.#bytes.copyWithin(this.#offset, this.#start, this.#end);
    this.#start = this.#linesEnd = this.#offset;
    this.#end = this.#offset + pending;
    return this.#bytes.subarray(this.#end, this.#offset + this.#capacity);
  }

  /** Takes in the first `count` bytes of `space()`. */
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

  /** Whether the first line of a file is here, true once per file; its byte order mark is skipped. */
  startLines(): boolean {
    if (!this.#isFileStart || !this.hasLines) return false;
    this.#isFileStart = false;
    this.#start += byteOrderMarkLength(this.#bytes, this.#start);
    return true;
  }

  /** The first line that was not consumed, without its line break. */
  current(): Uint8Array {
    const lines = this.#bytes.subarray(this.#start, this.#linesEnd);
    return lines.subarray(0, lineEnd(lines, 0));
  }

  /** `count` lines were consumed, up to `position`. */
  consume(count: number, position: number): void {
    this.#line += count;
    this.#start = position;
  }

  /** Consumes the first line. @param isCounted whether it is one of the lines that rows are numbered by */
  skipLine(isCounted = true): void {
    this.consume(Number(isCounted), this.#bytes.indexOf(LINE_FEED, this.#start) + 1);
  }

  /** The first line that was not consumed is blank. */
  startTail(): void {
    this.#blankLine = this.#line + 1;
  }

  /** Consumes the lines of the tail. @throws ClientError E_DATA_BLANK_LINE when one is not blank */
  skipTail(): void {
    while (this.hasLines) {
      if (!isBlankLine(this.current())) throw blankLine(this.#place, this.#blankLine!);
      this.#start = this.#bytes.indexOf(LINE_FEED, this.#start) + 1;
    }
  }

  /** Moves the input to `offset`, since the kernel keeps more or less from now on. */
  move(offset: number): void {
    const from = this.#offset;
    this.#offset = offset;
    this.#reserve();
    this.#bytes.copyWithin(offset, from, this.#end);
    this.#start += offset - from;
    this.#linesEnd += offset - from;
    this.#end += offset - from;
  }

  #grow(): void {
    if (this.#capacity >= MAX_LINE_BYTES) throw lineTooLong(this.#place, this.#line + 1);
    this.#capacity *= 2;
    this.#reserve();
  }

  /** Makes the memory as large as it must be. */
  #reserve(): void {
    const missing = this.#offset + this.#capacity + PADDING_BYTES - this.#bytes.length;
    if (missing <= 0) return;
    try {
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    } catch (cause) {
      const where = `${this.#place.label} ${this.#place.unit} ${this.#line + 1}`;
      throw new ClientError('E_DATA_SIZE', `${where}: the row is too large for this machine's memory.`, { cause });
    }
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }
}
