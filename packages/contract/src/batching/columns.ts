/** Columns of predictions cut into the rows of several requests, and put together from several batches. */
import { AlgorithmError } from '../errors.js';
import type { PredictionColumn, Predictions } from '../prediction.js';

/** Rows `first` to `first + rows` of all columns, without copies of numbers. */
export function sliceRows(predictions: Predictions, first: number, rows: number): Predictions {
  return mapColumns(predictions, (column) => {
    if (!('width' in column)) return sliceCells(column, first, first + rows);
    const { values, width } = column;
    return { values: sliceCells(values, first * width, (first + rows) * width), width };
  });
}

/**
 * The rows of all parts, in order. @param parts one or more
 * @throws AlgorithmError when they do not have the same columns of the same kinds
 */
export function joinRows(parts: readonly Predictions[]): Predictions {
  const [first = {}, ...others] = parts;
  if (others.length === 0) return first;
  const names = Object.keys(first).join();
  if (others.some((part) => Object.keys(part).join() !== names)) throw unlike();
  return mapColumns(first, (_, name) => joinColumn(parts.map((part) => part[name]!)));
}

/** The numbers of all parts in one array. @param parts one or more, of one kind */
export function joinNumbers<N extends Numbers>(parts: readonly N[]): N {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new (parts[0]!.constructor as new (length: number) => N)(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

// --- internal ---

type Numbers = Float64Array | Float32Array | Int32Array;

function mapColumns(
  predictions: Predictions,
  change: (column: PredictionColumn, name: string) => PredictionColumn,
): Predictions {
  return Object.fromEntries(Object.entries(predictions).map(([name, column]) => [name, change(column, name)]));
}

type Cells = Numbers | readonly string[];

function isText(cells: Cells): cells is readonly string[] {
  return Array.isArray(cells);
}

function sliceCells(cells: Cells, start: number, end: number): Cells {
  return isText(cells) ? cells.slice(start, end) : cells.subarray(start, end);
}

function joinColumn(parts: readonly PredictionColumn[]): PredictionColumn {
  const [width, ...others] = parts.map((part) => ('width' in part ? part.width : undefined));
  if (others.some((other) => other !== width)) throw unlike();
  const cells = joinCells(parts.map((part) => ('width' in part ? part.values : part)));
  return width === undefined ? cells : { values: cells, width };
}

function joinCells(parts: readonly Cells[]): Cells {
  const [first] = parts;
  if (parts.some((part) => part.constructor !== first!.constructor)) throw unlike();
  return parts.every(isText) ? parts.flat() : joinNumbers(parts as readonly Numbers[]);
}

function unlike(): AlgorithmError {
  return new AlgorithmError(
    'E_ALGORITHM',
    'predict: expected the same columns for all rows of a request; received others for some of them.',
  );
}
