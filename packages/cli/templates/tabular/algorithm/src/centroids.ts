/**
 * Nearest centroid: each class is its mean row, and a row gets the class whose mean is the nearest. One pass, with
 * memory for a row per class. Means and variances are updated row by row (Welford 1962), so nothing cancels.
 * Method: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 2nd ed., section 18.2, without shrinkage.
 */
import { type Block, type Channel, ClientError, placeOfRow } from '@algo/contract';

/** A trained model. */
export interface Centroids {
  readonly featureCount: number;
  /** [classes], ascending. */
  readonly classes: readonly number[];
  /** [classes × features], row-major. */
  readonly means: readonly number[];
  /** [features] what a difference in a column is divided by, above 0. */
  readonly scales: readonly number[];
}

/** What the maths needs of a block. */
export type FeatureRows = Pick<Block, 'rows' | 'columns' | 'features'>;
/** What places of rows need of their channel. */
export type ChannelPlace = Pick<Channel, 'name' | 'mode' | 'contentType'>;
export type LabelledRows = FeatureRows & Pick<Block, 'labels' | 'source' | 'firstLine'>;

/** A class has a mean in memory, so a column of measurements that was meant as a feature is found early. */
const MAX_CLASSES = 1000;

/** Means and variances of each class, from rows that arrive block by block. */
export class CentroidSums {
  readonly #classes = new Map<number, ClassSums>();
  #featureCount = 0;

  /**
   * @param channel that the rows are of
   * @throws ClientError E_DATA_CLASS for a label that is not an integer, and for too many different ones
   */
  add(channel: ChannelPlace, block: LabelledRows): void {
    const { rows, columns, features, labels } = block;
    this.#featureCount = columns;
    for (let row = 0; row < rows; row++) {
      const label = labels[row]!;
      const sums = this.#classes.get(label) ?? this.#addClass(label, placeOfRow(channel, block, row));
      sums.rows++;
      for (let column = 0; column < columns; column++) {
        const value = features[row * columns + column]!;
        const before = value - sums.means[column]!;
        sums.means[column]! += before / sums.rows;
        sums.squares[column]! += before * (value - sums.means[column]!);
      }
    }
  }

  /**
   * @param standardize whether columns are scaled by their standard deviation within the classes
   * @throws ClientError E_DATA_RANGE naming a column whose mean or variance exceeds the range of a double
   */
  finish(standardize: boolean): Centroids {
    const classes = [...this.#classes.keys()].sort((a, b) => a - b);
    const all = classes.map((label) => this.#classes.get(label)!);
    const rows = all.reduce((sum, one) => sum + one.rows, 0);
    const scales = Array.from({ length: this.#featureCount }, (_, column) => {
      const squares = all.reduce((sum, one) => sum + one.squares[column]!, 0);
      for (const value of [squares, ...all.map(({ means }) => means[column]!)]) requireFinite(column, value);
      // A column that is constant within every class separates them or says nothing: its own unit serves.
      return standardize && squares > 0 ? Math.sqrt(squares / Math.max(1, rows - classes.length)) : 1;
    });
    return { featureCount: this.#featureCount, classes, means: all.flatMap(({ means }) => [...means]), scales };
  }

  #addClass(label: number, place: string): ClassSums {
    if (!Number.isSafeInteger(label)) {
      throw new ClientError('E_DATA_CLASS', `${place}: the class must be an integer; received ${label}.`);
    }
    if (this.#classes.size === MAX_CLASSES) {
      throw new ClientError(
        'E_DATA_CLASS',
        `${place}: there must be at most ${MAX_CLASSES} classes; ${label} is one more. Is the first column the class?`,
      );
    }
    const sums = {
      rows: 0,
      means: new Float64Array(this.#featureCount),
      squares: new Float64Array(this.#featureCount),
    };
    this.#classes.set(label, sums);
    return sums;
  }
}

/**
 * The nearest class of each row and the distance to its mean; of equally near ones the smallest.
 * @param placeOf where a row is, for messages
 * @returns both [rows]; distances in scales, ≥ 0
 * @throws ClientError E_DATA_RANGE for a row whose distance to every mean exceeds the range of a double
 */
export function findNearest(
  { classes, means, scales }: Centroids,
  { rows, columns, features }: FeatureRows,
  placeOf = (row: number) => `Row ${row + 1}`,
): { readonly classes: Float64Array; readonly distances: Float64Array } {
  const found = { classes: new Float64Array(rows), distances: new Float64Array(rows).fill(Number.POSITIVE_INFINITY) };
  for (let row = 0; row < rows; row++) {
    for (const [index, label] of classes.entries()) {
      let squares = 0;
      for (let column = 0; column < columns; column++) {
        const difference = features[row * columns + column]! - means[index * columns + column]!;
        squares += (difference / scales[column]!) ** 2;
      }
      const distance = Math.sqrt(squares);
      if (index > 0 && distance >= found.distances[row]!) continue;
      found.classes[row] = label;
      found.distances[row] = distance;
    }
    if (!Number.isFinite(found.distances[row])) {
      throw new ClientError(
        'E_DATA_RANGE',
        `${placeOf(row)}: the values must be nearer to a class; they are too large.`,
      );
    }
  }
  return found;
}

// --- internal ---

interface ClassSums {
  rows: number;
  /** [features] */
  readonly means: Float64Array;
  /** [features] sums of squared deviations from the mean. */
  readonly squares: Float64Array;
}

/** JSON has no number for infinity, so such a model could not be read back. */
function requireFinite(column: number, value: number): void {
  if (Number.isFinite(value)) return;
  throw new ClientError(
    'E_DATA_RANGE',
    `Channel "train": the values of feature ${column + 1} must have a finite mean and variance; they are too large.`,
  );
}
