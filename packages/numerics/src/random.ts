/**
 * Seeded random numbers: sfc32 (Doty-Humphrey, PractRand), 128 bits of state that can be saved and restored, and what
 * training draws from them: normal values, random orders, seeds of independent streams.
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

/** Rounds after seeding, until seeds that are close give streams that are not. */
const WARM_UP_ROUNDS = 16;

/**
 * A generator with a stream of its own for each seed and purpose.
 * @param seed any integer; 53 bits count
 * @param purpose 32 bits
 */
export function createRandom(seed: number, purpose = 0): Random {
  const random = resumeRandom([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, (0x9e3779b9 ^ purpose) >>> 0, 1]);
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

/** A draw from the normal distribution with mean 0 and standard deviation 1: Box & Muller 1958. */
export function normal(random: Random): number {
  // 1 − u is in (0, 1], so its logarithm is finite.
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** Draws between two calls of `look`: a few milliseconds. */
const LOOK_INTERVAL = 2 ** 20;

/**
 * 0 … count − 1 in random order, every order equally likely: Fisher & Yates.
 * @param look called every few milliseconds; it may throw to give the work up
 */
export function permutation(random: Random, count: number, look?: () => void): Int32Array<ArrayBuffer> {
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    if (i % LOOK_INTERVAL === 0) look?.();
    const j = random.below(i + 1);
    order[i] = order[j]!;
    order[j] = i;
  }
  return order;
}

/** The 32-bit seed of an independent stream: the same for the same numbers, different for any others. */
export function streamSeed(seed: number, ...numbers: readonly number[]): number {
  return numbers.reduce((mixed, number) => createRandom(mixed, number).bits(), createRandom(seed).bits());
}
