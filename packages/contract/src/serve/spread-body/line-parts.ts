/** A body as it comes, taken in parts of whole lines. The pieces are handed on as they are. */
import { LINE_FEED } from '../../formats/text/lines.js';
import { byteLength, joined, type Pieces } from '../pieces.js';

export class LineParts {
  readonly #pieces: Uint8Array[] = [];
  /** Of what has come and was not taken. */
  #bytes = 0;
  /** How many pieces the next part cannot end in, and their bytes: none of a long line is searched twice. */
  #searched = 0;
  #searchedBytes = 0;
  #isComplete = false;

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** Nothing follows. */
  complete(): void {
    this.#isComplete = true;
  }

  /** Whether all is taken, and nothing follows. */
  get isDone(): boolean {
    return this.#isComplete && this.#bytes === 0;
  }

  /** Lines of about so many bytes, at the end of the body up to one and a half times as many; undefined where they have not come. */
  take(bytes: number): Pieces | undefined {
    if (this.#isComplete && this.#bytes <= 1.5 * bytes) return this.#bytes === 0 ? undefined : this.#takeAll();
    if (this.#bytes < bytes) return undefined;
    for (; this.#searched < this.#pieces.length; this.#searched++) {
      const piece = this.#pieces[this.#searched]!;
      this.#searchedBytes += piece.length;
      const end = this.#searchedBytes < bytes ? 0 : piece.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) return this.#takeTo(this.#searched, end);
    }
    return this.#isComplete ? this.#takeAll() : undefined;
  }

  #takeAll(): Pieces {
    this.#bytes = 0;
    return this.#takePieces(this.#pieces.length);
  }

  /** What is before byte `end` of a piece. */
  #takeTo(index: number, end: number): Pieces {
    const taken = this.#takePieces(index + 1);
    const last = taken[index]!;
    taken[index] = last.subarray(0, end);
    if (end < last.length) this.#pieces.unshift(last.subarray(end));
    this.#bytes -= byteLength(taken);
    return taken;
  }

  #takePieces(count: number): Uint8Array[] {
    this.#searched = 0;
    this.#searchedBytes = 0;
    return this.#pieces.splice(0, count);
  }
}

/** With its line feed. */
export function firstLine(pieces: Pieces): Uint8Array {
  const found: Uint8Array[] = [];
  for (const piece of pieces) {
    const end = piece.indexOf(LINE_FEED) + 1;
    found.push(end > 0 ? piece.subarray(0, end) : piece);
    if (end > 0) break;
  }
  return joined(found);
}

/** With its line feed, if it has one. @param pieces none of them empty */
export function lastLine(pieces: Pieces): Uint8Array {
  const found: Uint8Array[] = [];
  let before = 2; // the byte at the end may be the line feed of this line
  for (const piece of pieces.toReversed()) {
    const start = before > piece.length ? 0 : piece.lastIndexOf(LINE_FEED, piece.length - before) + 1;
    found.unshift(piece.subarray(start));
    if (start > 0) break;
    before = 1;
  }
  return joined(found);
}
