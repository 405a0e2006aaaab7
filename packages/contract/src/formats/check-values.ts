/** Labels, weights and features of a block held to what they may be. */
import { ClientError } from '../errors.js';
import type { ColumnValues, ValuePolicy } from './block.js';
import type { Role } from './column-plan.js';
import { beyondFloat32, magnitudeLimit } from './float32-range.js';

/**
 * @param place of a row by its offset from the first, for the start of messages
 * @throws ClientError naming row and column of the first value that must not be
 */
export function checkValues(
  { values, offset, stride, rows }: ColumnValues,
  { role, label }: { readonly role: Role; readonly label: string },
  policy: ValuePolicy,
  place: (row: number) => string,
): void {
  const mayMiss = role === 'feature' && policy.missingValues === 'accept';
  const mayBeInfinite = role === 'feature' && policy.infiniteValues === 'accept';
  const limit = magnitudeLimit(policy);
  if (mayMiss && mayBeInfinite && limit === Number.POSITIVE_INFINITY) return;
  for (let row = 0, at = offset; row < rows; row++, at += stride) {
    const value = values[at]!;
    // After a read as float32 a finite double beyond it is an infinity already.
    // The difference of a finite number to itself is 0; any other is NaN.
    if (value - value === 0 && Math.abs(value) < limit && (role !== 'weight' || value >= 0)) continue;
    const isMissing = Number.isNaN(value);
    const isInfinite = Math.abs(value) === Number.POSITIVE_INFINITY;
    if ((isMissing && mayMiss) || (isInfinite && mayBeInfinite)) continue;
    if (Math.abs(value) >= limit && !isInfinite) {
      throw beyondFloat32(
        `${place(row)} ${label}`,
        role === 'feature' ? 'value' : role === 'weight' ? 'sample weight' : role,
        String(value),
      );
    }
    throw refused(`${place(row)} ${label}`, role, value, policy);
  }
}

// --- internal ---

function refused(cell: string, role: Role, value: number, { range }: ValuePolicy): ClientError {
  const isMissing = Number.isNaN(value);
  if (role === 'weight') {
    return new ClientError(
      'E_DATA_WEIGHT',
      `${cell}: the sample weight must be a finite number ≥ 0; received ${isMissing ? 'none' : value}.`,
    );
  }
  const part = role === 'label' ? 'label' : 'value';
  return isMissing
    ? new ClientError('E_DATA_MISSING', `${cell}: the ${part} must not be missing. Fill it in or drop the row.`)
    : new ClientError(
        'E_DATA_INFINITE',
        `${cell}: the ${part} must be finite${range === 'float32' ? ' as a float32, so within ±3.4028235e38' : ''}; received ${value}. Correct it or drop the row.`,
      );
}
