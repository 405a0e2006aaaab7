/**
 * The range of float32, for algorithms that compute in it: a double from 2^128 − 2^103 on would round to infinity. Every
 * reader refuses such a value by its place, so that no infinity that nobody wrote is trained on or predicted from.
 */
import { ClientError } from '../errors.js';
import type { ValuePolicy } from './block.js';

/** The smallest double that rounds to infinity in float32; the largest float32 is half of its last place below. */
const OVERFLOW = 2 ** 128 - 2 ** 103;

/** What a finite number must stay below in magnitude; Infinity where every double is well. */
export function magnitudeLimit({ range }: Pick<ValuePolicy, 'range'>): number {
  return range === 'float32' ? OVERFLOW : Number.POSITIVE_INFINITY;
}

/**
 * The error for a finite number beyond the range.
 * @param cell as messages begin: `train/a.csv line 2 column 3`
 * @param received as it was written
 */
export function beyondFloat32(cell: string, part: 'label' | 'value' | 'sample weight', received: string): ClientError {
  return new ClientError(
    'E_DATA_INFINITE',
    `${cell}: the ${part} must be within ±3.4028235e38, the range of float32, which the algorithm computes in; received ${received}. Scale the column or drop the row.`,
  );
}
