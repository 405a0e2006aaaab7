/**
 * libsvm read the slow, obvious way: a line at a time, split at blanks, Number for the value. What the reader must agree
 * with, in rows and in the line and code of the first error.
 */
import type { ValuePolicy } from '../../src/formats/block.js';

export interface ReferenceOptions {
  readonly indexBase: 0 | 1;
  readonly featureCount?: number;
  readonly policy: ValuePolicy;
}

export interface Row {
  readonly line: number;
  readonly label: number;
  readonly weight?: number;
  readonly queryId?: number;
  /** Column from 0 and value, ascending. */
  readonly entries: readonly (readonly [number, number])[];
}

export type ReferenceResult =
  | { readonly rows: readonly Row[] }
  | { readonly error: { readonly code: string; readonly line: number } };

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WORD = /^(?<sign>[+-]?)(?:(?<nan>nan)|inf|infinity)$/i;

export function readReference(text: string, options: ReferenceOptions): ReferenceResult {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const contents = lines.map((line) => line.replace(/\r$/, ''));
  while (contents.length > 0 && /^[ \t]*$/.test(contents.at(-1)!)) contents.pop();
  const rows: Row[] = [];
  for (const [index, content] of contents.entries()) {
    const line = index + 1;
    if (/^[ \t]*$/.test(content)) return { error: { code: 'E_DATA_BLANK_LINE', line } };
    const tokens = content
      .replace(/#.*$/s, '')
      .split(/[ \t]/)
      .filter((token) => token !== '');
    if (tokens.length === 0) continue;
    const row = readRow(tokens, line, rows[0], options);
    if (typeof row === 'string') return { error: { code: row, line } };
    rows.push(row);
  }
  return { rows };
}

function readRow(tokens: readonly string[], line: number, first: Row | undefined, options: ReferenceOptions) {
  const [labelText = '', ...weightTexts] = tokens[0]!.split(':');
  const label = numberOf(labelText);
  if (label === undefined || !Number.isFinite(label)) return 'E_DATA_NUMBER';
  const weight = weightTexts.length === 0 ? undefined : numberOf(weightTexts.join(':'));
  if (weightTexts.length > 0 && !(weight !== undefined && weight >= 0 && weight < Infinity)) return 'E_DATA_WEIGHT';
  if (first && (first.weight === undefined) !== (weight === undefined)) return 'E_DATA_WEIGHT';
  const hasQuery = tokens[1]?.startsWith('qid:') ?? false;
  if (first && (first.queryId === undefined) === hasQuery) return 'E_DATA_QUERY';
  if (hasQuery && !/^qid:\d{1,16}$/.test(tokens[1]!)) return 'E_DATA_QUERY';
  const entries: (readonly [number, number])[] = [];
  for (const token of tokens.slice(hasQuery ? 2 : 1)) {
    const match = /^(\d+):(.*)$/s.exec(token);
    if (!match) return 'E_DATA_NUMBER';
    const column = Number(match[1]) - options.indexBase;
    if (match[1]!.length > 10 || column < 0 || column >= (options.featureCount ?? 2 ** 31 - 1)) return 'E_DATA_INDEX';
    const value = numberOf(match[2]!);
    if (value === undefined) return 'E_DATA_NUMBER';
    if (Number.isNaN(value) && options.policy.missingValues === 'refuse') return 'E_DATA_MISSING';
    if (Math.abs(value) === Infinity && options.policy.infiniteValues === 'refuse') return 'E_DATA_INFINITE';
    entries.push([column, value]);
  }
  if (new Set(entries.map(([column]) => column)).size < entries.length) return 'E_DATA_INDEX';
  return {
    line,
    label,
    ...(weight !== undefined && { weight }),
    ...(hasQuery && { queryId: Number(tokens[1]!.slice(4)) }),
    entries: entries.sort(([a], [b]) => a - b),
  };
}

function numberOf(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text);
  const word = WORD.exec(text)?.groups;
  if (!word) return undefined;
  if (word.nan) return Number.NaN;
  return word.sign === '-' ? -Infinity : Infinity;
}
