/**
 * Texts that stand for a missing value, in every format alike: those that `pandas.read_csv` reads as missing, and NaN in any case. So `NA` is
 * never the name of a category; a table that needs such a name spells it otherwise.
 */

const MISSING_TEXTS: ReadonlySet<string> = new Set([
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'None',
  'n/a',
  'null',
]);

/** NaN in any case, as in a column of numbers. */
const NAN = /^[+-]?nan$/i;

export function isMissingText(text: string): boolean {
  return MISSING_TEXTS.has(text) || (text.length <= 4 && NAN.test(text));
}
