/**
 * Records out of a stream of bytes: bytes come in as they are read, whole records go out, and one that is cut is waited for.
 * Memory grows for a record that does not fit, up to MAX_RECORD_BYTES.
 */
import type { ClientError } from '../../errors.js';
import type { Place } from '../place.js';
import { damaged, type Frame, HEADER_BYTES, type Input, readFrame } from './frames.js';

const INPUT_BYTES = 256 * 1024;

/** By turns: bytes into `space()`, their number to `added`, `next` until there is none; `endFile` at the end of a file. */
export class FrameBuffer {
  #input: Input = createInput(INPUT_BYTES);
  /** Bytes of the input that are not read yet: [start, end). */
  #start = 0;
  #end = 0;
  /** More of a record is seen only when there are this many from `start`. */
  #needed = HEADER_BYTES;
  #place: Place = { label: '', unit: 'record' };
  /** Records of this file that were taken, and where the next one begins in it. */
  #record = 0;
  #offset = 0;
  #isEnded = true;

  /** Whether nothing follows what is here. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  get place(): Place {
    return this.#place;
  }

  startFile(place: Place): void {
    this.#place = place;
    this.#start = this.#end = this.#record = this.#offset = 0;
    this.#needed = HEADER_BYTES;
    this.#isEnded = false;
  }

  /** Where the next bytes belong; never empty. Records that were given are no longer valid. */
  space(): Uint8Array {
    const { bytes } = this.#input;
    const pending = this.#end - this.#start;
    if (pending === bytes.length) this.#input = createInput(bytes.length * 2);
    // Pieces of a long record come one by one: what is at the front already is not moved for each of them.
    if (this.#start > 0 || this.#input.bytes !== bytes) {
      this.#input.bytes.set(bytes.subarray(this.#start, this.#end));
    }
    this.#start = 0;
    this.#end = pending;
    return this.#input.bytes.subarray(pending);
  }

  added(count: number): void {
    this.#end += count;
  }

  /** Nothing follows. A record in parts may be whole before it is as long as it was expected to be. */
  endFile(): void {
    this.#needed = HEADER_BYTES;
    this.#isEnded = true;
  }

  /**
   * The next whole record; call `taken` when it was read. Undefined when more bytes are needed.
   * @throws ClientError E_DATA_FORMAT, E_DATA_SIZE for what is no record
   */
  next(): Frame | undefined {
    if (this.#end - this.#start < this.#needed) return undefined;
    const frame = readFrame(this.#input, this.#start, this.#end, this.where);
    if (typeof frame !== 'number') return frame;
    this.#needed = frame;
    return undefined;
  }

  taken({ next }: Frame): void {
    this.#needed = HEADER_BYTES;
    this.#offset += next - this.#start;
    this.#start = next;
  }

  /** Counts a record whose place messages named until now. */
  count(): void {
    this.#record += 1;
  }

  get records(): number {
    return this.#record;
  }

  /** `train/a.pbr record 3 at byte 120`: the record that `next` gives. */
  readonly where = () => `${this.#place.label} record ${this.#record + 1} at byte ${this.#offset}`;

  /** The error for what is left behind the last record; undefined when nothing is. */
  truncated(): ClientError | undefined {
    const left = this.#end - this.#start;
    if (left === 0) return undefined;
    return damaged(this.where, `the record must have ${this.#needed} bytes or more; the data ends after ${left}`);
  }
}

// --- internal ---

function createInput(length: number): Input {
  const bytes = new Uint8Array(length);
  return { bytes, view: new DataView(bytes.buffer) };
}
