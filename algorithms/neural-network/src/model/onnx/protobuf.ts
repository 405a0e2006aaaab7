/**
 * Protocol buffers, written: as much as ONNX needs. A message is a list of pieces that are joined once at the end, so
 * that weights are copied once, however deeply nested they are. Format: protobuf.dev, Encoding.
 */

/** Pieces of an encoded message, in order. */
export type Pieces = readonly Uint8Array[];

/** An integer, also negative (ten bytes), or an enum. Left out when undefined. */
export function integerField(field: number, value: number | undefined): Pieces {
  if (value === undefined) return [];
  return [Uint8Array.from([...varint(field << 3), ...varint(value)])];
}

/** float32. */
export function floatField(field: number, value: number | undefined): Pieces {
  if (value === undefined) return [];
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return [Uint8Array.from(varint((field << 3) | FIXED32)), bytes];
}

export function textField(field: number, value: string | undefined): Pieces {
  return value === undefined ? [] : messageField(field, [Buffer.from(value)]);
}

/** Bytes, or a message inside of the message. */
export function messageField(field: number, content: Pieces): Pieces {
  return [Uint8Array.from([...varint((field << 3) | DELIMITED), ...varint(sizeOf(content))]), ...content];
}

export function sizeOf(pieces: Pieces): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

// --- internal ---

/** Wire types. */
const DELIMITED = 2;
const FIXED32 = 5;

/** Seven bits per byte, the lowest first; a negative number is the 64-bit one it is. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  bytes.push(Number(left));
  return bytes;
}
