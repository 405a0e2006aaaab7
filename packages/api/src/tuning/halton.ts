/**
 * The randomized Halton sequence: points that fill the unit cube more evenly than random ones, any of them by its index.
 * Every digit of a coordinate goes through a random permutation of its own, which removes the plain sequence's patterns
 * in high dimensions and makes a different sequence for each seed.
 * @see Owen 2017, A randomized Halton algorithm in R, https://arxiv.org/abs/1706.02808
 */
import { createRandom, permutation, streamSeed } from '@algo/numerics';

/** Point i of the sequence, [dimensions], each coordinate in [0, 1). */
export type Sequence = (index: number) => Float64Array;

/** Digits are drawn until they cover this many values. */
const RESOLUTION = 2 ** 32;

/** @param dimensions 1 or more */
export function haltonSequence(dimensions: number, seed: number): Sequence {
  const columns = primes(dimensions).map((base, dimension) => ({
    base,
    digits: digitPermutations(base, seed, dimension),
  }));
  return (index) => {
    const point = new Float64Array(dimensions);
    for (const [dimension, { base, digits }] of columns.entries()) {
      let rest = index;
      let weight = 1 / base;
      let coordinate = 0;
      for (const digit of digits) {
        coordinate += digit[rest % base]! * weight;
        rest = Math.floor(rest / base);
        weight /= base;
      }
      point[dimension] = Math.min(coordinate, 1 - Number.EPSILON);
    }
    return point;
  };
}

// --- internal ---

function digitPermutations(base: number, seed: number, dimension: number): Int32Array[] {
  const count = Math.ceil(Math.log(RESOLUTION) / Math.log(base));
  return Array.from({ length: count }, (_, digit) =>
    permutation(createRandom(streamSeed(seed, dimension, digit)), base),
  );
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}
