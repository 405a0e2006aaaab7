/**
 * Parquet's hybrid of run lengths and bit packing: null flags, indices into a dictionary, booleans.
 * Source: apache/parquet-format, Encodings.md (RLE / Bit-Packing Hybrid).
 */

/**
 * Reads `count` numbers of `width` bits each from [start, end) of `bytes` into `target`.
 * @param width in [0, 32]
 * @throws Error when they end early
 */
export function readHybrid(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  count: number,
  target: Uint32Array,
): void {
  if (width > 32) throw new Error(`a width of ${width} bits is too large`);
  let at = start;
  let done = 0;
  while (done < count) {
    let header = 0;
    for (let factor = 1; ; factor *= 128) {
      if (at >= end || factor > 2 ** 35) throw new Error(`there are ${done} numbers of ${count}`);
      const byte = bytes[at++]!;
      header += (byte & 127) * factor;
      if (byte < 128) break;
    }
    if (header % 2 === 0) {
      const run = Math.min(header / 2, count - done);
      let value = 0;
      if (run === 0 || Math.ceil(width / 8) > end - at) throw new Error('a run is empty or truncated');
      for (let i = 0; i < width; i += 8) value += bytes[at++]! * 2 ** i;
      if (value >= 2 ** width) throw new Error(`a run of ${value} is wider than ${width} bits`);
      target.fill(value, done, done + run);
      done += run;
      continue;
    }
    const groups = (header - 1) / 2;
    const run = Math.min(groups * 8, count - done);
    const size = groups * width;
    // The last group may be cut off behind its last number.
    if (run === 0 || Math.ceil((run * width) / 8) > end - at) throw new Error('a packed run is empty or truncated');
    unpackBits(bytes, at, width, target, done, run);
    at += Math.min(size, end - at);
    done += run;
  }
}

// --- internal ---

/** `count` numbers of `width` bits, the lowest bit of the lowest byte first. */
function unpackBits(
  bytes: Uint8Array,
  start: number,
  width: number,
  target: Uint32Array,
  offset: number,
  count: number,
): void {
  if (width === 0) {
    target.fill(0, offset, offset + count);
    return;
  }
  if (width > 24) {
    for (let i = 0; i < count; i++) target[offset + i] = wideNumber(bytes, start, width, i);
    return;
  }
  const mask = (1 << width) - 1;
  let at = start;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < count; i++) {
    while (held < width) {
      bits |= bytes[at++]! << held;
      held += 8;
    }
    target[offset + i] = bits & mask;
    bits >>>= width;
    held -= width;
  }
}

/** Number `index` of them, where 32 bits cannot hold it and the rest of a byte. */
function wideNumber(bytes: Uint8Array, start: number, width: number, index: number): number {
  let value = 0;
  for (let bit = 0; bit < width; bit++) {
    const position = index * width + bit;
    value += ((bytes[start + (position >> 3)]! >> (position & 7)) & 1) * 2 ** bit;
  }
  return value;
}
