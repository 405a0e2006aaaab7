/**
 * What a reader does with text: each column of a row either holds numbers, or turns its texts into codes. There are two
 * kinds: a survey (survey.ts) learns the names of a channel's text columns, the other knows them.
 */
import { ClientError } from '../../errors.js';
import { quoteValue } from '../place.js';
import type { Categories, UnseenCategories } from './categories.js';
import { isMissingText } from './missing.js';

/** A column of the rows that are read. */
export interface ColumnPlace {
  readonly role: 'label' | 'weight' | 'feature';
  /** Among those of its role, from 0. */
  readonly index: number;
  /** Where the rows have names of columns. */
  readonly name?: string | undefined;
  /** In the file, from 1, as messages count. */
  readonly number: number;
}

export interface TextColumn {
  /** Whether a cell that is a number is one; otherwise it is text like any other. */
  readonly isOpen: boolean;
  /**
   * The code of a cell's text, NaN where it is missing.
   * @param where names the cell, as messages begin: `train/a.csv line 7 column 3`
   * @throws ClientError E_DATA_CATEGORY; E_DATA_NUMBER in a column of numbers
   */
  code(text: string, where: () => string, hint?: KindHint): number;
  /**
   * Takes a cell that is a number where numbers are not text.
   * @param written its text in the data @throws ClientError E_DATA_CATEGORY
   */
  number(value: number, where: () => string, written?: () => string, hint?: KindHint): number;
  /** Takes a boolean of such a format: 1, 0, or NaN where it is missing. @throws ClientError E_DATA_CATEGORY */
  boolean(value: number, where: () => string): number;
}

/**
 * What to do about a cell of another kind than the column, as the end of a message: it begins with a blank, or is empty.
 * @param isRefused whether it is known to be so, and worth a longer look at its line
 */
export type KindHint = (isRefused: boolean) => string;

export interface TextColumns {
  /** Whether only the text of rows is wanted, not their numbers. */
  readonly isSurvey: boolean;
  /** Undefined: a column of numbers. */
  of(column: ColumnPlace): TextColumn | undefined;
}

/** A number as text: an integer that no double holds as it is written, any other in its shortest form. */
export function textOfNumber(value: number, written?: () => string): string {
  if (!written || !Number.isInteger(value) || Number.isSafeInteger(value)) return String(value);
  const text = written();
  return /^-?\d+$/.test(text) ? text : String(value);
}

/**
 * The name of a boolean in a text column: as Python and pandas write it into CSV, so that a column which the content type
 * declares as text has the same names in every format.
 */
export function textOfBoolean(value: number): string {
  return value === 1 ? TRUE[0] : FALSE[0];
}

/** Columns whose names are known. @param unseen what a feature's name becomes that is not among them */
export function knownTextColumns({ labels, features }: Categories, unseen: UnseenCategories): TextColumns {
  const ofLabels = labels.map((names) => names && createKnown(names, 'error', 'class of training'));
  const ofFeatures = features.map((names) => names && createKnown(names, unseen, 'category of training'));
  return {
    isSurvey: false,
    of({ role, index }) {
      if (role === 'weight') return undefined;
      return role === 'label' ? ofLabels[index] : ofFeatures[index];
    },
  };
}

// --- internal ---

/** How programs write booleans into CSV: Python and pandas, then Spark and polars, then spreadsheets; at last as numbers. */
const TRUE = ['True', 'true', 'TRUE', '1'] as const;
const FALSE = ['False', 'false', 'FALSE', '0'] as const;

/** More names would push the end of the sentence out of what SageMaker shows of a failure. */
const SHOWN_NAMES = 8;

function createKnown(names: readonly string[], unseen: UnseenCategories, what: string): TextColumn {
  const codes = new Map(names.map((name, code) => [name, code]));
  const code: TextColumn['code'] = (text, where) => {
    const known = codes.get(text);
    if (known !== undefined) return known;
    if (isMissingText(text) || unseen === 'missing') return Number.NaN;
    if (unseen === 'other') return names.length;
    const shown = names.slice(0, SHOWN_NAMES).map(quoteValue).join(', ');
    const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
    throw new ClientError(
      'E_DATA_CATEGORY',
      `${where()}: expected a ${what} (${shown}${more}); received ${quoteValue(text)}.`,
    );
  };
  return {
    isOpen: false,
    code,
    number: (value, where, written) => (Number.isNaN(value) ? value : code(textOfNumber(value, written), where)),
    boolean(value, where) {
      if (Number.isNaN(value)) return value;
      const name = (value === 1 ? TRUE : FALSE).find((spelling) => codes.has(spelling));
      return code(name ?? textOfBoolean(value), where);
    },
  };
}
