/**
 * Unbiased LambdaMART: clicks favour documents that were shown high. t⁺(i) is how much likelier a relevant document at
 * shown position i is clicked than one at the top, t⁻(j) how much likelier an irrelevant one is not; both are learnt
 * from the pairs' losses and divided out of their gradients. Rows of a group must be in the order they were shown.
 * @see Hu, Wang, Peng, Li, Unbiased LambdaMART, WWW 2019, equations 30 and 31
 */
import type { Communicator } from '@algo/contract';
import { createReproducibleSums } from '@algo/numerics';
import { totalsOverHosts } from '../whole/totals.js';

/** Ratios and losses below this are not divided by. */
const NEGLIGIBLE = 1e-16;

/** The biases and what this round has gathered to renew them. */
export interface PositionBias {
  /** The biases by XGBoost's names. */
  readonly vectors: { readonly 'ti+': Float64Array; readonly 'tj-': Float64Array };
  /** What to divide the gradient of a pair shown at these positions of its group by. */
  divisor(high: number, low: number): number;
  /** Counts the loss of a pair of the present group. */
  add(high: number, low: number, cost: number): void;
  /** Ends the group. @param isCounted whether its losses are those of this host */
  endGroup(isCounted: boolean): void;
  /** Sets the biases from the losses of the groups of all hosts since the last call. */
  renew(): void;
}

/**
 * @param hosts who have the groups
 * @param positionCount positions whose bias is tracked, ≥ 1
 * @param biasNorm ≥ 0; ratios are raised to 1 / (1 + this)
 * @param start biases to resume from
 */
export function trackPositionBias(
  hosts: Communicator,
  positionCount: number,
  biasNorm: number,
  start?: Readonly<Record<string, Float64Array>>,
): PositionBias {
  const plus = start?.['ti+']?.slice() ?? new Float64Array(positionCount).fill(1);
  const minus = start?.['tj-']?.slice() ?? new Float64Array(positionCount).fill(1);
  const lossPlus = new Float64Array(positionCount);
  const lossMinus = new Float64Array(positionCount);
  let sums = createReproducibleSums(2 * positionCount);
  const power = 1 / (1 + biasNorm);
  return {
    vectors: { 'ti+': plus, 'tj-': minus },
    divisor(high, low) {
      const isTracked = high < positionCount && low < positionCount;
      return isTracked && minus[low]! >= NEGLIGIBLE && plus[high]! >= NEGLIGIBLE ? plus[high]! * minus[low]! : 1;
    },
    add(high, low, cost) {
      if (high >= positionCount || low >= positionCount) return;
      if (minus[low]! >= NEGLIGIBLE) lossPlus[high]! += cost / minus[low]!;
      if (plus[high]! >= NEGLIGIBLE) lossMinus[low]! += cost / plus[high]!;
    },
    endGroup(isCounted) {
      for (let position = 0; isCounted && position < positionCount; position++) {
        sums.add(position, lossPlus[position]!);
        sums.add(positionCount + position, lossMinus[position]!);
      }
      lossPlus.fill(0);
      lossMinus.fill(0);
    },
    renew() {
      const losses = totalsOverHosts(sums, hosts);
      sums = createReproducibleSums(2 * positionCount);
      renewRatios(plus, losses.slice(0, positionCount), power);
      renewRatios(minus, losses.slice(positionCount), power);
    },
  };
}

// --- internal ---

function renewRatios(ratios: Float64Array, losses: readonly number[], power: number): void {
  const top = losses[0]!;
  if (top >= NEGLIGIBLE) for (let i = 0; i < ratios.length; i++) ratios[i] = (losses[i]! / top) ** power;
}
