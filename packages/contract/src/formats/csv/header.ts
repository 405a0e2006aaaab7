/**
 * The header line of a CSV file, by the parameter `header` of its content type: `absent` (the default), `present`, or
 * `auto`. With `auto` a first line is a header when it has the names that are known already, of the model or of the
 * training data; where none are known, when each of its fields is text, all are different, and the next line has a number.
 */
import { ClientError } from '../../errors.js';
import { quoted } from '../../visible.js';
import { isMissingText } from '../categories/missing.js';
import type { Role } from '../column-plan.js';
import { quoteValue } from '../place.js';
import { cellText } from './cell-text.js';
import { fieldRanges, fieldsOf, isNumber, quoteProblem, textOutsideQuotes } from './fields.js';
import type { Seen } from './hints.js';

/** A column of the file as a column of a row. */
export interface CsvColumn {
  /** In the file, from 0. */
  readonly source: number;
  readonly role: Role;
  /** Among those of its role, from 0. */
  readonly index: number;
  readonly name?: string | undefined;
}

/** What to do with a header line. */
export interface HeaderRule {
  readonly mode: 'present' | 'auto';
  /** Names that a header must have in any order; undefined where nothing is known of them. */
  readonly known?: readonly string[] | undefined;
  /**
   * The columns of a row, labels first, then the weight, then the features.
   * @throws ClientError E_DATA_COLUMNS
   */
  plan(names: readonly string[], where: string): readonly CsvColumn[];
  /** @throws ClientError E_DATA_COLUMNS for a file without a header line, where it must have one under `auto`, too */
  planUnnamed?(where: string): void;
}

/** Whether `first` is a header line under `header=auto`. @param next the line after it, or its beginning */
export function isHeaderLine(
  first: Uint8Array,
  next: Uint8Array,
  delimiter: number,
  known: readonly string[] | undefined,
): boolean {
  const names = fieldsOf(first, delimiter);
  if (known) return names.length === known.length && known.every((name) => names.includes(name));
  const isText = (text: string) => !isMissingText(text) && !isNumber(text);
  if (!names.every(isText) || new Set(names).size < names.length) return false;
  return fieldsOf(next, delimiter).some(isNumber);
}

/**
 * The names of a header line.
 * @param where as messages begin: `train/a.csv line 1` @param seen the line with what follows it
 * @throws ClientError E_DATA_COLUMNS for a column without a name, or with that of another; E_DATA_QUOTE; E_DATA_CATEGORY for
 *   bytes that are no text
 */
export function readNames(line: Uint8Array, delimiter: number, where: string, seen: () => Seen): readonly string[] {
  const hasReturn = textOutsideQuotes(line, delimiter).includes('\r');
  cellText(line, !hasReturn, () => where, seen);
  checkQuotes(line, delimiter, where);
  const names = fieldsOf(line, delimiter);
  for (const [at, name] of names.entries()) {
    if (name !== '' && names.indexOf(name) === at) continue;
    const received = name === '' ? `none for column ${at + 1}` : `${quoted(name)} twice`;
    const advice =
      name === '' && at === 0
        ? ' Write the file without an index column (pandas: index=False; R: row.names=FALSE).'
        : '';
    throw new ClientError(
      'E_DATA_COLUMNS',
      `${where}: the header line must have a name of its own for each column; received ${received}.${advice}`,
    );
  }
  return names;
}

// --- internal ---

/** @throws ClientError E_DATA_QUOTE, as for a row */
function checkQuotes(line: Uint8Array, delimiter: number, where: string): void {
  let column = 0;
  for (const [start, end] of fieldRanges(line, delimiter)) {
    column += 1;
    const problem = quoteProblem(line.subarray(start, end));
    if (!problem) continue;
    const rule =
      problem === 'open'
        ? 'a quoted name must be closed on its line'
        : "a separator or the line's end must follow a closing quote";
    const received = quoteValue(Buffer.from(line.subarray(start, end)).toString('utf8').trim());
    throw new ClientError('E_DATA_QUOTE', `${where} column ${column}: ${rule}; received ${received}.`);
  }
}
