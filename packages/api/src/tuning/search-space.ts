/**
 * The hyperparameters that a tuning job searches, as coordinates. A numeric hyperparameter's coordinate is its value on its
 * scale, 0 at the lower end of the range and 1 at the upper; a categorical one's is the index of its value. An integer's
 * range is widened by one half at each end, so that every integer has a cell of the same width, with the value in it.
 */
import { formatDecimal, formatInteger, parseDecimal, parseInteger } from './number-text.js';

/** The scale on which a numeric range is searched. SageMaker's `Auto` has been resolved. */
export type Scaling = 'Linear' | 'Logarithmic' | 'ReverseLogarithmic';

export interface NumericRange {
  readonly kind: 'Integer' | 'Continuous';
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly scaling: Scaling;
}

export interface CategoricalRange {
  readonly kind: 'Categorical';
  readonly name: string;
  readonly values: readonly string[];
}

export type Range = NumericRange | CategoricalRange;

/** At least 1 range, names unique. */
export type SearchSpace = readonly Range[];

/** Hyperparameters as a training job gets them: name → value. */
export type Hyperparameters = Readonly<Record<string, string>>;

/** One coordinate per range, in the space's order. */
export type Point = Float64Array;

/** The hyperparameters at a point; coordinates outside the range are moved to its end. */
export function decode(space: SearchSpace, point: Point): Record<string, string> {
  return Object.fromEntries(space.map((range, i) => [range.name, decodeValue(range, point[i]!)]));
}

/**
 * The coordinates of hyperparameters. A number outside its range has a coordinate outside [0, 1].
 * @returns undefined where a hyperparameter is missing, is not a number, is a category that the range does not have, or
 *   has no place on the range's scale (the logarithm of 0)
 */
export function encode(space: SearchSpace, hyperparameters: Hyperparameters): Point | undefined {
  const point = new Float64Array(space.length);
  for (const [i, range] of space.entries()) {
    const text = hyperparameters[range.name];
    const coordinate = text === undefined ? undefined : encodeValue(range, text);
    if (coordinate === undefined || !Number.isFinite(coordinate)) return undefined;
    point[i] = coordinate;
  }
  return point;
}

/** The coordinate nearest to this one at which the range has a value. */
export function snap(range: Range, coordinate: number): number {
  if (range.kind === 'Continuous') return Math.min(1, Math.max(0, coordinate));
  if (range.kind === 'Categorical') return Math.min(range.values.length - 1, Math.max(0, Math.round(coordinate)));
  return coordinateOf(range, valueAt(range, coordinate));
}

/** A uniform number in [0, 1) as a coordinate: uniform on the range's scale, every integer or category equally likely on it. */
export function fromUniform(range: Range, uniform: number): number {
  return range.kind === 'Categorical' ? Math.floor(uniform * range.values.length) : snap(range, uniform);
}

/** How many values the range has; Infinity for a continuous one with two ends. */
export function countValues(range: Range): number {
  if (range.kind === 'Categorical') return range.values.length;
  if (range.kind === 'Integer') return range.max - range.min + 1;
  return range.min === range.max ? 1 : Number.POSITIVE_INFINITY;
}

/** How many different points the space has. */
export function countPoints(space: SearchSpace): number {
  return space.reduce((product, range) => product * countValues(range), 1);
}

/** Coordinates of a range's values, ascending; for integers and categories. */
export function coordinates(range: Range): number[] {
  if (range.kind === 'Categorical') return range.values.map((_, index) => index);
  return Array.from({ length: countValues(range) }, (_, i) => coordinateOf(range, range.min + i));
}

/** The value of a numeric range at a coordinate. */
export function valueAt(range: NumericRange, coordinate: number): number {
  const { to, from } = SCALES[range.scaling];
  const [low, high] = ends(range);
  // Exactly: at the end of a logarithmic scale, rounding would give 0.49999999999999994 for 0.5.
  if (coordinate === 0 || coordinate === 1) return coordinate === 0 ? range.min : range.max;
  const value = from(to(low) + coordinate * (to(high) - to(low)));
  const whole = range.kind === 'Integer' ? Math.round(value) : value;
  return Math.min(range.max, Math.max(range.min, whole));
}

/** The coordinate of a value; not finite where the scale has no place for it. */
export function coordinateOf(range: NumericRange, value: number): number {
  const { to } = SCALES[range.scaling];
  const [low, high] = ends(range);
  return low === high ? SINGLE_VALUE : (to(value) - to(low)) / (to(high) - to(low));
}

// --- internal ---

/** The coordinate of the only value of a range. */
const SINGLE_VALUE = 0.5;

const SCALES: Readonly<Record<Scaling, { to(value: number): number; from(scaled: number): number }>> = {
  Linear: { to: (value) => value, from: (scaled) => scaled },
  Logarithmic: { to: Math.log, from: Math.exp },
  // −log(1 − x) is fine near 1, as log(x) is near 0.
  ReverseLogarithmic: { to: (value) => -Math.log1p(-value), from: (scaled) => -Math.expm1(-scaled) },
};

function ends(range: NumericRange): readonly [low: number, high: number] {
  const widening = range.kind === 'Integer' && range.min < range.max ? 0.5 : 0;
  return [range.min - widening, range.max + widening];
}

function decodeValue(range: Range, coordinate: number): string {
  if (range.kind === 'Categorical') return range.values[snap(range, coordinate)]!;
  return range.kind === 'Integer'
    ? formatInteger(valueAt(range, coordinate))
    : formatDecimal(valueAt(range, coordinate));
}

function encodeValue(range: Range, text: string): number | undefined {
  if (range.kind === 'Categorical') {
    const index = range.values.indexOf(text);
    return index < 0 ? undefined : index;
  }
  const value = range.kind === 'Integer' ? parseInteger(text) : parseDecimal(text);
  return value === undefined ? undefined : coordinateOf(range, value);
}
