/**
 * Which entries dropout keeps, as a function of a seed and the position alone: a counter-based generator, so that every
 * backend, any number of threads and the backward pass see the same bits. The wasm kernel computes the same numbers.
 * Method: a Weyl sequence through the finalizer of MurmurHash3 (Appleby), as in SplitMix32.
 */

/** 2³² ÷ the golden ratio, odd: neighbouring positions land far apart. */
const WEYL = 0x9e3779b1;

/**
 * 0 for dropped entries, 1 ÷ (1 − rate) for the others.
 * @param rate probability of a 0, in [0, 1)
 * @param seed an integer; its low 32 bits count
 */
export function dropoutMask(count: number, rate: number, seed: number): Float32Array {
  const mask = new Float32Array(count);
  fillMask(mask, dropoutKey(seed), rate);
  return mask;
}

/**
 * The same for some rows of a batch, which get the masks that they have in the whole of it.
 * @param width entries of a row
 * @param rows  [rows] which rows of the batch they are, from 0
 */
export function dropoutMaskOfRows(width: number, rate: number, seed: number, rows: Int32Array): Float32Array {
  const mask = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) {
    fillMask(mask.subarray(index * width, (index + 1) * width), keyAt(dropoutKey(seed), row * width), rate);
  }
  return mask;
}

/** What is added to the Weyl sequence: mixed, so that seeds side by side have unrelated sequences. */
export function dropoutKey(seed: number): number {
  return mixed(seed | 0);
}

/** The key with which position 0 has the bits that `position` has with `key`. */
export function keyAt(key: number, position: number): number {
  return (Math.imul(position, WEYL) + key) >>> 0;
}

/** Entries whose 32 mixed bits are below it are dropped. An integer in [0, 2³²). */
export function dropoutThreshold(rate: number): number {
  return Math.min(Math.round(rate * 2 ** 32), 2 ** 32 - 1);
}

// --- internal ---

function fillMask(mask: Float32Array, key: number, rate: number): void {
  const threshold = dropoutThreshold(rate);
  const scale = 1 / (1 - rate);
  for (let position = 0; position < mask.length; position++) {
    mask[position] = mixed((Math.imul(position, WEYL) + key) | 0) < threshold ? 0 : scale;
  }
}

/** MurmurHash3's finalizer: a bijection of 32 bits. */
function mixed(bits: number): number {
  let hash = bits ^ (bits >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
