/**
 * The scale of a group's residuals, S = (Σ w·√|f − y| / Σ w)²: the width in which the smooth surrogates of absolute
 * and quantile error replace the kink. It shrinks as the fit improves. Powers of ½ make it robust against outliers.
 */

import type { LabelledRows } from './objective.js';
import { layoutOf } from './whole/row-layout.js';
import { totalOfRows, totalWeight } from './whole/totals.js';

/**
 * @param groupCount margins per row
 * @param labelColumns groups' own label columns, or 1 for all
 * @returns a function from margins [rows × groupCount] to scales [groupCount]: ≥ 0, float32; 0 when all weights are 0. Those
 *   of the rows of all hosts
 */
export function residualScales(
  rows: LabelledRows,
  groupCount: number,
  labelColumns: number,
): (margins: Float32Array) => Float32Array {
  const { labels, weights } = rows;
  const layout = layoutOf(rows, labelColumns);
  const total = weights === undefined ? layout.count : totalWeight(layout, (row) => weights[row]!);
  return (margins) =>
    Float32Array.from({ length: groupCount }, (_, group) => {
      if (total < 1e-6) return 0;
      const column = labelColumns === 1 ? 0 : group;
      const sum = totalOfRows(layout, (begin, end) => {
        let roots = 0;
        for (let row = begin; row < end; row++) {
          const root = Math.sqrt(Math.abs(margins[row * groupCount + group]! - labels[row * labelColumns + column]!));
          roots += weights === undefined ? root : root * weights[row]!;
        }
        return roots;
      });
      return (sum / total) ** 2;
    });
}
