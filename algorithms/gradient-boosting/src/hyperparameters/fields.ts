/**
 * Field types that zod does not have: lists in the notations that XGBoost's clients use. Each is text to SageMaker
 * and a typed value to the algorithm; invalid text gets a one-sentence error.
 */
import { z } from 'zod';
import { isNumberList, type Nested, parseNestedList } from './nested-list.js';

/** A field of numbers in one list, each within the rule. */
export function numberList(rule: string, holds: (value: number) => boolean) {
  return listOf(`a list of ${rule}`, (list) => (list.length > 0 && isNumberList(list, holds) ? list : undefined));
}

/** The same, but an empty list, such as `()`, means the same as leaving the field out. */
export function optionalNumberList(rule: string, holds: (value: number) => boolean) {
  return listOf(`a list of ${rule}`, (list) => (isNumberList(list, holds) ? list : undefined));
}

/** A field of lists of column numbers, such as `[[0,1],[2,3]]`; an empty one for none. */
export function columnGroups() {
  return listOf('a list of lists of column numbers from 0, such as [[0,1],[2,3]]', (list) => {
    const groups = list.filter((group): group is readonly number[] => isGroup(group));
    return groups.length === list.length ? groups : undefined;
  });
}

/** A field of comma-separated names, or a JSON list of them, without duplicates. */
export function nameList() {
  return z.string().transform((text, context) => {
    const names = splitNames(text);
    if (names) return [...new Set(names)];
    context.addIssue({ code: 'custom', message: 'It must be comma-separated names, such as logloss,auc.' });
    return z.NEVER;
  });
}

/** Whether `value` is a column number. */
export function isColumn(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

// --- internal ---

function listOf<T>(rule: string, read: (list: readonly Nested[]) => T | undefined) {
  return z.string().transform((text, context) => {
    const list = parseNestedList(text);
    const value = list && read(list);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `It must be ${rule}.` });
    return z.NEVER;
  });
}

function isGroup(group: Nested): boolean {
  return typeof group !== 'number' && group.length > 0 && isNumberList(group, isColumn);
}

function splitNames(text: string): readonly string[] | undefined {
  const inner = /^\[(.*)\]$/s.exec(text.trim())?.[1] ?? text;
  const names = inner.split(',').map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'));
  return names.some((name) => name === '') ? undefined : names;
}
