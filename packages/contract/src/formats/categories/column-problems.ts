/** What is wrong with columns of numbers and of text, and how a content type can put it right. */
import { ClientError } from '../../errors.js';
import { quoteValue } from '../place.js';
import type { ColumnPlace } from './text-columns.js';

type NamedPlace = Pick<ColumnPlace, 'name' | 'number'>;

/** The first cell of a column that is not missing, which says what the others must be. */
export interface FirstCell {
  readonly kind: 'number' | 'boolean' | 'text';
  /** As messages name it: `train/a.csv line 7 column 3`. */
  readonly where: string;
  /** As messages show it: `7`, `true`, `"red"`. */
  readonly shown: string;
  /** What to do if it is refused; begins with a blank, or is empty. */
  readonly hint: string;
}

/** Whether one is text and the other is not. */
export function areOfOtherKinds({ kind }: Pick<FirstCell, 'kind'>, other: Pick<FirstCell, 'kind'>): boolean {
  return (kind === 'text') !== (other.kind === 'text');
}

/** The error for a cell of another kind than the first one of its column. */
export function otherKind({ kind, where, shown, hint }: FirstCell, first: FirstCell, place: NamedPlace): ClientError {
  const isText = kind === 'text';
  return new ClientError(
    isText ? 'E_DATA_NUMBER' : 'E_DATA_CATEGORY',
    `${where}: expected ${isText ? 'a number' : 'text'}, as ${first.shown} in ${first.where}; received ${isText ? shown : `the ${kind} ${shown}`}.${hint || declareHint(place)}`,
  );
}

/** The error for a cell of text in a column of numbers. @param hint ends the sentence, beginning with a blank */
export function textInNumbers(where: string, text: string, { name, number }: NamedPlace, hint = ''): ClientError {
  return new ClientError(
    'E_DATA_NUMBER',
    `${where}: expected a number; received ${quoteValue(text)}.${hint || declareHint({ name, number })}`,
  );
}

/** Begins with a blank. @param what is text then */
export function declareHint({ name, number }: NamedPlace, what = 'Numbers and text are one column of text'): string {
  // The content type has commas between columns, so a name with one cannot be there.
  const own = name === undefined || name.includes(',') ? String(number) : name;
  const text = /^[\w.-]+$/.test(own) ? own : JSON.stringify(own);
  return ` ${what} only where the content type says so (text_columns=${text}).`;
}
