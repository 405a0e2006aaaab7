/**
 * Functions with known minima, on which optimizers are compared.
 * @see Surjanovic & Bingham, Virtual Library of Simulation Experiments, https://www.sfu.ca/~ssurjano/optimization.html
 */

import type { ParameterRanges } from '../../../src/tuning/parameter-ranges.js';
import type { Hyperparameters } from '../../../src/tuning/search-space.js';

export interface TestFunction {
  /** Ends of each variable. */
  readonly bounds: readonly (readonly [min: number, max: number])[];
  at(x: readonly number[]): number;
}

/** Minimum 0.397887 at (−π, 12.275), (π, 2.275) and (9.42478, 2.475). */
export const branin: TestFunction = {
  bounds: [
    [-5, 10],
    [0, 15],
  ],
  at: ([x1, x2]) => {
    const square = x2! - (5.1 / (4 * Math.PI ** 2)) * x1! ** 2 + (5 / Math.PI) * x1! - 6;
    return square ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x1!) + 10;
  },
};

const HARTMANN_HEIGHTS = [1, 1.2, 3, 3.2];
const HARTMANN_SLOPES = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
/** In 1/10,000. */
const HARTMANN_CENTERS = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];

/** Minimum −3.32237 at (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573). */
export const hartmann6: TestFunction = {
  bounds: Array.from({ length: 6 }, () => [0, 1] as const),
  at: (x) =>
    HARTMANN_HEIGHTS.reduce((sum, height, i) => {
      const distance = HARTMANN_SLOPES[i]!.reduce(
        (total, slope, j) => total + slope * (x[j]! - HARTMANN_CENTERS[i]![j]! / 10_000) ** 2,
        0,
      );
      return sum - height * Math.exp(-distance);
    }, 0),
};

/** The variables as hyperparameters x0, x1, … on a linear scale. */
export function rangesOf({ bounds }: TestFunction): ParameterRanges {
  return {
    ContinuousParameterRanges: bounds.map(([min, max], i) => ({
      Name: `x${i}`,
      ...{ MinValue: String(min), MaxValue: String(max), ScalingType: 'Linear' },
    })),
  };
}

/** The function of hyperparameters. */
export function objectiveOf({ bounds, at }: TestFunction): (values: Hyperparameters) => number {
  return (values) => at(bounds.map((_, i) => Number(values[`x${i}`])));
}
