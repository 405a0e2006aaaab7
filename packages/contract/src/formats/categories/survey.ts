/**
 * A survey of a channel: which columns hold text, and the names in them. Its memory is bounded, whatever the rows: a
 * column of too many names is refused.
 */
import { ClientError } from '../../errors.js';
import { quoteValue } from '../place.js';
import { type Categories, MAX_CATEGORIES, MAX_DICTIONARY_BYTES, MAX_NAME_BYTES, sortNames } from './categories.js';
import { isMissingText } from './missing.js';
import { type ColumnPlace, type TextColumn, type TextColumns, textOfBoolean, textOfNumber } from './text-columns.js';

export interface Survey extends TextColumns {
  /** Whether a text was met that does not stand for a missing value. */
  readonly hasText: boolean;
  /**
   * The dictionaries; undefined where no column holds text.
   * @throws ClientError E_CONTENT_TYPE for a declared column that the rows do not have
   */
  finish(): Categories | undefined;
}

/**
 * @param declared columns that hold text even where it looks like numbers: by name, or by number from 1 unless a column has it for a name
 * @param owner as messages begin: `Channel "train"`
 */
export function createSurvey(declared: readonly string[] = [], owner = ''): Survey {
  const columns = new Map<string, SurveyedColumn>();
  const budget = { bytes: 0 };
  const names = new Set<string>();
  const isDeclared = ({ name, number }: ColumnPlace) => {
    if (name !== undefined && declared.includes(name)) return true;
    return declared.includes(String(number)) && !names.has(String(number));
  };
  const namesOf = (role: ColumnPlace['role']) => {
    const own = [...columns.values()].filter(({ place }) => place.role === role);
    const names: (readonly string[] | undefined)[] = new Array(own.length).fill(undefined);
    for (const column of own) names[column.place.index] = column.finish();
    return names;
  };
  return {
    isSurvey: true,
    get hasText() {
      return [...columns.values()].some(({ isText }) => isText);
    },
    of(place) {
      if (place.role === 'weight') return undefined;
      const key = `${place.role} ${place.index}`;
      const column = columns.get(key) ?? new SurveyedColumn(place, () => isDeclared(place), budget);
      if (place.name !== undefined) names.add(place.name);
      columns.set(key, column);
      return column;
    },
    finish() {
      const places = [...columns.values()].map(({ place }) => place);
      const unknown = declared.find(
        (text) => !places.some((place) => place.name === text || String(place.number) === text),
      );
      if (unknown !== undefined) throw noSuchColumn(unknown, places, owner);
      const found = { labels: namesOf('label'), features: namesOf('feature') };
      return [...found.labels, ...found.features].some((names) => names !== undefined) ? found : undefined;
    },
  };
}

/** The error for a cell of text in a column of numbers. @param hint ends the sentence, beginning with a blank */
export function textInNumbers(where: string, text: string, { name, number }: NamedPlace, hint = ''): ClientError {
  return new ClientError(
    'E_DATA_NUMBER',
    `${where}: expected a number; received ${quoteValue(text)}.${hint || declareHint({ name, number })}`,
  );
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

// --- internal ---

/** Whether `error` says that data has text, if only of a wrong kind. */
function isAboutText(error: unknown): boolean {
  return error instanceof ClientError && error.code === 'E_DATA_CATEGORY';
}

type NamedPlace = Pick<ColumnPlace, 'name' | 'number'>;

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

function declareHint({ name, number }: NamedPlace, what = 'Numbers and text are one column of text'): string {
  // The content type has commas between columns, so a name with one cannot be there.
  const own = name === undefined || name.includes(',') ? String(number) : name;
  const text = /^[\w.-]+$/.test(own) ? own : JSON.stringify(own);
  return ` ${what} only where the content type says so (text_columns=${text}).`;
}

function noSuchColumn(text: string, places: readonly ColumnPlace[], owner: string): ClientError {
  const names = places.flatMap(({ name }) => (name === undefined ? [] : [quoteValue(name)]));
  const has = names.length > 0 ? names.join(', ') : `columns 1 to ${places.length}, without names`;
  return new ClientError(
    'E_CONTENT_TYPE',
    `${owner}: text_columns of the content type must name columns of the rows; received ${quoteValue(text)}; the rows have ${has}.`,
  );
}

class SurveyedColumn implements TextColumn {
  readonly place: ColumnPlace;
  readonly #isDeclared: () => boolean;
  readonly #budget: { bytes: number };
  readonly #names = new Set<string>();
  #isOpen: boolean | undefined;
  #hasNumbers = false;
  #firstText: string | undefined;

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

  get firstText(): string | undefined {
    return this.#firstText;
  }

  code(text: string, where: () => string): number {
    if (this.#names.has(text)) return 0;
    if (isMissingText(text)) return Number.NaN;
    if (this.#hasNumbers) throw textInNumbers(where(), text, this.place);
    this.#firstText ??= where();
    this.#add(text, where);
    return 0;
  }

  number(value: number, where: () => string, written?: () => string): number {
    if (Number.isNaN(value)) return value;
    if (!this.isOpen) return this.code(textOfNumber(value, written), where);
    if (this.#firstText !== undefined) throw numberInText(where(), `the number ${value}`, this.#firstText, this.place);
    this.#hasNumbers = true;
    return value;
  }

  boolean(value: number, where: () => string): number {
    if (!Number.isNaN(value) && !this.isOpen) return this.code(textOfBoolean(value), where);
    if (this.#firstText === undefined || Number.isNaN(value)) return this.number(value, where);
    throw numberInText(where(), `the boolean ${value === 1}`, this.#firstText, this.place);
  }

  /**
   * Undefined for a column that is not text.
   * @throws ClientError E_DATA_NUMBER for one of nothing but numbers with commas or semicolons, as WRITTEN_NUMBERS says
   */
  finish(): readonly string[] | undefined {
    const numbers =
      this.isOpen && this.#firstText !== undefined && WRITTEN_NUMBERS.find((kind) => this.#areAll(kind.text));
    if (numbers) {
      const [text = ''] = this.#names;
      const hint = `${numbers.hint}${declareHint(this.place, 'These are text')}`;
      throw textInNumbers(this.#firstText!, text, this.place, hint);
    }
    return this.isText ? sortNames(this.#names) : undefined;
  }

  #areAll(pattern: RegExp): boolean {
    for (const name of this.#names) if (!pattern.test(name)) return false;
    return true;
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
