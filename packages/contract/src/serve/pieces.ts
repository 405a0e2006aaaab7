/**
 * Bytes as the pieces in which they came. Large bodies and answers are never joined in the process that owns the sockets:
 * the pieces that the system gave are handed on as they are.
 */

export type Pieces = readonly Uint8Array[];

export function byteLength(pieces: Pieces): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** One array of all; the piece itself where there is one only. */
export function joined(pieces: Pieces): Uint8Array {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/** Gathers pieces. Small ones are put together: a caller that sends byte by byte must not cost an object for each. */
export class PieceList {
  readonly #pieces: Uint8Array[] = [];
  readonly #onPiece: ((piece: Uint8Array) => void) | undefined;
  /** Small pieces put together, not among the pieces yet. */
  #gathered: Buffer | undefined;
  #gatheredLength = 0;

  /** @param onPiece gets each piece, in order */
  constructor(onPiece?: (piece: Uint8Array) => void) {
    this.#onPiece = onPiece;
  }

  add(piece: Uint8Array): void {
    if (piece.length < SMALL_BYTES && this.#pieces.length > 0) this.#gather(piece);
    else {
      this.#close();
      this.#push(piece);
    }
  }

  /** What was added, in order. */
  finish(): Pieces {
    this.#close();
    return this.#pieces;
  }

  #gather(piece: Uint8Array): void {
    if (this.#gatheredLength + piece.length > GATHERED_BYTES) this.#close();
    this.#gathered ??= Buffer.allocUnsafeSlow(GATHERED_BYTES);
    this.#gathered.set(piece, this.#gatheredLength);
    this.#gatheredLength += piece.length;
  }

  #close(): void {
    if (this.#gathered) this.#push(this.#gathered.subarray(0, this.#gatheredLength));
    this.#gathered = undefined;
    this.#gatheredLength = 0;
  }

  #push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#onPiece?.(piece);
  }
}

// --- internal ---

/** Smaller ones are gathered. */
const SMALL_BYTES = 4 * 1024;
const GATHERED_BYTES = 16 * 1024;
