/** One cell of a row in JSON: a number, a boolean, null, or a text. */
import { ClientError } from '../../errors.js';
import { isMissingText } from '../categories/missing.js';
import type { TextColumn } from '../categories/text-columns.js';
import { quoteValue } from '../place.js';
import type { JsonScanner } from './scanner.js';

/**
 * The error for a number beyond the doubles: JSON has no infinity, so nobody wrote one.
 * @param written as it is in the text, where that is known
 */
export function beyondDouble(cell: string, part: 'label' | 'value' | 'weight', written?: string): ClientError {
  return new ClientError(
    'E_DATA_INFINITE',
    `${cell}: the ${part === 'weight' ? 'sample weight' : part} must be within ±1.797e308, the range of a double; received ${written === undefined ? 'a larger number' : quoteValue(written)}.`,
  );
}

/**
 * Its number, or the code of its text; NaN where it is missing.
 * @param text what the column does with text; undefined: it holds numbers
 * @throws ClientError E_DATA_NUMBER for text in a column of numbers, E_DATA_CATEGORY
 */
export function readCell(scanner: JsonScanner, text: TextColumn | undefined, where: () => string): number {
  if (!scanner.isText()) {
    const isBoolean = text !== undefined && scanner.isBoolean();
    const value = scanner.cell();
    if (isBoolean) return text.boolean(value, where);
    return text ? text.number(value, where, () => scanner.writtenCell()) : value;
  }
  const received = scanner.text(where);
  if (text) return text.code(received, where);
  if (isMissingText(received)) return Number.NaN;
  throw new ClientError('E_DATA_NUMBER', `${where()}: expected a number; received ${quoteValue(received)}.`);
}
