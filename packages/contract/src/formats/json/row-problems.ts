/** What can be wrong with a row of a JSON request once its numbers are read. */
import { ClientError } from '../../errors.js';
import { visible } from '../../visible.js';
import type { ValuePolicy } from '../block.js';
import { beyondFloat32 } from '../float32-range.js';
import { beyondDouble } from './cell.js';

/** The numbers of a request beyond the doubles: how many, and the last one as it was written. */
export interface TooLarge {
  count: number;
  written: string;
}

/**
 * Looks at a missing or infinite value, or one beyond the range.
 * @throws ClientError unless the policy lets it through
 */
export function checkUnusual(value: number, cell: string, policy: ValuePolicy, { count, written }: TooLarge): void {
  if (Number.isNaN(value)) {
    if (policy.missingValues === 'accept') return;
    throw new ClientError('E_DATA_MISSING', `${cell}: expected a value; received null.`);
  }
  if (Number.isFinite(value)) throw beyondFloat32(cell, 'value', String(value));
  if (policy.infiniteValues === 'accept') return;
  // Of several it is not known which this one is: columns are checked in another order than they are written in.
  throw beyondDouble(cell, 'value', count === 1 ? written : undefined);
}

export function withoutColumns(place: string): ClientError {
  return new ClientError('E_DATA_COLUMNS', `${place}: expected columns; received none.`);
}

export function otherWidth(place: string, columns: number, width: number): ClientError {
  const plural = columns === 1 ? '' : 's';
  return new ClientError('E_DATA_COLUMNS', `${place}: expected ${columns} column${plural}; received ${width}.`);
}

/** @param first the sizes of the lists within each other of the first row @param shape those of this one */
export function otherShape(place: string, first: readonly number[], shape: readonly number[]): ClientError {
  return new ClientError(
    'E_REQUEST_BODY',
    `${place}: every row must be made of lists of the same sizes, ${visible(JSON.stringify(first))} as in row 1; received ${JSON.stringify(shape)}.`,
  );
}

export function withoutKeys(place: string): ClientError {
  return new ClientError(
    'E_REQUEST_BODY',
    `${place}: expected all columns of the row, since the model has columns of text; received "keys" of some. Send {"features":[…]}.`,
  );
}
