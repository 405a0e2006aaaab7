/**
 * Changed copies of a file, for readers that must take any bytes: flipped bits, other bytes, numbers at their limits, parts
 * that are cut out, doubled or moved. Equal seeds give equal copies.
 */
import { createRandom } from '@algo/numerics';

/** Bytes at the edges of signs, of varints and of formats. */
const EDGES = [0, 1, 2, 5, 0x15, 0x7f, 0x80, 0x8c, 0xf0, 0xfe, 0xff];

/** `count` copies of `original`, each with 1 to 4 changes; a copy is valid until the next one is asked for. */
export function* mutants(original: Uint8Array, seed: number, count: number): Generator<Buffer, void, undefined> {
  const { below } = createRandom(seed);
  for (let i = 0; i < count; i++) {
    let bytes: Buffer = Buffer.from(original);
    for (let changes = 1 + below(4); changes > 0 && bytes.length > 0; changes--) bytes = change(bytes, below);
    yield bytes;
  }
}

// --- internal ---

function change(bytes: Buffer, below: (limit: number) => number): Buffer {
  const at = below(bytes.length);
  const size = 1 + below(Math.min(16, bytes.length - at));
  switch (below(8)) {
    case 0:
      bytes[at]! ^= 1 << below(8);
      return bytes;
    case 1:
    case 2:
      bytes[at] = EDGES[below(EDGES.length)]!;
      return bytes;
    case 3:
      bytes[at] = below(256);
      return bytes;
    case 4:
      bytes.fill(below(2) ? 0xff : 0, at, at + size);
      return bytes;
    case 5:
      return bytes.subarray(0, below(4) === 0 ? at : bytes.length);
    case 6:
      return Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
  }
}
