/**
 * The dictionaries of a channel, from what the survey of each host has found in its rows: the same as from a survey of all
 * rows together.
 */
import { ClientError } from '../../errors.js';
import { columnCount, columnsError } from '../column-plan.js';
import { quoteValue } from '../place.js';
import { type Categories, MAX_CATEGORIES, MAX_DICTIONARY_BYTES, sortNames } from './categories.js';
import { areOfOtherKinds, declareHint, type FirstCell, otherKind, textInNumbers } from './column-problems.js';
import type { ColumnPlace } from './text-columns.js';

/** What a survey has found in a column. */
export interface SurveyedColumn extends ColumnPlace {
  /** Whether numbers in it are numbers: it is not declared to be text. */
  readonly isOpen: boolean;
  /** Distinct texts. */
  readonly names: ReadonlySet<string>;
  /** Its first cell that is not missing, which all others are like. */
  readonly first: FirstCell | undefined;
}

/** A host's rows. */
export interface SurveyedRows {
  /** As messages name it; undefined for a job on one host. */
  readonly host?: string;
  /** Where they begin: `train/a.csv line 1`. */
  readonly from?: string | undefined;
  readonly columns: readonly SurveyedColumn[];
}

export interface SurveyRules {
  /** Columns that hold text: by name, or by number from 1. */
  readonly declared: readonly string[];
  /** As messages begin: `Channel "train"`. */
  readonly owner: string;
}

/**
 * @param parts of the hosts that have rows
 * @returns undefined where no column holds text
 * @throws ClientError E_CONTENT_TYPE for a declared column that the rows do not have; E_DATA_NUMBER for a column of nothing but
 *   numbers with commas or semicolons, as WRITTEN_NUMBERS says; E_DATA_COLUMNS, E_DATA_NUMBER or E_DATA_CATEGORY where hosts
 *   contradict each other, naming both, or have too many names together
 */
export function finishSurvey(parts: readonly SurveyedRows[], { declared, owner }: SurveyRules): Categories | undefined {
  const [first] = parts;
  requireDeclared(first?.columns ?? [], declared, owner);
  const namesOf = (role: ColumnPlace['role']) => {
    const count = requireSameCount(parts, role);
    return Array.from({ length: count }, (_, index) => finishColumn(parts.map((part) => columnOf(part, role, index))));
  };
  const found = { labels: namesOf('label'), features: namesOf('feature') };
  const texts = [...found.labels, ...found.features].filter((names) => names !== undefined);
  if (parts.length > 1) requireSize(texts, owner);
  return texts.length > 0 ? found : undefined;
}

// --- internal ---

/** Texts that hardly are categories where a column has no others. */
const WRITTEN_NUMBERS = [
  {
    // As some countries write them: 2,5 and 1.234,5 and 1,234.
    text: /^[+-]?(?:\d+,\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?)$/,
    hint: ' A number must have a decimal point, not a comma.',
  },
  {
    // What is between two commas of `1;2,5;3,5`.
    text: /^[+-]?[\d.]+(?:;[+-]?[\d.]+)+$/,
    hint: ' A cell must have one number: use one delimiter, and a decimal point in numbers.',
  },
];

/** A column as a host has it, whose first cell messages name with the host. */
function columnOf({ columns, host }: SurveyedRows, role: ColumnPlace['role'], index: number): SurveyedColumn {
  const column = columns.find((own) => own.role === role && own.index === index)!;
  const { first } = column;
  if (host === undefined || !first) return column;
  return { ...column, first: { ...first, where: `${first.where} of host ${host}` } };
}

/** @param parts of a column. @returns undefined for one that is not text */
function finishColumn(parts: readonly SurveyedColumn[]): readonly string[] | undefined {
  const [part, ...others] = parts.filter(({ first }) => first !== undefined);
  const first = part?.first;
  const other = first && others.find((own) => areOfOtherKinds(own.first!, first));
  if (other) throw otherKind(other.first!, first, other);
  const isDeclared = parts.some(({ isOpen }) => !isOpen);
  const text = first?.kind === 'text' ? part : undefined;
  if (!text && !isDeclared) return undefined;
  const names = new Set(parts.flatMap((part) => [...part.names]));
  const notation =
    text && !isDeclared && WRITTEN_NUMBERS.find((kind) => [...names].every((name) => kind.text.test(name)));
  if (!notation) return sortNames(names);
  const [shown = ''] = text.names;
  throw textInNumbers(first!.where, shown, text, `${notation.hint}${declareHint(text, 'These are text')}`);
}

function requireDeclared(columns: readonly ColumnPlace[], declared: readonly string[], owner: string): void {
  const places = columns.filter(({ role }) => role !== 'weight');
  const unknown = declared.find((text) => !places.some(({ name, number }) => name === text || String(number) === text));
  if (unknown === undefined) return;
  const names = places.flatMap(({ name }) => (name === undefined ? [] : [quoteValue(name)]));
  const has = names.length > 0 ? names.join(', ') : `columns 1 to ${places.length}, without names`;
  throw new ClientError(
    'E_CONTENT_TYPE',
    `${owner}: text_columns of the content type must name columns of the rows; received ${quoteValue(unknown)}; the rows have ${has}.`,
  );
}

/** @returns how many columns of the role the rows have */
function requireSameCount(parts: readonly SurveyedRows[], role: ColumnPlace['role']): number {
  const counts = parts.map(({ columns }) => columns.filter((column) => column.role === role).length);
  const other = counts.findIndex((count) => count !== counts[0]);
  if (other < 0) return counts[0] ?? 0;
  const [at, from] = [other, 0].map((part) => `${parts[part]!.from} of host ${parts[part]!.host}`);
  const [wanted, received] = [counts[0]!, counts[other]!].map((count) => columnCount(count, role));
  throw columnsError(at!, `rows must have ${wanted} as in ${from}; received ${received}`);
}

function requireSize(texts: readonly (readonly string[])[], owner: string): void {
  const most = texts.find((names) => names.length > MAX_CATEGORIES);
  const bytes = texts.flat().reduce((sum, name) => sum + Buffer.byteLength(name), 0);
  if (!most && bytes <= MAX_DICTIONARY_BYTES) return;
  const rule = most
    ? `a text column must have at most ${MAX_CATEGORIES} distinct values; received ${most.length}`
    : `the names of all categories must have at most ${MAX_DICTIONARY_BYTES} bytes together; received ${bytes}`;
  throw new ClientError(
    'E_DATA_CATEGORY',
    `${owner}: ${rule} on all hosts. Drop the column, or join rare values into one.`,
  );
}
