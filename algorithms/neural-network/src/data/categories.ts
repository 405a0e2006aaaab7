/** Which values the categorical columns have: collected in the first pass over the training rows. */
import { type Block, ClientError } from '@algo/contract';

/** An embedding of more entries than this is hardly ever meant; the column is a number, or an id of each row. */
export const MAX_CATEGORIES = 100_000;

export interface CategoryValues {
  /** @throws ClientError E_DATA_CATEGORY for a column of too many values */
  add(block: Pick<Block, 'features' | 'rows' | 'columns'>): void;
  /** Of each column, those so far. */
  readonly found: ReadonlyMap<number, ReadonlySet<number>>;
  /**
   * Of each column, ascending.
   * @param width feature columns of all rows
   * @throws ClientError E_HYPERPARAMETER for a column that the rows do not have
   */
  values(width: number): ReadonlyMap<number, readonly number[]>;
}

/** @param channel its name, for the error @param columns feature columns from 0 */
export function createCategoryValues(channel: string, columns: readonly number[]): CategoryValues {
  return collectInto(new Map([...columns].sort((a, b) => a - b).map((column) => [column, new Set<number>()])), channel);
}

/**
 * The values that the rows of several hosts have.
 * @param channel its name, for the error @throws ClientError E_DATA_CATEGORY for a column of too many values
 */
export function joinCategoryValues(parts: readonly CategoryValues['found'][], channel: string): CategoryValues {
  const joined = new Map<number, Set<number>>();
  for (const part of parts) {
    for (const [column, values] of part) {
      const all = joined.get(column) ?? new Set();
      for (const value of values) all.add(value);
      joined.set(column, all);
    }
  }
  for (const [column, { size }] of joined) if (size > MAX_CATEGORIES) throw tooMany(column, channel);
  return collectInto(joined, channel);
}

// --- internal ---

function collectInto(found: ReadonlyMap<number, Set<number>>, channel: string): CategoryValues {
  return {
    found,
    add({ features, rows, columns: width }) {
      for (const [column, values] of found) {
        if (column >= width) {
          values.add(0); // what a sparse row does not name
          continue;
        }
        for (let at = column; at < rows * width; at += width) values.add(features[at]!);
        if (values.size > MAX_CATEGORIES) throw tooMany(column, channel);
      }
    },
    values(width) {
      const outside = [...found.keys()].find((column) => column >= width);
      if (outside !== undefined) throw noSuchColumn(outside, width);
      return new Map([...found].map(([column, values]) => [column, [...values].sort((a, b) => a - b)]));
    },
  };
}

function noSuchColumn(column: number, width: number): ClientError {
  return new ClientError(
    'E_HYPERPARAMETER',
    `Hyperparameter "categorical_features" must name columns 0 to ${width - 1}, label and weight not counted; received ${column}.`,
  );
}

function tooMany(column: number, channel: string): ClientError {
  return new ClientError(
    'E_DATA_CATEGORY',
    `Channel "${channel}": categorical column ${column} must have at most ${MAX_CATEGORIES} distinct values; there are more. Check that it is not a number or an ID.`,
  );
}
