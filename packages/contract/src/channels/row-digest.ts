/**
 * A digest of the rows of a channel: how a checkpoint knows that a job resumes with the data that it came from. It depends
 * neither on how rows are cut into blocks, nor on which host has which of them. Each row has a hash, and the digest is the
 * polynomial of these hashes in the order of all rows, of which each host adds up its own terms (Karp & Rabin 1987). There are
 * two of them, modulo 2^31 − 1: rows that differ by accident have the same digest with a chance of about 2^-62.
 */
import { createHash } from 'node:crypto';
import { type Block, isSparse, type SparseBlock } from '../formats/block.js';
import type { RowNumbers } from './sharing.js';

export interface RowDigest {
  add(block: Block | SparseBlock): void;
  /**
   * [3] how many rows were added, and their terms.
   * @param after how many rows of all hosts follow the last of them
   */
  terms(after: number): Float64Array;
}

/** @param numbers how rows of this host lie among those of all; default: one after the other */
export function createRowDigest({ run, skip }: Pick<RowNumbers, 'run' | 'skip'> = IN_ONE_RUN): RowDigest {
  const overSkipped = BASES.map((base) => power(base, skip));
  const sums = new Float64Array(BASES.length);
  const hash = new Uint32Array(BASES.length);
  let rows = 0;
  return {
    add(block) {
      const addWords = wordsOf(block);
      for (let row = 0; row < block.rows; row++, rows++) {
        if (rows > 0 && rows % run === 0) {
          for (const [lane, factor] of overSkipped.entries()) sums[lane] = times(sums[lane]!, factor);
        }
        hash.fill(FIRST_HASH);
        addWords(row, hash);
        for (let lane = 0; lane < BASES.length; lane++) {
          sums[lane] = remainder(sums[lane]! * BASES[lane]! + hash[lane]!);
        }
      }
    },
    terms: (after) => Float64Array.from([rows, ...BASES.map((base, lane) => times(sums[lane]!, power(base, after)))]),
  };
}

/** @param terms of each host */
export function digestOfTerms(terms: readonly Float64Array[]): string {
  const sumOf = (at: number) => terms.reduce((sum, own) => sum + own[at]!, 0);
  const sums = BASES.map((_, lane) => sumOf(1 + lane) % MODULUS);
  return createHash('sha256')
    .update([sumOf(0), ...sums].join(' '))
    .digest('hex')
    .slice(0, 32);
}

// --- internal ---

const IN_ONE_RUN = { run: Number.POSITIVE_INFINITY, skip: 0 };
const MODULUS = 2 ** 31 - 1;
/** Below 2^21, so that a product with a remainder is exact in a double. */
const BASES = [1_683_521, 1_244_927] as const;
const FIRST_HASH = 0x9e3779b9;

/** @param value below 2^53 @returns the same modulo MODULUS, in [0, 2^31 + 2^22) */
function remainder(value: number): number {
  const high = Math.floor(value / 2 ** 31);
  return value - high * MODULUS;
}

function times(one: number, other: number): number {
  return Number((BigInt(one) * BigInt(other)) % BigInt(MODULUS));
}

function power(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = times(result, square);
    square = times(square, square);
  }
  return result;
}

type Values = Float64Array | Float32Array | Uint32Array;

/** Adds what a row of the block consists of to its hash. */
function wordsOf(block: Block | SparseBlock): (row: number, hash: Uint32Array) => void {
  const { labels, labelCount, weights, queryIds } = block;
  const heads = [{ words: words(labels), width: labelCount * wordsIn(labels) }];
  if (weights) heads.push({ words: words(weights), width: wordsIn(weights) });
  if (queryIds) heads.push({ words: words(queryIds), width: wordsIn(queryIds) });
  const addHeads = (row: number, hash: Uint32Array) => {
    for (const { words, width } of heads) addTo(hash, words, row * width, (row + 1) * width);
  };
  if (isSparse(block)) {
    const { rowStarts, columnIndices, values } = block;
    const [columns, numbers, size] = [words(columnIndices), words(values), wordsIn(values)];
    return (row, hash) => {
      const [start, end] = [rowStarts[row]!, rowStarts[row + 1]!];
      addHeads(row, hash);
      addTo(hash, columns, start, end);
      addTo(hash, numbers, start * size, end * size);
    };
  }
  const features = words(block.features);
  const width = block.columns * wordsIn(block.features);
  return (row, hash) => {
    const start = row * width;
    let end = start + width;
    // Rows of libsvm may lack last columns that are 0.
    while (end > start && features[end - 1] === 0) end--;
    addHeads(row, hash);
    addTo(hash, features, start, end);
  };
}

function words({ buffer, byteOffset, byteLength }: Values): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT);
}

function wordsIn({ BYTES_PER_ELEMENT }: Values): number {
  return BYTES_PER_ELEMENT / Uint32Array.BYTES_PER_ELEMENT;
}

/** Multiplies and shifts as MurmurHash3 (Appleby 2011) does; how many words there are counts, too. */
function addTo(hash: Uint32Array, values: Uint32Array, from: number, end: number): void {
  let [one, other] = [hash[0]! ^ (end - from), hash[1]! ^ (end - from)];
  for (let at = from; at < end; at++) {
    const word = values[at]!;
    one = Math.imul(one ^ word, 0x85ebca6b);
    one ^= one >>> 13;
    other = Math.imul(other ^ word, 0xc2b2ae35);
    other ^= other >>> 16;
  }
  hash[0] = Math.imul(one, 0xcc9e2d51) ^ (one >>> 15);
  hash[1] = Math.imul(other, 0x1b873593) ^ (other >>> 14);
}
