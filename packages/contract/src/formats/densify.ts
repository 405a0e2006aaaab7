/**
 * Sparse rows as dense ones, for an algorithm that works on tables. A column without an entry becomes missing (NaN)
 * where the algorithm accepts missing values, else 0.
 */
import { ClientError } from '../errors.js';
import { quoted } from '../visible.js';
import type { Block, BlockOptions, SparseBlock, SparseEntries, ValuePolicy } from './block.js';
import { rowCapacity } from './block-size.js';
import type { MediaType } from './media-type.js';
import type { Place } from './place.js';

/** What a column without an entry is to an algorithm. */
function absentValue(policy: ValuePolicy): number {
  return policy.missingValues === 'accept' ? Number.NaN : 0;
}

/** How wide rows of a channel may become, and how messages name its places. */
export interface DenseLimit {
  /** `Channel "train"` */
  readonly owner: string;
  readonly columns: number;
  /** The same for rows that stay sparse, whose algorithm still keeps something for each column. */
  readonly sparseColumns: number;
  /** The index of the first column, as the data counts. */
  readonly indexBase: number;
  readonly unit: Place['unit'];
}

/**
 * The limits of a channel: 2^20 columns (8 MiB per row), 2^23 if rows stay sparse, unless `max_columns` of its content
 * type says more.
 * @throws ClientError E_CONTENT_TYPE for a `max_columns` that is no number of columns
 */
export function denseLimit({ parameters }: MediaType, unit: DenseLimit['unit'], owner: string): DenseLimit {
  const { max_columns: text = String(MAX_COLUMNS), index_base: indexBase } = parameters;
  const columns = Number(text);
  if (!/^\d+$/.test(text) || columns < 1 || columns > MOST_COLUMNS) {
    throw new ClientError(
      'E_CONTENT_TYPE',
      `${owner}: max_columns of the content type must be a whole number in [1, ${MOST_COLUMNS}]; received ${quoted(text)}.`,
    );
  }
  const sparseColumns = parameters.max_columns === undefined ? MAX_SPARSE_COLUMNS : columns;
  return {
    owner,
    columns,
    sparseColumns,
    indexBase: Number(indexBase === '1'),
    unit,
  };
}

/**
 * The rows of `block` in dense blocks of a size as `options` ask for, each with arrays of its own.
 * @throws ClientError E_DATA_COLUMNS when they have more columns than `limit` allows, naming the first index beyond it
 */
export function* densify(
  block: SparseBlock,
  { precision, maxRows }: BlockOptions,
  policy: ValuePolicy,
  limit: DenseLimit,
): Generator<Block, void, undefined> {
  if (block.columns > limit.columns)
    throw tooWide(block, limit, ', since this algorithm expands sparse rows to all columns');
  const capacity = rowCapacity(block.columns * (precision === 'float32' ? 4 : 8), maxRows);
  for (let start = 0; start < block.rows; start += capacity) {
    yield denseRows(block, start, Math.min(start + capacity, block.rows), policy);
  }
}

/** @throws ClientError E_DATA_COLUMNS when rows that stay sparse have more columns than `limit` allows */
export function checkSparseWidth(block: SparseBlock, limit: DenseLimit): void {
  if (block.columns > limit.sparseColumns) throw tooWide(block, { ...limit, columns: limit.sparseColumns }, '');
}

/**
 * All rows of a request as one dense block.
 * @throws ClientError E_DATA_SIZE when they need more than 1 GiB
 */
export function densifyRequest(block: SparseBlock, policy: ValuePolicy): Block {
  const bytes = block.rows * block.columns * block.values.BYTES_PER_ELEMENT;
  if (bytes > MAX_REQUEST_BYTES) {
    throw new ClientError(
      'E_DATA_SIZE',
      `request: its rows must take at most ${MAX_REQUEST_BYTES} bytes when expanded to all columns; ${block.rows} rows of ${block.columns} columns take ${bytes}. Send fewer rows per request.`,
    );
  }
  return denseRows(block, 0, block.rows, policy);
}

/**
 * Sparse rows expanded to all columns.
 * @param columns  more than the largest column index
 * @param absent the value where there is no entry
 * @returns [count × columns] of the `count` rows from `first` on, row-major, in the precision of the entries
 */
export function spreadRows<V extends Float64Array | Float32Array>(
  { rowStarts, columnIndices, values }: SparseEntries<V>,
  first: number,
  count: number,
  columns: number,
  absent: number = Number.NaN,
): V {
  const rows = new (values.constructor as new (length: number) => V)(count * columns);
  if (absent !== 0) rows.fill(absent);
  for (let row = 0; row < count; row++) {
    const offset = row * columns;
    const end = rowStarts[first + row + 1]!;
    for (let entry = rowStarts[first + row]!; entry < end; entry++) {
      rows[offset + columnIndices[entry]!] = values[entry]!;
    }
  }
  return rows;
}

// --- internal ---

/** One wrong index in a few bytes would take all memory. */
const MAX_COLUMNS = 2 ** 20;
/** Above what hashed features usually have (2^18 to 2^22): a column without an entry still takes time and memory. */
const MAX_SPARSE_COLUMNS = 2 ** 23;
/** The longest row that an array holds. */
const MOST_COLUMNS = 2 ** 31;

function tooWide(block: SparseBlock, { owner, columns, indexBase, unit }: DenseLimit, reason: string): ClientError {
  const entry = block.columnIndices.findIndex((index) => index >= columns);
  // Rows may also say how many columns they have, without an entry in the last ones.
  const row = entry === -1 ? 0 : block.rowStarts.findIndex((start) => start > entry) - 1;
  const received = entry === -1 ? `${block.columns} columns` : `the index ${block.columnIndices[entry]! + indexBase}`;
  return new ClientError(
    'E_DATA_COLUMNS',
    `${owner}: ${block.source} ${unit} ${block.firstLine + row}: sparse rows must have at most ${columns} columns${reason}; received ${received}. Correct it, or raise the limit with max_columns=N in the content type.`,
  );
}

/** A few bytes of a sparse request can stand for very many columns. */
const MAX_REQUEST_BYTES = 1024 ** 3;

function denseRows(block: SparseBlock, start: number, end: number, policy: ValuePolicy): Block {
  const { columns, labelCount, rowStarts, columnIndices, values, weights, queryIds, columnNames } = block;
  const rows = end - start;
  const features = spreadRows({ rowStarts, columnIndices, values }, start, rows, columns, absentValue(policy));
  return {
    rows,
    columns,
    features,
    labelCount,
    labels: block.labels.slice(start * labelCount, end * labelCount),
    ...(weights && { weights: weights.slice(start, end) }),
    ...(queryIds && { queryIds: queryIds.slice(start, end) }),
    ...(columnNames && { columnNames }),
    source: block.source,
    firstLine: block.firstLine + start,
  };
}
