/**
 * The sentences for what can be wrong with a CSV line: where, what must hold, what was received, what to do.
 */
import { ClientError, type ErrorCode } from '../../errors.js';
import { textInNumbers } from '../categories/column-problems.js';
import type { Role } from '../column-plan.js';
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
  readonly column: NamedColumn & { readonly role: Role };
  readonly expected: ExpectedColumns;
  /** Whether a feature may be missing. */
  readonly acceptsMissing: boolean;
  /** Whether the algorithm takes text. */
  readonly acceptsText: boolean;
  /** Whether the content type may declare the column as text. */
  readonly mayDeclare: boolean;
  readonly seen: Seen;
}

/** A column as messages name it. */
export interface NamedColumn {
  /** From 1. */
  readonly number: number;
  readonly name?: string | undefined;
}

/** `train/a.csv line 7 column 3 "island"` */
export function fieldPlace({ label, unit }: Place, line: number, { number, name }: NamedColumn): string {
  return `${label} ${unit} ${line} column ${number}${name === undefined ? '' : ` ${quoteValue(name)}`}`;
}

/** The error for what the kernel found; `problem` is one of PROBLEM. */
export function badLine(problem: number, bad: BadLine): ClientError {
  const where = `${bad.place.label} ${bad.place.unit} ${bad.line}`;
  const { seen, column } = bad;
  const field = fieldPlace(bad.place, bad.line, column);
  const text = fieldText(ownLine(seen), column.number, seen.delimiter) ?? '';
  const isLast = column.number === countFields(ownLine(seen), seen.delimiter);
  const part = column.role === 'label' ? 'label' : 'value';
  const hint = lineHint(seen, column.number);
  const received =
    hint !== '' && BINARY.test(text) ? 'received bytes that are no text' : `received ${quoteValue(text)}`;
  const mayBeMissing = bad.acceptsMissing && part === 'value';
  const refused = (code: ErrorCode, sentence: string) => new ClientError(code, sentence);
  switch (problem) {
    case PROBLEM.badColumns:
      return wrongColumns(where, bad);
    case PROBLEM.openQuote:
      return refused(
        'E_DATA_QUOTE',
        `${field}: a quoted field must be closed on its ${bad.place.unit}; ${received}.${hint}`,
      );
    case PROBLEM.textAfterQuote:
      return refused(
        'E_DATA_QUOTE',
        `${field}: a separator or the line's end must follow a closing quote; ${received}.${hint}`,
      );
    case PROBLEM.missing:
      return refused(
        'E_DATA_MISSING',
        `${field}: the ${part} must not be missing; ${received}.${hint || (isLast ? endHint(seen) : '') || ' Fill it in or drop the row.'}`,
      );
    case PROBLEM.infinite:
      return refused(
        'E_DATA_INFINITE',
        `${field}: the ${part} must be finite; ${received}. Correct it or drop the row.`,
      );
    case PROBLEM.outOfRange:
      return beyondFloat32(field, column.role === 'weight' ? 'sample weight' : part, quoteValue(text));
    case PROBLEM.badWeight:
      return refused('E_DATA_WEIGHT', `${field}: the sample weight must be a finite number ≥ 0; ${received}.`);
    default:
      if (bad.mayDeclare && column.role !== 'weight')
        return textInNumbers(field, text, column, hint || fieldHint(text, mayBeMissing));
      return refused(
        'E_DATA_NUMBER',
        `${field}: expected a number; ${received}.${hint || fieldHint(text, mayBeMissing) || (bad.acceptsText || !/^\p{L}/u.test(text) ? '' : ONLY_NUMBERS)}`,
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

/** An error about a category with what it may come from; any other error as it is. */
export function withHint(error: unknown, hint: string): unknown {
  return hint !== '' && error instanceof ClientError && error.code === 'E_DATA_CATEGORY'
    ? new ClientError(error.code, `${error.message}${hint}`)
    : error;
}

// --- internal ---

/** What no text has, and what bytes become that are no UTF-8: the hint says more than these. */
const BINARY = /[^\P{Cc}\t\r]|\ufffd/u;

const ONLY_NUMBERS = ' The algorithm takes numbers only: encode text as numbers, or drop the column.';

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
