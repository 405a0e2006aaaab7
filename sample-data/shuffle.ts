/**
 * A shuffle that any machine repeats from its seed: Fisher–Yates over mulberry32, 32-bit integers only. (The sampling of
 * the data frame library takes a seed too, but does not promise the same order in its next version.)
 */

/** The numbers 0 to count − 1 in the order of `seed`, every order equally likely up to the generator's 2³² states. */
export function shuffledIndices(count: number, seed: number): number[] {
  const indices = Array.from({ length: count }, (_, index) => index);
  const random = mulberry32(seed);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [indices[last], indices[other]] = [indices[other]!, indices[last]!];
  }
  return indices;
}

// --- internal ---

/** Uniform numbers in [0, 1) with period 2³²; method: Tommy Ettinger's mulberry32, public domain. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
