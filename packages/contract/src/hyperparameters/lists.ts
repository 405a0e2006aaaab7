/**
 * Hyperparameters that are lists. SageMaker knows text only, so each is a text that becomes a typed value. All notations
 * of XGBoost's and scikit-learn's clients are read: `(1,0,-1)` of Python, `[[0,1],[2,3]]` of JSON, and bare `0,3,7`. The rule
 * of a list, with its limits, is what `describe` and the tables of hyperparameters say of it.
 */
import { z } from 'zod';
import { isNumberList, type NestedList, parseNestedList } from './nested-list.js';

export interface NumberListOptions<W extends string, V> {
  /** As "must be" ends, with the limits of an entry: `comma-separated widths of layers in [1, 65536], such as 128,64`. */
  readonly rule: string;
  holds(value: number): boolean;
  /** Texts that stand for a value of their own, such as `none` for an empty list. */
  readonly words?: Readonly<Record<W, V>>;
  /** Whether a list may be empty, such as `()`; default false. */
  readonly mayBeEmpty?: boolean;
}

/** A field of numbers in one list, each of which must hold. */
export function numberList<W extends string = never, const V = never>(options: NumberListOptions<W, V>) {
  const { rule, holds, words, mayBeEmpty = false } = options;
  return listField<readonly number[] | V>(rule, (text) => {
    if (words && Object.hasOwn(words, text)) return words[text as W];
    const list = parseNestedList(text);
    return list && (mayBeEmpty || list.length > 0) && isNumberList(list, holds) ? list : undefined;
  });
}

/** A field of lists of numbers, none of them empty, such as `[[0,1],[2,3]]`; the outer list may be. */
export function numberGroups({ rule, holds }: Pick<NumberListOptions<never, never>, 'rule' | 'holds'>) {
  const isGroup = (group: NestedList[number]): group is readonly number[] =>
    typeof group !== 'number' && group.length > 0 && isNumberList(group, holds);
  return listField(rule, (text) => {
    const list = parseNestedList(text);
    return list?.every(isGroup) ? list : undefined;
  });
}

/** A field of names between commas, or a JSON list of them, each once. @param rule as for numbers */
export function nameList(rule: string) {
  return listField(rule, (text) => {
    const inner = /^\[(.*)\]$/s.exec(text)?.[1] ?? text;
    const names = inner.split(',').map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'));
    // A quote that is left has a comma within it, or no partner: it is no part of a name.
    if (names.some((name) => name === '' || /^["']|["']$/.test(name))) return undefined;
    return [...new Set(names)] as readonly string[];
  });
}

/** A rule for entries: whole numbers in [low, high]. */
export function isWhole(low: number, high = Number.MAX_SAFE_INTEGER): (value: number) => boolean {
  return (value) => Number.isSafeInteger(value) && value >= low && value <= high;
}

// --- internal ---

function listField<T>(rule: string, read: (text: string) => T | undefined) {
  const field = z.string().transform((text, context): T => {
    const value = read(text.trim());
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `It must be ${rule}.` });
    return z.NEVER;
  });
  return field.meta({ list: rule });
}
