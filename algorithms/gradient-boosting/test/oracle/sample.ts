/**
 * The sample of rows of one tree, drawn as the engine draws it (assembly/binning/prepare.ts), with gradients rescaled.
 */

import type { Random } from '@algo/numerics';
import type { TreeParameters } from '../../src/engine/tree-parameters.js';

export interface OracleSample {
  /** Rows in use, ascending. */
  readonly rows: readonly number[];
  /** [rows × 2] gradients of all rows; zero where left out. */
  readonly pairs: Float32Array;
}

/** @param threshold of gradient-based sampling; see sampling.ts */
export function sampleOracle(
  pairs: Float32Array,
  p: TreeParameters,
  random: Random,
  threshold: (pairs: Float32Array, wanted: number) => number,
): OracleSample {
  const count = pairs.length / 2;
  const all = Array.from({ length: count }, (_, row) => row);
  const wanted = Math.floor(count * p.subsample);
  if (wanted >= count) return { rows: all, pairs };
  const seed = random.bits();
  const limit = p.samplingMethod === 'uniform' ? Number.NaN : threshold(pairs, wanted);
  const scaled = new Float32Array(pairs.length);
  const rows = all.filter((row) => {
    const g = pairs[2 * row]!;
    const h = pairs[2 * row + 1]!;
    const chance = p.samplingMethod === 'uniform' ? p.subsample : Math.sqrt(g * g + 0.1 * h * h) / limit;
    const isKept = chance >= 1 || randomBits(row, seed) < chance * 2 ** 32;
    const scale = p.samplingMethod === 'uniform' || chance >= 1 ? 1 : Math.fround(1 / chance);
    if (isKept) scaled.set([g * scale, h * scale], 2 * row);
    return isKept;
  });
  return { rows, pairs: scaled };
}

/** MurmurHash3's finaliser of the row's number and the seed. */
function randomBits(row: number, seed: number): number {
  let x = Math.imul(row, 0x9e3779b1) ^ seed;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
