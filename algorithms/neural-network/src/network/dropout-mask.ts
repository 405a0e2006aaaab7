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
  const key = dropoutKey(seed);
  const threshold = dropoutThreshold(rate);
  const scale = 1 / (1 - rate);
  const mask = new Float32Array(count);
  for (let position = 0; position < count; position++) {
    mask[position] = mixed((Math.imul(position, WEYL) + key) | 0) < threshold ? 0 : scale;
  }
  return mask;
}

/** What is added to the Weyl sequence: mixed, so that seeds side by side have unrelated sequences. */
export function dropoutKey(seed: number): number {
  return mixed(seed | 0);
}

/** Entries whose 32 mixed bits are below it are dropped. An integer in [0, 2³²). */
export function dropoutThreshold(rate: number): number {
  return Math.min(Math.round(rate * 2 ** 32), 2 ** 32 - 1);
}

// --- internal ---

/** MurmurHash3's finalizer: a bijection of 32 bits. */
function mixed(bits: number): number {
  let hash = bits ^ (bits >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
