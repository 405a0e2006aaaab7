/** Streams of given bytes, for tests of what reads them. */
import type { ByteStream } from '../../src/formats/reader.js';

/** A stream that gives at most `pieceBytes` at a time. */
export function streamOf(bytes: Uint8Array, pieceBytes: number): ByteStream {
  let at = 0;
  return {
    read(target) {
      const piece = bytes.subarray(at, at + Math.min(target.length, pieceBytes));
      target.set(piece);
      at += piece.length;
      return piece.length;
    },
    close() {},
  };
}
