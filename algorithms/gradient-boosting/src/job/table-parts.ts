/** Tables derived from tables: some rows of one, or two concatenated. Only labels are copied. */
import { ClientError, type Communicator, isSparse, type SparseEntries } from '@algo/contract';
import { rowNumber } from '../objectives/index.js';
import type { FeatureBlock, Table } from './table.js';

/** The rows for which `isChosen` is 1, in order. @param isChosen [rows] */
export function selectRows(table: Table, isChosen: Uint8Array, name: string): Table {
  const { labelCount, weights, queryIds, parts, placeOf } = table;
  const chosen = new Uint32Array(isChosen.reduce((sum, own) => sum + own, 0));
  let next = 0;
  for (const [row, own] of isChosen.entries()) if (own === 1) chosen[next++] = row;
  const labels = new Float32Array(chosen.length * labelCount);
  for (const [index, row] of chosen.entries()) {
    labels.set(table.labels.subarray(row * labelCount, (row + 1) * labelCount), index * labelCount);
  }
  const { release: _, digest: __, ...shared } = table; // another selection may need the rows
  return {
    ...shared,
    name,
    rows: chosen.length,
    labels,
    weights: weights && Float32Array.from(chosen, (row) => weights[row]!),
    queryIds: queryIds && Float64Array.from(chosen, (row) => queryIds[row]!),
    ...(parts && { parts: chosenOf(parts, isChosen) }),
    ...(placeOf && { placeOf: (row) => placeOf(chosenRow(isChosen, row)) }),
    blocks: () => selectFromBlocks(table, isChosen),
  };
}

/**
 * The table without rows of weight 0, which count for nothing: neither for cut points nor base score, trees, metrics,
 * queries or folds.
 * @throws ClientError E_DATA_WEIGHT when no row is left on any host
 */
export function withoutWeightless(table: Table, hosts: Communicator): Table {
  const { weights, name, rows } = table;
  if (!weights) return table;
  const hasWeight = weights.includes(0) ? Uint8Array.from(weights, (weight) => (weight > 0 ? 1 : 0)) : undefined;
  if (!hosts.any(hasWeight ? hasWeight.includes(1) : rows > 0)) {
    const total = Float64Array.of(rows);
    hosts.sum(total);
    throw new ClientError(
      'E_DATA_WEIGHT',
      `Channel "${name}" must have rows with a weight above 0; the weights of all ${total[0]} rows are 0. Rows of weight 0 are ignored.`,
    );
  }
  if (!hasWeight) return table;
  const { digest, release } = table;
  return { ...selectRows(table, hasWeight, name), digest, ...(release && { release }) };
}

/** @throws ClientError E_DATA_COLUMNS when the rows of both are not alike */
export function joinTables(first: Table, second: Table, name: string): Table {
  const shape = ({ labelCount, weights, queryIds }: Table) =>
    `${labelCount} label columns, ${weights ? 'with' : 'no'} weights, ${queryIds ? 'with' : 'no'} queries`;
  if (shape(first) !== shape(second)) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `Channels "${first.name}" and "${second.name}" must have rows of the same form; received ${shape(first)}, and ${shape(second)}.`,
    );
  }
  return {
    ...first,
    name,
    rows: first.rows + second.rows,
    parts: [first.rows, second.rows],
    placeOf: (row) => (row < first.rows ? first.placeOf?.(row) : second.placeOf?.(row - first.rows)) ?? rowNumber(row),
    columns: Math.max(first.columns, second.columns),
    labels: concat(first.labels, second.labels),
    weights: first.weights && second.weights && concat(first.weights, second.weights),
    queryIds: first.queryIds && second.queryIds && concat(first.queryIds, second.queryIds),
    blocks: () => blocksOfBoth(first, second),
    release() {
      first.release?.();
      second.release?.();
    },
  };
}

// --- internal ---

/** The number among all rows of a chosen one. */
function chosenRow(isChosen: Uint8Array, row: number): number {
  let left = row;
  return isChosen.findIndex((own) => own === 1 && left-- === 0);
}

/** How many of each part's rows are chosen. */
function chosenOf(parts: readonly number[], isChosen: Uint8Array): number[] {
  let end = 0;
  return parts.map((rows) => {
    end += rows;
    return isChosen.subarray(end - rows, end).reduce((sum, own) => sum + own, 0);
  });
}

function concat<T extends Float32Array | Float64Array>(first: T, second: T): T {
  // The constructor of a typed array makes one of its own kind.
  const joined = new (first.constructor as new (length: number) => T)(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

async function* blocksOfBoth(first: Table, second: Table): AsyncGenerator<FeatureBlock, void, undefined> {
  yield* first.blocks();
  yield* second.blocks();
}

async function* selectFromBlocks(table: Table, isChosen: Uint8Array): AsyncGenerator<FeatureBlock, void, undefined> {
  let start = 0;
  for await (const block of table.blocks()) {
    const own = isChosen.subarray(start, start + block.rows);
    const rows = own.reduce((sum, chosen) => sum + chosen, 0);
    start += block.rows;
    if (rows === 0) continue;
    if (rows === block.rows) yield block;
    else if (isSparse(block)) yield { rows, ...sparseRows(block, own, rows) };
    else yield { rows, features: denseRows(block.features, table.columns, own, rows) };
  }
}

function denseRows(features: Float32Array, columns: number, isChosen: Uint8Array, rows: number): Float32Array {
  const chosen = new Float32Array(rows * columns);
  let target = 0;
  for (const [row, takes] of isChosen.entries()) {
    if (takes === 0) continue;
    chosen.set(features.subarray(row * columns, (row + 1) * columns), target);
    target += columns;
  }
  return chosen;
}

function sparseRows(
  { rowStarts, columnIndices, values }: SparseEntries<Float32Array>,
  isChosen: Uint8Array,
  rows: number,
): SparseEntries<Float32Array> {
  const starts = new Uint32Array(rows + 1);
  let target = 0;
  for (const [row, takes] of isChosen.entries()) {
    if (takes === 0) continue;
    starts[target + 1] = starts[target]! + rowStarts[row + 1]! - rowStarts[row]!;
    target += 1;
  }
  const chosen = {
    rowStarts: starts,
    columnIndices: new Uint32Array(starts[rows]!),
    values: new Float32Array(starts[rows]!),
  };
  target = 0;
  for (const [row, takes] of isChosen.entries()) {
    if (takes === 0) continue;
    chosen.columnIndices.set(columnIndices.subarray(rowStarts[row], rowStarts[row + 1]), starts[target]);
    chosen.values.set(values.subarray(rowStarts[row], rowStarts[row + 1]), starts[target]);
    target += 1;
  }
  return chosen;
}
