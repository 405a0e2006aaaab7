/**
 * Grid search: every combination of the values, each once. The last hyperparameter's value changes first. SageMaker has it
 * for categorical hyperparameters only.
 */
import {
  coordinates,
  countValues,
  decode,
  type Hyperparameters,
  type Point,
  type SearchSpace,
} from './search-space.js';

/** Combination number `index`, from 0; undefined after the last. The space has a finite number of points. */
export function suggestFromGrid(space: SearchSpace, index: number): Hyperparameters | undefined {
  const point = gridPoint(space, index);
  return point && decode(space, point);
}

/** As {@link suggestFromGrid}, as a point. */
export function gridPoint(space: SearchSpace, index: number): Point | undefined {
  const point = new Float64Array(space.length);
  let rest = index;
  for (let j = space.length - 1; j >= 0; j--) {
    const range = space[j]!;
    const count = countValues(range);
    point[j] = range.kind === 'Continuous' ? 0 : coordinates(range)[rest % count]!;
    rest = Math.floor(rest / count);
  }
  return rest === 0 ? point : undefined;
}
