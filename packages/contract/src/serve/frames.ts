/**
 * Messages with bytes over one stream, such as the pipe to a worker:
 *
 *   [ bytes of the head, 4 | bytes of the body, 4 | head as JSON | body ]
 *
 * A body is written as the pieces it is in, and read right into where it is wanted, so nothing is copied on the way.
 */
import type { Writable } from 'node:stream';
import { byteLength, type Pieces } from './pieces.js';

/** Where the body of a message goes. */
export interface BodyTarget<B> {
  /** Takes a piece that was read together with other messages; its memory is the reader's own or not, see FrameReader. */
  add(piece: Uint8Array): void;
  /** Where the next bytes may be read to directly; undefined: nowhere, `add` takes them. */
  rest?(): Uint8Array;
  /** Bytes that were read into `rest()`. */
  filled?(count: number): void;
  finish(): B;
}

/** @param sent called when all of it has been given to the system, or the stream has failed */
export function writeFrame(stream: Writable, head: object, body: Pieces, sent?: () => void): void {
  const text = Buffer.from(JSON.stringify(head));
  const start = Buffer.allocUnsafe(SIZES + text.length);
  start.writeUInt32LE(text.length, 0);
  start.writeUInt32LE(byteLength(body), 4);
  text.copy(start, SIZES);
  stream.cork();
  stream.write(start, body.length === 0 ? sent : undefined);
  for (const [index, piece] of body.entries()) stream.write(piece, index === body.length - 1 ? sent : undefined);
  stream.uncork();
}

/** Finds the messages in the bytes of a stream. H is the heads' type: both ends are this same program. */
export class FrameReader<H, B> {
  readonly #createTarget: (bytes: number) => BodyTarget<B>;
  readonly #onFrame: (head: H, body: B) => void;
  /** Sizes and head, as far as they have come. */
  #start = Buffer.allocUnsafe(256);
  #started = 0;
  #wanted = SIZES;
  #body: { readonly head: H; readonly target: BodyTarget<B>; missing: number } | undefined;

  constructor(createTarget: (bytes: number) => BodyTarget<B>, onFrame: (head: H, body: B) => void) {
    this.#createTarget = createTarget;
    this.#onFrame = onFrame;
  }

  /** Where the next bytes may be read to directly: then call `filled`. Undefined: hand them to `push`. */
  rest(): Uint8Array | undefined {
    return this.#body?.target.rest?.();
  }

  filled(count: number): void {
    const body = this.#body!;
    body.target.filled!(count);
    body.missing -= count;
    if (body.missing === 0) this.#finish();
  }

  /** Takes bytes in. Targets get views of them. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#body) {
        const piece = chunk.subarray(at, at + this.#body.missing);
        at += piece.length;
        this.#body.missing -= piece.length;
        this.#body.target.add(piece);
        if (this.#body.missing === 0) this.#finish();
      } else {
        const part = chunk.subarray(at, at + this.#wanted - this.#started);
        this.#start.set(part, this.#started);
        at += part.length;
        this.#started += part.length;
        if (this.#started === this.#wanted) this.#headPart();
      }
    }
  }

  /** The sizes are known, or the whole head is. */
  #headPart(): void {
    const headBytes = this.#start.readUInt32LE(0);
    if (this.#wanted === SIZES) {
      this.#wanted += headBytes;
      if (this.#wanted > this.#start.length) {
        const larger = Buffer.allocUnsafe(this.#wanted);
        larger.set(this.#start.subarray(0, SIZES));
        this.#start = larger;
      }
      return;
    }
    const missing = this.#start.readUInt32LE(4);
    const head = JSON.parse(this.#start.toString('utf8', SIZES, this.#wanted)) as H;
    this.#started = 0;
    this.#wanted = SIZES;
    this.#body = { head, target: this.#createTarget(missing), missing };
    if (missing === 0) this.#finish();
  }

  #finish(): void {
    const { head, target } = this.#body!;
    this.#body = undefined;
    this.#onFrame(head, target.finish());
  }
}

/** Keeps the pieces as they come: for a stream whose chunks are not used again. */
export function piecesTarget(): BodyTarget<Pieces> {
  const pieces: Uint8Array[] = [];
  return { add: (piece) => void pieces.push(piece), finish: () => pieces };
}

/** Fills `array` from the stream directly. */
export function arrayTarget(array: Uint8Array): BodyTarget<Uint8Array> {
  let length = 0;
  return {
    add(piece) {
      array.set(piece, length);
      length += piece.length;
    },
    rest: () => array.subarray(length),
    filled(count) {
      length += count;
    },
    finish: () => array,
  };
}

// --- internal ---

/** Bytes of the two sizes. */
const SIZES = 8;
