/**
 * Means and deviations of columns in one pass over rows, in float64. Row by row, not block by block: the result does not
 * depend on where blocks end, so that File, Pipe and gzip give the same bits. Method: Welford 1962; moments of several hosts
 * are joined as Chan, Golub & LeVeque 1979 have it, which differs from one pass by rounding.
 */
import { ClientError } from '@algo/contract';
import type { Scaling } from '../network/definition.js';

/** What moments are computed from. */
export interface MomentSums {
  /** Rows. */
  readonly count: number;
  /** [width] each */
  readonly means: Float64Array;
  /** Sums of squared distances from the mean. */
  readonly squares: Float64Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

export interface Moments {
  readonly count: number;
  /** Those of the rows so far. */
  sums(): MomentSums;
  /**
   * @param values [rows × width], row-major, finite
   * @param width never less than before; columns that are new were 0 in all rows before
   */
  add(values: Float64Array | Float32Array, rows: number, width: number): void;
  /** @throws ClientError E_DATA_RANGE for a column whose variance is beyond a double */
  scaling(name: (column: number) => string): Scaling;
  /** The same with all columns of equal remainder by `channels` as one: the pixels of an image. */
  channelScaling(channels: number, name: (channel: number) => string): Scaling;
}

/** @param start sums of rows that came before */
export function createMoments(start: MomentSums = NO_ROWS): Moments {
  let { means, squares, lows, highs, count } = start;

  return {
    get count() {
      return count;
    },
    sums: () => ({ count, means, squares, lows, highs }),
    add(values, rows, width) {
      if (width > means.length) {
        ({ means, squares, lows, highs } = widened({ count, means, squares, lows, highs }, width));
      }
      for (let row = 0, at = 0; row < rows; row++) {
        count += 1;
        const share = 1 / count;
        for (let column = 0; column < width; column++, at++) {
          const value = values[at]!;
          const distance = value - means[column]!;
          const mean = means[column]! + distance * share;
          means[column] = mean;
          squares[column] = squares[column]! + distance * (value - mean);
          if (value < lows[column]!) lows[column] = value;
          if (value > highs[column]!) highs[column] = value;
        }
      }
    },
    scaling: (name) => {
      const columns = Array.from(means, (mean, column) => ({
        count,
        mean,
        square: squares[column]!,
        isConstant: lows[column] === highs[column],
      }));
      return scalingOf(columns, name);
    },
    channelScaling(channels, name) {
      const merged = Array.from({ length: channels }, (_, channel): Group => {
        const columns = range(channel, means.length, channels);
        const first = lows[channel]!;
        const isConstant = columns.every((column) => lows[column] === first && highs[column] === first);
        const mean = columns.reduce((sum, column) => sum + means[column]!, 0) / columns.length;
        const square = columns.reduce(
          (sum, column) => sum + squares[column]! + count * (means[column]! - mean) ** 2,
          0,
        );
        return { count: count * columns.length, mean: isConstant ? first : mean, square, isConstant };
      });
      return scalingOf(merged, name);
    },
  };
}

/** The moments of rows of which each part has some. @param parts of different widths: a narrower one is 0 in the rest */
export function joinMoments(parts: readonly MomentSums[]): Moments {
  const width = parts.reduce((widest, { means }) => Math.max(widest, means.length), 0);
  const withRows = parts.filter(({ count }) => count > 0).map((part) => widened(part, width));
  return createMoments(withRows.length > 0 ? withRows.reduce(joinTwo) : NO_ROWS);
}

// --- internal ---

const NO_ROWS: MomentSums = {
  count: 0,
  means: new Float64Array(),
  squares: new Float64Array(),
  lows: new Float64Array(),
  highs: new Float64Array(),
};

/** With columns that were 0 in all rows. Arrays of its own. */
function widened({ count, means, squares, lows, highs }: MomentSums, width: number): MomentSums {
  const wider = (values: Float64Array, start: number) => {
    const grown = new Float64Array(width).fill(start);
    grown.set(values);
    return grown;
  };
  return {
    count,
    means: wider(means, 0),
    squares: wider(squares, 0),
    lows: wider(lows, count === 0 ? Number.POSITIVE_INFINITY : 0),
    highs: wider(highs, count === 0 ? Number.NEGATIVE_INFINITY : 0),
  };
}

/** Of the same width. */
function joinTwo(one: MomentSums, other: MomentSums): MomentSums {
  const count = one.count + other.count;
  const share = other.count / count;
  const distances = other.means.map((mean, column) => mean - one.means[column]!);
  return {
    count,
    means: one.means.map((mean, column) => mean + distances[column]! * share),
    squares: one.squares.map(
      (sum, column) => sum + other.squares[column]! + distances[column]! ** 2 * one.count * share,
    ),
    lows: one.lows.map((low, column) => Math.min(low, other.lows[column]!)),
    highs: one.highs.map((high, column) => Math.max(high, other.highs[column]!)),
  };
}

interface Group {
  readonly count: number;
  readonly mean: number;
  readonly square: number;
  readonly isConstant: boolean;
}

/** Rounding leaves a tiny variance to a column like 0.1, 0.1, 0.1: whether it is constant is decided by its range. */
function scalingOf(groups: readonly Group[], name: (index: number) => string): Scaling {
  const deviations = groups.map(({ count, square, isConstant }, index) => {
    const deviation = isConstant ? 1 : Math.sqrt(square / count);
    // Far from 0 for its spread, a column's distances can all be lost to rounding.
    if (deviation === 0) return 1;
    if (Number.isFinite(deviation)) return deviation;
    throw new ClientError(
      'E_DATA_RANGE',
      `${name(index)} must have values whose squares fit in a double; its deviation is ${deviation}. Scale it down.`,
    );
  });
  return { means: Float64Array.from(groups, ({ mean }) => mean), deviations: Float64Array.from(deviations) };
}

function range(first: number, end: number, step: number): number[] {
  return Array.from({ length: Math.ceil((end - first) / step) }, (_, index) => first + index * step);
}
