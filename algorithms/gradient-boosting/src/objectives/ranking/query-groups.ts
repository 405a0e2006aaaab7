/**
 * Query groups: rows queryStart[q] … queryStart[q + 1] − 1 answer one query and are ranked against each other. A weight
 * belongs to a query, not to a row.
 */
import { ClientError } from '@algo/contract';
import type { LabelledRows } from '../objective.js';

/** First row of each group and, last, the row count; one group when none are given. */
export function queryStartOf({ queryStart, labels }: LabelledRows): Uint32Array {
  return queryStart ?? Uint32Array.of(0, labels.length);
}

/**
 * @param user what asks: an objective's or metric's name
 * @throws ClientError E_DATA_QUERY when groups do not cover the rows, E_DATA_WEIGHT when weights are not one per group
 */
export function checkQueryGroups(rows: LabelledRows, user: string): void {
  const queryStart = queryStartOf(rows);
  const queryCount = queryStart.length - 1;
  const rowCount = rows.labels.length;
  const isAscending = queryStart.every((start, query) => query === 0 || start >= queryStart[query - 1]!);
  if (queryStart[0] !== 0 || queryStart[queryCount] !== rowCount || !isAscending) {
    throw new ClientError(
      'E_DATA_QUERY',
      `Query groups must ascend from row 0 to row ${rowCount} for ${user}; ` +
        `received ${queryCount} groups from ${queryStart[0]} to ${queryStart[queryCount]}.`,
    );
  }
  if (rows.weights !== undefined && rows.weights.length !== queryCount) {
    throw new ClientError(
      'E_DATA_WEIGHT',
      `Weights must be one per query group for ${user}, ${queryCount} in all; received ${rows.weights.length}.`,
    );
  }
}

/** Rows of the largest group. */
export function largestGroup(queryStart: Uint32Array): number {
  let largest = 0;
  for (let query = 1; query < queryStart.length; query++) {
    largest = Math.max(largest, queryStart[query]! - queryStart[query - 1]!);
  }
  return largest;
}
