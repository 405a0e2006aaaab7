/**
 * The grid that a tree's gradients are rounded to: multiples of a power of two, so small in number that every float64
 * sum over all rows is exact. If the rows' gradients differ so much that rounding would lose significant digits of some
 * (assembly/binning/prepare.ts decides), another limb with a finer grid holds the remainder
 * (assembly/growing/limbs.ts).
 */
import { ClientError, type Communicator } from '@algo/contract';
import * as Layout from '../../../assembly/layout.js';
import * as Records from '../../../assembly/records.js';
import type { Dataset } from '../binning/dataset.js';
import type { TreeParameters } from '../tree-parameters.js';
import type { RowSets } from './row-partition.js';
import { type Sums, sumsOf } from './split.js';

/** Largest |gradient| and |hessian| of a tree; NaN when one is not finite. */
export interface Largest {
  readonly gradient: number;
  readonly hessian: number;
  /** Minimum |gradient| ÷ hessian of a row, if the loss bounds it; default 0. */
  readonly leastStep?: number;
}

export interface GradientGrid {
  /**
   * Puts all rows (those of the sample) into the root, their gradients rounded, and returns their sums.
   * @throws ClientError E_DATA_NUMBER when a gradient is not finite
   */
  prepare(largest: Largest): Sums;
}

/** Bits of a float64's significand, one kept in reserve. */
const EXACT_BITS = 52;
/** Share of a row's size that may be lost of all rows' gradients in a leaf, and of a leaf's weight. */
const LOST_OF_GRADIENT = 2 ** -10;
const LOST_OF_HESSIAN = 2 ** -8;

export function createGradientGrid(dataset: Dataset, p: TreeParameters, rowSets: RowSets): GradientGrid {
  const { pool, rows, shared, team } = dataset;
  const records = pool.arena.allocate(Records.MAX_LIMBS * Records.LIMB_RECORD_BYTES, 'gradients of a tree');
  const rowBits = Math.ceil(Math.log2(shared.all)) + 1;
  const areas = [rowSets.gradients];
  /** What a leaf weighs at least. */
  const leastWeight = p.lambda + p.minChildWeight;

  const unit = (largest: number) => (largest === 0 ? 1 : 2 ** (Math.ceil(Math.log2(largest)) + rowBits - EXACT_BITS));

  /** Writes the records of `count` limbs; a limb's parts are at most half of the unit before. */
  const writeLimbs = (largest: Largest, count: number): Largest => {
    while (areas.length < count) areas.push(pool.arena.allocate(rows * 8, 'gradients of a tree'));
    let units = { gradient: unit(largest.gradient), hessian: unit(largest.hessian) };
    for (let limb = 0; limb < count; limb++) {
      if (limb > 0) units = { gradient: unit(units.gradient / 2), hessian: unit(units.hessian / 2) };
      const record = records + limb * Records.LIMB_RECORD_BYTES;
      pool.setReal(record + Records.LIMB_GRADIENT_UNIT, units.gradient);
      pool.setReal(record + Records.LIMB_HESSIAN_UNIT, units.hessian);
      pool.set(record + Records.LIMB_GRADIENTS, areas[limb]!);
    }
    return units;
  };

  return {
    prepare(largest) {
      requireFinite(largest);
      for (let count = 1; ; count++) {
        const last = writeLimbs(largest, count);
        // All rows of a leaf may lose half a unit of the last limb each.
        const gradientTolerance = (shared.all * last.gradient) / 2 / LOST_OF_GRADIENT / leastWeight;
        const hessianTolerance = (shared.all * last.hessian) / 2 / LOST_OF_HESSIAN / leastWeight;
        pool.setReal(Layout.GRADIENT_TOLERANCE, gradientTolerance);
        pool.setReal(Layout.HESSIAN_TOLERANCE, hessianTolerance);
        pool.set(Layout.MAY_LOSE, gradientTolerance <= (largest.leastStep ?? 0) && hessianTolerance <= 1 ? 0 : 1);
        pool.set(Layout.LIMBS, count);
        pool.set(Layout.LIMB_RECORDS, records);
        pool.set(Layout.TREE_GRADIENTS, areas[0]!);
        pool.set(Layout.IS_LOSSY, 0);
        const sums = rowSets.reset(count);
        const isLossy = sumOfHosts(team.hosts, sums, pool.words()[Layout.IS_LOSSY >> 2] !== 0);
        if (count === Records.MAX_LIMBS || !isLossy) return sumsOf(sums);
      }
    },
  };
}

// --- internal ---

/** Sums of all hosts, in place. @returns whether the flag is set on any of them */
function sumOfHosts(hosts: Communicator, sums: Float64Array, flag: boolean): boolean {
  if (hosts.size === 1) return flag;
  const values = new Float64Array(sums.length + 1);
  values.set(sums);
  values[sums.length] = Number(flag);
  hosts.sum(values);
  sums.set(values.subarray(0, sums.length));
  return values[sums.length]! > 0;
}

function requireFinite({ gradient, hessian }: Largest): void {
  for (const largest of [gradient, hessian]) {
    if (Number.isFinite(largest)) continue;
    throw new ClientError(
      'E_DATA_NUMBER',
      `Gradients of the loss must be finite; received ${largest}. Check for extreme labels or weights, or use a smaller eta.`,
    );
  }
}
