/**
 * A survey of a channel: which columns hold text, and the names in them. Its memory is bounded, whatever the rows: a
 * column of too many names is refused.
 */
import { ClientError } from '../../errors.js';
import { quoteValue } from '../place.js';
import { type Categories, MAX_CATEGORIES, MAX_DICTIONARY_BYTES, MAX_NAME_BYTES } from './categories.js';
import { areOfOtherKinds, type FirstCell, otherKind } from './column-problems.js';
import { finishSurvey, type SurveyedColumn } from './finish-survey.js';
import { isMissingText } from './missing.js';
import {
  type ColumnPlace,
  type KindHint,
  type TextColumn,
  type TextColumns,
  textOfBoolean,
  textOfNumber,
} from './text-columns.js';

export interface Survey extends TextColumns {
  /** Whether a text was met that does not stand for a missing value. */
  readonly hasText: boolean;
  /** What it has found, to be finished with what other hosts have found. */
  columns(): readonly SurveyedColumn[];
  /** The dictionaries, as `finishSurvey` has them. */
  finish(): Categories | undefined;
}

/**
 * @param declared columns that hold text even where it looks like numbers: by name, or by number from 1 unless a column has it for a name
 * @param owner as messages begin: `Channel "train"`
 */
export function createSurvey(declared: readonly string[] = [], owner = ''): Survey {
  const columns = new Map<string, Column>();
  const budget = { bytes: 0 };
  const names = new Set<string>();
  const isDeclared = ({ name, number }: ColumnPlace) => {
    if (name !== undefined && declared.includes(name)) return true;
    return declared.includes(String(number)) && !names.has(String(number));
  };
  const found = () => [...columns.values()].map((column) => column.found());
  return {
    isSurvey: true,
    get hasText() {
      return [...columns.values()].some(({ isText }) => isText);
    },
    of(place) {
      if (place.role === 'weight') return undefined;
      const key = `${place.role} ${place.index}`;
      const column = columns.get(key) ?? new Column(place, () => isDeclared(place), budget);
      if (place.name !== undefined) names.add(place.name);
      columns.set(key, column);
      return column;
    },
    columns: found,
    finish: () => finishSurvey([{ columns: found() }], { declared, owner }),
  };
}

/**
 * Whether one of `sources` has text, each looked at by itself.
 * @param read gives the rows of one that are looked at; what is wrong with them is for whoever reads them all
 */
export async function anyHasText<S>(
  sources: Iterable<S> | AsyncIterable<S>,
  read: (source: S, texts: TextColumns) => AsyncIterable<unknown>,
): Promise<boolean> {
  for await (const source of sources) {
    const texts = createSurvey();
    try {
      for await (const _ of read(source, texts)) if (texts.hasText) break;
    } catch (error) {
      if (isAboutText(error)) return true;
    }
    if (texts.hasText) return true;
  }
  return false;
}

// --- internal ---

/** Whether `error` says that data has text, if only of a wrong kind. */
function isAboutText(error: unknown): boolean {
  return error instanceof ClientError && error.code === 'E_DATA_CATEGORY';
}

class Column implements TextColumn {
  readonly place: ColumnPlace;
  readonly #isDeclared: () => boolean;
  readonly #budget: { bytes: number };
  readonly #names = new Set<string>();
  #isOpen: boolean | undefined;
  #first: FirstCell | undefined;

  /** @param isDeclared asked when all columns of a row are known */
  constructor(place: ColumnPlace, isDeclared: () => boolean, budget: { bytes: number }) {
    this.place = place;
    this.#isDeclared = isDeclared;
    this.#budget = budget;
  }

  get isOpen(): boolean {
    this.#isOpen ??= !this.#isDeclared();
    return this.#isOpen;
  }

  get isText(): boolean {
    return !this.isOpen || this.#names.size > 0;
  }

  code(text: string, where: () => string, hint?: KindHint): number {
    if (this.#names.has(text)) return 0;
    if (isMissingText(text)) return Number.NaN;
    this.#note('text', () => quoteValue(text), where, hint);
    this.#add(text, where);
    return 0;
  }

  number(value: number, where: () => string, written?: () => string, hint?: KindHint): number {
    if (Number.isNaN(value)) return value;
    if (!this.isOpen) return this.code(textOfNumber(value, written), where);
    this.#note('number', written ?? (() => String(value)), where, hint);
    return value;
  }

  boolean(value: number, where: () => string): number {
    if (Number.isNaN(value)) return value;
    if (!this.isOpen) return this.code(textOfBoolean(value), where);
    this.#note('boolean', () => String(value === 1), where);
    return value;
  }

  found(): SurveyedColumn {
    return { ...this.place, isOpen: this.isOpen, names: this.#names, first: this.#first };
  }

  /** @throws ClientError for a cell of another kind than the first one */
  #note(kind: FirstCell['kind'], shown: () => string, where: () => string, hint: KindHint = () => ''): void {
    const first = this.#first;
    const isRefused = first !== undefined && areOfOtherKinds({ kind }, first);
    if (first && !isRefused) return;
    const cell = { kind, where: where(), shown: shown(), hint: hint(isRefused) };
    if (first) throw otherKind(cell, first, this.place);
    this.#first = cell;
  }

  #add(text: string, where: () => string): void {
    const bytes = Buffer.byteLength(text);
    const refuse = (rule: string, received: string, advice: string) =>
      new ClientError('E_DATA_CATEGORY', `${where()}: ${rule}; received ${received}. ${advice}`);
    if (bytes > MAX_NAME_BYTES) {
      const rule = `a text must have at most ${MAX_NAME_BYTES} bytes to be the name of a category`;
      throw refuse(rule, `${bytes} bytes: ${quoteValue(text)}`, 'Drop the column.');
    }
    if (this.#names.size === MAX_CATEGORIES) {
      const rule = `a text column must have at most ${MAX_CATEGORIES} distinct values`;
      const advice = 'Is it the name of each row? Drop the column, or join rare values into one.';
      throw refuse(rule, `${MAX_CATEGORIES + 1}: ${quoteValue(text)} is the next`, advice);
    }
    this.#budget.bytes += bytes;
    if (this.#budget.bytes > MAX_DICTIONARY_BYTES) {
      const rule = `the names of all categories must have at most ${MAX_DICTIONARY_BYTES} bytes together`;
      throw refuse(rule, `more with the ${this.#names.size + 1} values of this column`, 'Drop a column of long texts.');
    }
    this.#names.add(text);
  }
}
