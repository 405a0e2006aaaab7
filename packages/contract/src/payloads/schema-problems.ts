/**
 * What a zod schema finds wrong with a value, as sentences that name the field by its path, the rule and what was received:
 * `instances[3].size must be ≥ 1; received 0.` A message that the author wrote in the schema is kept.
 */
import { z } from 'zod';
import { quoted } from '../visible.js';

type Issue = z.core.$ZodIssue;

const SHOWN_PROBLEMS = 3;
const SHOWN_KEYS = 5;

/**
 * A sentence for each of the first problems, and how many more there are.
 * @param whole what the value itself is called, where the problem is with no field of it: `the body`
 */
export function listIssues(issues: readonly Issue[], whole: string): string {
  const shown = issues.slice(0, SHOWN_PROBLEMS).map((issue) => sentenceOf(issue, whole));
  const more = issues.length - shown.length;
  if (more > 0) shown.push(`There ${more === 1 ? 'is 1 more problem' : `are ${more} more problems`}.`);
  return shown.join(' ');
}

// --- internal ---

function sentenceOf(issue: Issue, whole: string): string {
  const { path, issue: inner } = innermost(issue);
  const place = placeOf(path, whole);
  const own = ownMessage(inner);
  if (own !== undefined) return `${place}: ${own}${/[.!?]$/.test(own) ? '' : '.'}`;
  if (inner.code === 'invalid_union' && inner.discriminator !== undefined) return choiceOf(inner, place);
  const isMissing = inner.input === undefined && inner.code !== 'unrecognized_keys';
  if (isMissing) return `${place} must be ${ruleOf(inner)}; it is missing.`;
  if (inner.code === 'unrecognized_keys') return `${place} must have known names only; received ${keysOf(inner.keys)}.`;
  return `${place} must ${verbOf(inner)}; received ${shownValue(inner.input)}.`;
}

/** Of a value whose form one of its members names: that member, which has none of the declared names. */
function choiceOf(issue: z.core.$ZodIssueInvalidUnion, place: string): string {
  const { discriminator = '', input } = issue;
  const options = ('options' in issue ? issue.options : undefined) ?? [];
  const received = typeof input === 'object' && input !== null ? Reflect.get(input, discriminator) : undefined;
  const rule = `${place} must be ${options.length === 1 ? '' : 'one of '}${options.map(shownValue).join(', ')}`;
  return received === undefined ? `${rule}; it is missing.` : `${rule}; received ${shownValue(received)}.`;
}

/** Of a value with several forms: the problem of the form that it comes closest to, if one is closer than the others. */
function innermost(issue: Issue, before: readonly PropertyKey[] = []): { path: readonly PropertyKey[]; issue: Issue } {
  const path = [...before, ...issue.path];
  if (issue.code === 'invalid_union' && ownMessage(issue) === undefined) {
    const closest = issue.errors
      .map((issues) => issues[0])
      .filter((first) => first !== undefined)
      .sort((a, b) => b.path.length - a.path.length)[0];
    if (closest && closest.path.length > 0) return innermost(closest, path);
  }
  return { path, issue };
}

function placeOf(path: readonly PropertyKey[], whole: string): string {
  if (path.length === 0) return whole;
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text === '' ? whole : text}[${key}]`;
    const name = String(key);
    if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(name)) return `${text === '' ? whole : text}[${quoted(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** What the author wrote in the schema; undefined for zod's own words. */
function ownMessage(issue: Issue): string | undefined {
  if (issue.code === 'custom') return issue.message === 'Invalid input' ? undefined : issue.message;
  const standard = english(issue as z.core.$ZodRawIssue);
  return issue.message === (typeof standard === 'string' ? standard : standard?.message) ? undefined : issue.message;
}

const english = z.locales.en().localeError;

function verbOf(issue: Issue): string {
  const isSize = issue.code === 'too_small' || issue.code === 'too_big';
  return isSize && UNITS[issue.origin] ? `have ${ruleOf(issue)}` : `be ${ruleOf(issue)}`;
}

/** The rule as the end of "must be …". */
function ruleOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? `of type ${issue.expected}`;
    case 'too_small':
      return limitOf(issue.origin, issue.minimum, issue.exact ? '' : issue.inclusive ? 'at least ' : 'more than ', '≥');
    case 'too_big':
      return limitOf(issue.origin, issue.maximum, issue.exact ? '' : issue.inclusive ? 'at most ' : 'less than ', '≤');
    case 'invalid_value':
      return issue.values.length === 1
        ? shownValue(issue.values[0])
        : `one of ${issue.values.map(shownValue).join(', ')}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return (
        FORMATS[issue.format] ??
        (issue.pattern ? `text that matches ${issue.pattern}` : `text in the form ${issue.format}`)
      );
    case 'invalid_union':
      return unionOf(issue.errors);
    default:
      return 'valid';
  }
}

function unionOf(branches: readonly (readonly Issue[])[]): string {
  const rules = branches.flatMap(([first]) => (first && first.path.length === 0 ? [ruleOf(first)] : []));
  return rules.length > 0 ? [...new Set(rules)].join(' or ') : 'of a declared form';
}

/** @param sign for numbers, which are compared; everything else is counted */
function limitOf(origin: string, limit: number | bigint, words: string, sign: '≥' | '≤'): string {
  const unit = UNITS[origin];
  if (!unit) return `${words.startsWith('more') ? '>' : words.startsWith('less') ? '<' : sign} ${limit}`;
  return `${words}${limit} ${Number(limit) === 1 ? unit.replace(/ies$/, 'y').replace(/s$/, '') : unit}`;
}

const UNITS: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'entries',
  set: 'entries',
  map: 'entries',
  object: 'members',
  record: 'members',
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an email address',
  url: 'a URL',
  uuid: 'a UUID',
  datetime: 'a date and time in the form of ISO 8601',
  date: 'a date in the form YYYY-MM-DD',
  time: 'a time in the form HH:MM:SS',
  base64: 'text in base64',
};

function keysOf(keys: readonly string[]): string {
  const shown = keys.slice(0, SHOWN_KEYS).map((key) => quoted(key));
  return keys.length > SHOWN_KEYS ? `${shown.join(', ')} and ${keys.length - SHOWN_KEYS} more` : shown.join(', ');
}

/** A value as messages show it: enough to recognise it. */
function shownValue(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
    return 'one beyond ±1.797e308, the range of a double'; // JSON has no infinity: a longer number was written
  }
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (ArrayBuffer.isView(value)) return 'an array of bytes or numbers';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
