/**
 * What the label columns of a table mean to an objective:
 *
 *   rank:          relevance [, query]      the query also from libsvm's qid; a host's rows of one query are contiguous
 *   survival:aft   time [, upper bound]     with one column, a negative time: no event until then; with two, an upper
 *                                           bound below 0: none
 *   reg:, binary:  one or more targets
 *   all others     one
 */
import { ClientError, type Communicator } from '@algo/contract';
import {
  isMultiTargetName,
  isRankingName,
  type LabelledRows,
  rowNumber,
  type SurvivalBounds,
} from '../objectives/index.js';
import type { Table } from './table.js';
import { differentWeights, requireWholeQueries, tornQuery } from './whole-queries.js';

/** Of two label columns of a ranking, the query. */
export const QUERY_LABEL = 1;

/** The label column that holds a row's query, if its data has no separate query ids. */
export function queryColumnOf(objective: string): number | undefined {
  return isRankingName(objective) ? QUERY_LABEL : undefined;
}

/** How many targets the objective learns from this table. */
export function targetCountOf(objective: string, { labelCount }: Pick<Table, 'labelCount'>): number {
  return isMultiTargetName(objective) ? labelCount : 1;
}

/**
 * @param objective XGBoost's name
 * @param hosts who have rows of the table
 * @throws ClientError E_DATA_COLUMNS for label columns the objective has no use for; E_DATA_QUERY, E_DATA_WEIGHT for
 *   queries that are torn apart or have several weights, on several hosts with the host's name
 */
export function labelledRows(table: Table, objective: string, hosts: Communicator): LabelledRows {
  const { labels, labelCount, weights, parts, name, placeOf = rowNumber } = table;
  const shared = { hosts, placeOf, ...(parts && { parts }) };
  const own = { ...shared, ...(weights && { weights }) };
  if (isMultiTargetName(objective)) {
    requireLabels(table, 1, Number.POSITIVE_INFINITY, objective);
    return { labels, targets: labelCount, ...own };
  }
  if (objective === 'survival:aft') {
    requireLabels(table, 1, 2, objective);
    if (labelCount === 1) return { labels, ...own };
    return { labels: column(table, 0), bounds: survivalBounds(table), ...own };
  }
  if (!isRankingName(objective)) {
    requireLabels(table, 1, 1, objective);
    return { labels, ...own };
  }
  requireLabels(table, 1, 2, objective);
  const ids = table.queryIds;
  const relevance = labelCount === 2 ? column(table, 0) : labels;
  if (!ids) {
    throw new ClientError(
      'E_DATA_QUERY',
      `Channel "${name}" must say which query each row belongs to for objective ${objective}, but has no queries. Give the query as a second label column (content type text/csv;label_size=2), or as qid in libsvm.`,
    );
  }
  const queryStart = queryStarts(ids, name, placeOf);
  const rows = {
    ...shared,
    labels: relevance,
    queryStart,
    queryIds: Float64Array.from(queryStart.subarray(0, -1), (row) => ids[row]!),
    ...(weights && { weights: queryWeights(weights, queryStart, name, placeOf) }),
  };
  requireWholeQueries(rows, name);
  return rows;
}

// --- internal ---

function requireLabels({ name, labelCount }: Table, low: number, high: number, objective: string): void {
  if (labelCount >= low && labelCount <= high) return;
  const rule = low === high ? `${low}` : Number.isFinite(high) ? `${low} to ${high}` : `at least ${low}`;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `Channel "${name}" must have ${rule} label column${rule.endsWith('1') ? '' : 's'} for objective ${objective}; received ${labelCount}. Check label_size of its content type, or in RecordIO and libsvm the labels of each row.`,
  );
}

function column({ labels, labelCount, rows }: Table, index: number): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => labels[row * labelCount + index]!);
}

function survivalBounds(table: Table): SurvivalBounds {
  const upper = column(table, 1).map((bound) => (bound < 0 ? Number.POSITIVE_INFINITY : bound));
  return { lower: column(table, 0), upper };
}

function queryStarts(ids: ArrayLike<number>, channel: string, placeOf: typeof rowNumber): Uint32Array {
  const starts: number[] = [];
  const seen = new Map<number, number>();
  for (let row = 0; row < ids.length; row++) {
    if (row > 0 && ids[row] === ids[row - 1]) continue;
    const first = seen.get(ids[row]!);
    if (first !== undefined) throw tornQuery(channel, placeOf(row), ids[row]!, placeOf(first));
    seen.set(ids[row]!, row);
    starts.push(row);
  }
  return Uint32Array.from([...starts, ids.length]);
}

/** One weight a query: that of its rows. */
function queryWeights(
  weights: Float32Array,
  queryStart: Uint32Array,
  channel: string,
  placeOf: typeof rowNumber,
): Float32Array {
  const ofQueries = new Float32Array(queryStart.length - 1);
  for (let query = 0; query < ofQueries.length; query++) {
    const start = queryStart[query]!;
    ofQueries[query] = weights[start]!;
    for (let row = start; row < queryStart[query + 1]!; row++) {
      if (weights[row] === weights[start]) continue;
      const [one, other] = [start, row].map((at) => ({ place: placeOf(at), weight: weights[at]! }));
      throw differentWeights(channel, one!, other!);
    }
  }
  return ofQueries;
}
