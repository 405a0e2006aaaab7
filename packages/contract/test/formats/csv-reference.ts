/**
 * CSV of SageMaker read the slow, obvious way: a line at a time, a regular expression a field, Number for the value.
 * What the reader must agree with, in values and in the place of the first error.
 */
import type { ValuePolicy } from '../../src/formats/block.js';

export interface ReferenceOptions {
  readonly labelCount: number;
  readonly hasWeights: boolean;
  readonly policy: ValuePolicy;
}

export type ReferenceResult =
  | { readonly rows: readonly (readonly number[])[] }
  | { readonly error: { readonly code: string; readonly line: number; readonly column?: number } };

const FIELD = /[ \t]*(?:"(?<quoted>(?:[^"]|"")*)"(?<tail>[^,]*)|(?<open>"(?:[^"]|"")*$)|(?<plain>[^,]*))(?<comma>,|$)/y;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WORD = /^(?<sign>[+-]?)(?:(?<nan>nan)|inf|infinity)$/i;
const BLANK = /^[ \t]*$/;

export function readReference(text: string, options: ReferenceOptions): ReferenceResult {
  const lines = withCommas(text.replace(/^\uFEFF/, '')).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const contents = lines.map((line) => line.replace(/\r$/, ''));
  while (contents.length > 0 && BLANK.test(contents.at(-1)!)) contents.pop();

  const rows: number[][] = [];
  const leadCount = options.labelCount + Number(options.hasWeights);
  const columns = contents.length > 0 ? fieldsOf(contents[0]!).length : 0;
  for (const [index, content] of contents.entries()) {
    const line = index + 1;
    if (BLANK.test(content)) return { error: { code: 'E_DATA_BLANK_LINE', line } };
    const fields = fieldsOf(content);
    const row: number[] = [];
    for (const [at, field] of fields.slice(0, Math.max(columns, leadCount + 1)).entries()) {
      const value = field.problem ?? readValue(field.text, at + 1, options);
      if (typeof value === 'string') return { error: { code: value, line, column: at + 1 } };
      row.push(value);
    }
    if (fields.length !== columns || columns <= leadCount) return { error: { code: 'E_DATA_COLUMNS', line } };
    rows.push(row);
  }
  return { rows };
}

/** Commas in place of another delimiter, which the first line decides; an original comma is not part of a number. */
function withCommas(text: string): string {
  const first = text
    .split('\n')[0]!
    .replace(/\r$/, '')
    .replace(/"[^"]*("|$)/g, 'q');
  const found = [';', '|'].filter((char) => first.includes(char));
  if (/[^\t ] *\t[\t ]*[^\t ]/.test(first)) found.push('\t');
  if (first.includes(',') || found.length !== 1) return text;
  return text.replace(/[,;|\t]/g, (char) => (char === found[0] ? ',' : char === ',' ? '?' : char));
}

interface Field {
  readonly text: string;
  readonly problem?: string;
}

function fieldsOf(line: string): Field[] {
  const fields: Field[] = [];
  FIELD.lastIndex = 0;
  for (;;) {
    const { quoted, tail, open, plain, comma } = FIELD.exec(line)!.groups!;
    if (open !== undefined || !BLANK.test(tail ?? '')) fields.push({ text: '', problem: 'E_DATA_QUOTE' });
    else fields.push({ text: quoted ?? plain! });
    if (comma !== ',') return fields;
  }
}

function readValue(
  field: string,
  column: number,
  { labelCount, hasWeights, policy }: ReferenceOptions,
): number | string {
  const text = field.replace(/^[ \t]+|[ \t]+$/g, '');
  const value = numberOf(text);
  if (value === undefined) return 'E_DATA_NUMBER';
  if (hasWeights && column === labelCount + 1) return value >= 0 && value < Infinity ? value : 'E_DATA_WEIGHT';
  const isLabel = column <= labelCount;
  if (Number.isNaN(value) && (isLabel || policy.missingValues === 'refuse')) return 'E_DATA_MISSING';
  if (Math.abs(value) === Infinity && (isLabel || policy.infiniteValues === 'refuse')) return 'E_DATA_INFINITE';
  return value;
}

function numberOf(text: string): number | undefined {
  if (text === '') return Number.NaN;
  if (DECIMAL.test(text)) return Number(text);
  const word = WORD.exec(text)?.groups;
  if (!word) return undefined;
  if (word.nan) return Number.NaN;
  return word.sign === '-' ? -Infinity : Infinity;
}
