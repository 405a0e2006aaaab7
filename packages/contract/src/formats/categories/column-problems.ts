/** What is wrong with columns of numbers and of text, and how a content type can put it right. */
import { ClientError } from '../../errors.js';
import { quoteValue } from '../place.js';
import type { ColumnPlace } from './text-columns.js';

type NamedPlace = Pick<ColumnPlace, 'name' | 'number'>;

/** The error for a cell of text in a column of numbers. @param hint ends the sentence, beginning with a blank */
export function textInNumbers(where: string, text: string, { name, number }: NamedPlace, hint = ''): ClientError {
  return new ClientError(
    'E_DATA_NUMBER',
    `${where}: expected a number; received ${quoteValue(text)}.${hint || declareHint({ name, number })}`,
  );
}

/** The error for a number or boolean in a column whose first cells were text. @param received such as `the number 1` */
export function numberInText(
  where: string,
  received: string,
  first: string,
  place: NamedPlace,
  hint = '',
): ClientError {
  return new ClientError(
    'E_DATA_CATEGORY',
    `${where}: expected text, as in ${first}; received ${received}.${hint || declareHint(place)}`,
  );
}

/** Begins with a blank. @param what is text then */
export function declareHint({ name, number }: NamedPlace, what = 'Numbers and text are one column of text'): string {
  // The content type has commas between columns, so a name with one cannot be there.
  const own = name === undefined || name.includes(',') ? String(number) : name;
  const text = /^[\w.-]+$/.test(own) ? own : JSON.stringify(own);
  return ` ${what} only where the content type says so (text_columns=${text}).`;
}
