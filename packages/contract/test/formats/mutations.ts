/** Inputs made from good ones by chance: the same for the same seed. */

/** Numbers in [0, 1) from a 32-bit state (Vigna's splitmix, 32 bits). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

const MAX_BYTES = 2048;

/** A seed with one to four changes: bytes flipped, put in, taken out, repeated, cut off, or from another seed. */
export function mutate(seeds: readonly Uint8Array[], alphabet: Uint8Array, random: () => number): Buffer {
  const pick = (count: number) => Math.floor(random() * count);
  let bytes = Buffer.from(seeds[pick(seeds.length)]!);
  for (let changes = 1 + pick(4); changes > 0; changes--) {
    const at = pick(bytes.length + 1);
    const until = Math.min(bytes.length, at + 1 + pick(12));
    const some = Buffer.from(Array.from({ length: 1 + pick(3) }, () => alphabet[pick(alphabet.length)]!));
    const kind = pick(7);
    if (kind === 0 && at < bytes.length) bytes[at] = bytes[at]! ^ (1 << pick(8));
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), some, bytes.subarray(at)]);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(until)]);
    else if (kind === 3) {
      const part = bytes.subarray(at, until);
      bytes = Buffer.concat([bytes.subarray(0, until), ...Array(1 + pick(40)).fill(part), bytes.subarray(until)]);
    } else if (kind === 4) bytes = bytes.subarray(0, at);
    else if (kind === 5) {
      const other = seeds[pick(seeds.length)]!;
      bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(pick(other.length + 1))]);
    } else if (at < bytes.length) bytes[at] = alphabet[pick(alphabet.length)]!;
    bytes = Buffer.from(bytes.subarray(0, MAX_BYTES));
  }
  return bytes;
}
