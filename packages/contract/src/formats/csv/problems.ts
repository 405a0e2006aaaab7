/**
 * The sentences for what can be wrong with a CSV line: where, what must hold, what was received, what to do.
 */
import { ClientError, type ErrorCode } from '../../errors.js';
import { beyondFloat32 } from '../float32-range.js';
import { type Place, quoteValue } from '../place.js';
import { lineEnd } from '../text/lines.js';
import { countFields, fieldText } from './fields.js';
import { endHint, fieldHint, lineHint, type Seen } from './hints.js';
import { PROBLEM } from './kernel.js';

/** Where the number of columns comes from: the first row of a file, or the model. */
export interface ExpectedColumns {
  readonly count: number;
  readonly from: { readonly place: Place; readonly line: number } | undefined;
}

/** What is known of a bad line. */
export interface BadLine {
  readonly place: Place;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly expected: ExpectedColumns;
  readonly labelCount: number;
  /** Whether the column is the one of the weights. */
  readonly isWeight: boolean;
  /** Whether a feature may be missing. */
  readonly acceptsMissing: boolean;
  readonly seen: Seen;
}

/** The error for what the kernel found; `problem` is one of PROBLEM. */
export function badLine(problem: number, bad: BadLine): ClientError {
  const where = `${bad.place.label} ${bad.place.unit} ${bad.line}`;
  const field = `${where} column ${bad.column}`;
  const { seen } = bad;
  const text = fieldText(ownLine(seen), bad.column, seen.delimiter) ?? '';
  const received = `received ${quoteValue(text)}`;
  const isLast = bad.column === countFields(ownLine(seen), seen.delimiter);
  const part = bad.column <= bad.labelCount ? 'label' : 'value';
  const mayBeMissing = bad.acceptsMissing && part === 'value';
  const refused = (code: ErrorCode, sentence: string) => new ClientError(code, sentence);
  switch (problem) {
    case PROBLEM.badColumns:
      return wrongColumns(where, bad);
    case PROBLEM.openQuote:
      return refused(
        'E_DATA_QUOTE',
        `${field}: a quoted field must be closed on its ${bad.place.unit}; ${received}.${lineHint(seen)}`,
      );
    case PROBLEM.textAfterQuote:
      return refused(
        'E_DATA_QUOTE',
        `${field}: a separator or the line's end must follow a closing quote; ${received}.${lineHint(seen)}`,
      );
    case PROBLEM.missing:
      return refused(
        'E_DATA_MISSING',
        `${field}: the ${part} must not be missing; ${received}.${lineHint(seen) || (isLast ? endHint(seen) : '') || ' Fill it in or drop the row.'}`,
      );
    case PROBLEM.infinite:
      return refused(
        'E_DATA_INFINITE',
        `${field}: the ${part} must be finite; ${received}. Correct it or drop the row.`,
      );
    case PROBLEM.outOfRange:
      return beyondFloat32(field, bad.isWeight ? 'sample weight' : part, quoteValue(text));
    case PROBLEM.badWeight:
      return refused('E_DATA_WEIGHT', `${field}: the sample weight must be a finite number ≥ 0; ${received}.`);
    default:
      return refused(
        'E_DATA_NUMBER',
        `${field}: expected a number; ${received}.${lineHint(seen) || fieldHint(text, mayBeMissing)}`,
      );
  }
}

/** A first row that has no room for a feature. */
export function tooFewColumns(
  place: Place,
  line: number,
  received: number,
  labelCount: number,
  hasWeights: boolean,
  seen: Seen,
): ClientError {
  const lead = [labelCount && `${labelCount} label${labelCount > 1 ? 's' : ''}`, hasWeights && '1 weight'].filter(
    Boolean,
  );
  const hint = lineHint(seen) || (received === 1 ? ' Columns must be separated by commas.' : '');
  return new ClientError(
    'E_DATA_COLUMNS',
    `${place.label} ${place.unit} ${line}: expected at least ${labelCount + Number(hasWeights) + 1} columns (${[...lead, '1 feature'].join(', ')}); received ${received}.${hint}`,
  );
}

// --- internal ---

function wrongColumns(where: string, { place, seen, expected }: BadLine): ClientError {
  const { count, from } = expected;
  const received = countFields(ownLine(seen), seen.delimiter);
  const as = from && `${from.place.unit === 'line' ? ' as on line' : ' as in row'} ${from.line}`;
  const of = from && from.place.label !== place.label ? ` of ${from.place.label}` : '';
  return new ClientError(
    'E_DATA_COLUMNS',
    `${where}: expected ${count} column${count === 1 ? '' : 's'}${as ?? ''}${of}; received ${received}.${lineHint(seen) || (received === count + 1 ? endHint(seen) : '')}`,
  );
}

function ownLine({ bytes }: Seen): Uint8Array {
  return bytes.subarray(0, lineEnd(bytes, 0));
}
