/**
 * Mutated model files, seeded: each is read in work that its bytes bound, and refused as the caller's or served. A few
 * thousand in `npm test`, a million in `npm run test:long`.
 */

import { ClientError } from '@algo/contract';
import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { compileMember } from '../../src/inference/archived-model.js';
import { readModel } from '../../src/model/index.js';
import type { XgboostModel } from '../../src/model/linear.js';
import { parseUbjson } from '../../src/model/ubjson.js';
import type { Random } from '../predict/random-ensemble.js';
import { storedCase } from './stored-cases.js';

const IS_LONG = Boolean(process.env.ALGO_LONG_RUNS);
const RUNS = IS_LONG ? 120_000 : 2_000;
/** Of the models that can be served, every which one is. */
const SERVED_EVERY = IS_LONG ? 8 : 1;
/**
 * Steps of the reader per byte of the file: a value takes one byte or more and counts once in addition to its bytes.
 */
const MOST_STEPS = 3;
/** Bytes in memory per byte of the file: `0,` becomes an entry of 8 bytes, and of each of a node's arrays. */
const MOST_MEMORY = 64;
/** Widths whose predictions the test can afford. */
const MOST_COLUMNS = 4096;

const cases = ['binary-logistic', 'categorical', 'dart', 'linear', 'vector-leaf', 'multi-softprob'].map((name) =>
  storedCase(name),
);
const binary = cases.map(({ ubjson }) => ubjson);
const text = cases.flatMap(({ json }) => (json ? [json] : []));
const MARKERS = Buffer.from('{}[]$#NTFZSHCiUIlLdD"\\,:0-eE', 'latin1');

function pick<T>(list: ArrayLike<T>, random: Random): T {
  return list[Math.floor(random() * list.length)]!;
}

/** One to four changes: bits, markers, lengths, parts left out, repeated or taken from elsewhere. */
function mutate(original: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(original);
  for (let change = Math.floor(random() * 4); change >= 0; change--) {
    const at = Math.floor(random() * bytes.length);
    const end = at + 1 + Math.floor(random() * random() * 400);
    switch (Math.floor(random() * 7)) {
      case 0:
        bytes[at]! ^= 1 << Math.floor(random() * 8);
        break;
      case 1:
        bytes[at] = pick(MARKERS, random);
        break;
      case 2:
        bytes.writeInt32BE(Math.floor(random() * 2 ** 32) - 2 ** 31, Math.min(at, bytes.length - 4));
        break;
      case 3:
        bytes = bytes.subarray(0, at + 8);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
        break;
      case 5:
        bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end)]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.floor(random() * bytes.length))]);
    }
    if (bytes.length < 8) bytes = Buffer.concat([bytes, Buffer.alloc(8)]);
  }
  return bytes;
}

/** Bytes of the arrays of a model; of names and texts, their characters. */
function memoryOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, entry) => sum + memoryOf(entry), 8);
}

/** A model that was read, or undefined for a refusal of the caller's; anything else is thrown. */
function read(bytes: Buffer): XgboostModel | undefined {
  try {
    return readModel(bytes, 'model');
  } catch (error) {
    if (error instanceof ClientError && error.code === 'E_MODEL') return undefined;
    throw error;
  }
}

describe.each([
  ['UBJSON', binary],
  ['JSON', text],
] as const)('a corrupted model in format %s', (_, originals) => {
  it('is refused or served, with work and memory bounded by its size', () => {
    const random = createRandom(20).uniform;
    let served = 0;
    for (let run = 0; run < RUNS; run++) {
      const bytes = mutate(pick(originals, random), random);
      const model = read(bytes);
      if (!model) continue;
      served++;
      if (run % 16 === 0) expect(memoryOf(model)).toBeLessThanOrEqual(MOST_MEMORY * bytes.length);
      if (model.featureCount > MOST_COLUMNS || run % SERVED_EVERY !== 0) continue;
      const margins = compileMember(model).margins(new Float32Array(model.featureCount));
      expect(margins).toHaveLength(model.groupCount);
    }
    expect(served).toBeGreaterThan(RUNS / 100);
    expect(served).toBeLessThan(RUNS);
  });
});

it('reading UBJSON takes at most a few steps per byte, whatever its markers and lengths are', () => {
  const random = createRandom(21).uniform;
  for (let run = 0; run < RUNS; run++) {
    const isNoise = run % 4 === 0;
    const bytes = isNoise
      ? Buffer.from(Array.from({ length: 200 }, () => pick(MARKERS, random)))
      : mutate(pick(binary, random), random);
    const work = { steps: 0 };
    try {
      parseUbjson(bytes, 'model', work);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
    }
    expect(work.steps).toBeLessThanOrEqual(MOST_STEPS * bytes.length);
  }
});
