/**
 * Seeded random numbers: sfc32 (Doty-Humphrey, PractRand), 128 bits of state that can be saved and put back.
 */

/** State of a generator: four 32-bit words. */
export type RandomState = readonly [number, number, number, number];

export interface Random {
  /** Uniform integer in [0, 2^32). */
  bits(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, limit), limit in [1, 2^32]. */
  below(limit: number): number;
  state(): RandomState;
}

/** Rounds after seeding, until close seeds give unlike streams. */
const WARM_UP_ROUNDS = 16;

/** A generator that begins a stream of its own for each seed (any integer; 53 bits count). */
export function createRandom(seed: number): Random {
  const random = resumeRandom([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b9, 1]);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) random.bits();
  return random;
}

/** The generator that was in this state. */
export function resumeRandom(state: RandomState): Random {
  let [a, b, c, counter] = state;
  const bits = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  return {
    bits,
    uniform: () => (bits() * 2 ** 21 + (bits() >>> 11)) / 2 ** 53,
    below: (limit) => Math.floor((bits() / 2 ** 32) * limit),
    state: () => [a >>> 0, b >>> 0, c >>> 0, counter >>> 0],
  };
}
