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

/**
 * @throws AlgorithmError for arrays that are not of the rows and columns which the decoder says; ClientError naming row and
 *   column of the first value that the model cannot use
 */
export function checkRows(input: Block | SparseBlock, { featureCount, policy }: RequestRules): void {
  const problem = isSparse(input) ? problemOfSparse(input) : problemOfDense(input);
  if (problem !== undefined) throw new AlgorithmError('E_ALGORITHM', `decode: ${problem}`);
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

const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 1;
const isFloats = (value: unknown) => value instanceof Float64Array || value instanceof Float32Array;

function problemOfDense({ rows, columns, features }: Block): string | undefined {
  if (isFloats(features) && isCount(rows) && isCount(columns) && features.length === rows * columns) return undefined;
  return `features must be a Float64Array or Float32Array of rows × columns numbers; received ${rows} × ${columns} and ${features.constructor.name}(${features.length}).`;
}

function problemOfSparse({ rows, columns, rowStarts, columnIndices, values, labels }: SparseBlock): string | undefined {
  const isOfArrays =
    isFloats(values) && columnIndices instanceof Uint32Array && rowStarts instanceof Uint32Array && isCount(columns);
  if (!isOfArrays || !isCount(rows) || rowStarts.length !== rows + 1 || columnIndices.length !== values.length) {
    return 'sparse rows must have rows + 1 row starts, and as many column indices as values.';
  }
  if (!(labels instanceof Float64Array)) return 'sparse rows must have labels, an empty Float64Array in a request.';
  if (rowStarts[0] !== 0 || rowStarts[rows] !== values.length || rowStarts.some((at, i) => at < rowStarts[i - 1]!)) {
    return `row starts must ascend from 0 to the ${values.length} values.`;
  }
  const beyond = columnIndices.find((index) => index >= columns);
  return beyond === undefined ? undefined : `column indices must be below ${columns}; received ${beyond}.`;
}

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
