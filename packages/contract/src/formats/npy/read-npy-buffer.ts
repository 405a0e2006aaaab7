/** A request body that is a `.npy` file, as one block: its first axis are the rows, or it is one row. */
import { ClientError } from '../../errors.js';
import type { Block, ValuePolicy } from '../block.js';
import { damaged, readHeader } from './header.js';
import { checkRowValues } from './row-values.js';
import { dataBytes, decodeRows, tableOf } from './table.js';

export interface NpyBufferOptions {
  readonly policy: ValuePolicy;
  /** Columns of the model. */
  readonly featureCount: number;
  /** See BlockOptions. */
  readonly precision?: 'float64' | 'float32';
}

/**
 * All rows of `body`, in arrays of their own; undefined when there is none. An array of one axis is a row, or as many rows
 * where the model has one column.
 * @throws ClientError naming row and column of the first bad value; E_DATA_FORMAT for what is no array of numbers
 */
export function readNpyBuffer(
  body: Uint8Array,
  { policy, featureCount, precision }: NpyBufferOptions,
): Block | undefined {
  const header = readHeader(body, 0, body.length, LABEL);
  if (typeof header === 'number') throw shorter(header, body.length);
  const table = tableOf(header, featureCount, LABEL);
  const { rows, columns, type, shape, dataStart } = table;
  if (columns !== featureCount || (shape.length === 1 && featureCount !== 1 && rows > 1)) {
    const received = shape.length === 1 ? shape[0] : columns;
    throw new ClientError('E_DATA_COLUMNS', `${LABEL}: expected ${featureCount} columns; received ${received}.`);
  }
  const expected = dataStart + dataBytes(table);
  if (body.length < expected) throw shorter(expected, body.length);
  if (body.length > expected) {
    throw damaged(
      LABEL,
      `the file must have ${expected} bytes for its shape (${shape.join(', ')}); received ${body.length}.`,
    );
  }
  if (rows === 0) return undefined;
  const isRounded = precision === 'float32' && !type.isSingle;
  const values = new (precision === 'float32' && type.isSingle ? Float32Array : Float64Array)(rows * columns);
  decodeRows(table, body, dataStart, 0, rows, values);
  checkRowValues(values, columns, NO_LEAD, policy, (row) => `${LABEL} row ${row + 1}`);
  const features = isRounded ? new Float32Array(values) : values;
  return { rows, columns, features, labelCount: 0, labels: new Float64Array(0), source: LABEL, firstLine: 1 };
}

// --- internal ---

const LABEL = 'request';
const NO_LEAD = { labelCount: 0, hasWeights: false };

function shorter(expected: number, received: number): ClientError {
  return damaged(LABEL, `the file must have ${expected} bytes or more; it ends after ${received}.`);
}
