/**
 * Rows that a decoder of an algorithm made: as a block, held to the rules that the readers of formats keep by themselves.
 */
import { AlgorithmError, ClientError } from '../errors.js';
import { type Block, isSparse, type SparseBlock } from '../formats/block.js';
import { beyondFloat32, magnitudeLimit } from '../formats/float32-range.js';
import type { RequestRules } from '../formats/format.js';

/**
 * Dense rows from their numbers, as a decoder returns them.
 * @param features [rows × columns], row-major; NaN is a missing value
 * @throws AlgorithmError when the numbers are no whole rows
 */
export function denseRows(features: Float64Array | Float32Array, columns: number): Block {
  const rows = features.length / columns;
  if (!Number.isInteger(columns) || columns < 1 || !Number.isInteger(rows) || rows < 1) {
    throw new AlgorithmError(
      'E_ALGORITHM',
      `denseRows: expected at least one whole row of ${columns} columns; received ${features.length} numbers.`,
    );
  }
  return { rows, columns, features, labelCount: 0, labels: new Float64Array(0), source: 'request', firstLine: 1 };
}

/** Whether a decoded value is rows. */
export function isRows(value: unknown): value is Block | SparseBlock {
  if (typeof value !== 'object' || value === null || !('rows' in value) || !('columns' in value)) return false;
  return ('features' in value && ArrayBuffer.isView(value.features)) || 'rowStarts' in value;
}

/** @throws ClientError naming row and column of the first value that the model cannot use */
export function checkRows(input: Block | SparseBlock, { featureCount, policy }: RequestRules): void {
  if (input.columns !== featureCount) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `request: expected ${featureCount} columns as the model has; received ${input.columns}.`,
    );
  }
  const values = isSparse(input) ? input.values : input.features;
  const limit = magnitudeLimit(policy);
  const at = values.findIndex((value) => !(Math.abs(value) < limit) && !isAccepted(value, policy));
  if (at >= 0) throw badValue(values[at]!, cellOf(input, at));
}

/** The rows in the numbers that the algorithm asks for. */
export function inPrecision(input: Block | SparseBlock, { precision = 'float64' }: RequestRules): Block | SparseBlock {
  const Floats = precision === 'float32' ? Float32Array : Float64Array;
  if (isSparse(input)) return input.values instanceof Floats ? input : { ...input, values: new Floats(input.values) };
  return input.features instanceof Floats ? input : { ...input, features: new Floats(input.features) };
}

// --- internal ---

function isAccepted(value: number, { missingValues, infiniteValues }: RequestRules['policy']): boolean {
  if (Number.isNaN(value)) return missingValues === 'accept';
  return Math.abs(value) === Number.POSITIVE_INFINITY && infiniteValues === 'accept';
}

function cellOf(input: Block | SparseBlock, at: number): string {
  if (!isSparse(input)) return `request row ${Math.floor(at / input.columns) + 1} column ${(at % input.columns) + 1}`;
  const row = input.rowStarts.findIndex((start) => start > at);
  return `request row ${row} column ${input.columnIndices[at]! + 1}`;
}

function badValue(value: number, cell: string): ClientError {
  if (Number.isFinite(value)) return beyondFloat32(cell, 'value', String(value));
  return Number.isNaN(value)
    ? new ClientError('E_DATA_MISSING', `${cell}: the value must not be missing; received NaN.`)
    : new ClientError('E_DATA_INFINITE', `${cell}: the value must be finite; received ${value}.`);
}
