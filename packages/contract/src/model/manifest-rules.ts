/**
 * What a manifest must be, written out: every container waits for these rules, and to load a library of schemas and to make
 * them with it took as long as reading a small model. All problems are found, each with its place.
 */
import { isStackOverflow } from '../out-of-memory.js';
import { quoted, shortened } from '../visible.js';
import { isModelFileName } from './file-name.js';
import type { SavedCategories } from './saved-categories.js';
import type { WrittenFile } from './write-content.js';

export interface Manifest {
  readonly formatVersion: number;
  readonly algorithm: { readonly name: string; readonly version: string };
  readonly libraries: Readonly<Record<string, string>>;
  readonly input: ManifestInput;
  readonly files: Readonly<Record<string, WrittenFile>>;
}

/** What it says of the rows. */
export interface ManifestInput {
  /** 0: the model is asked no rows. */
  readonly featureCount: number;
  readonly featureNames?: readonly string[] | undefined;
  readonly exampleRow?: readonly number[] | undefined;
  readonly libsvmIndexBase?: 0 | 1 | undefined;
  readonly categories?: SavedCategories | undefined;
}

/** One sentence for each place that is wrong; empty for a value that is a manifest. */
export function manifestProblems(value: unknown): readonly string[] {
  const problems: string[] = [];
  manifest(value, '', problems);
  return problems;
}

// --- internal ---

/** Adds what is wrong with a value at a place, whose path is empty at the top. */
type Rule = (value: unknown, path: string, problems: string[]) => void;

function mustBe(what: string, isRight: (value: unknown) => boolean): Rule {
  return (value, path, problems) => {
    if (!isRight(value)) problems.push(`${path || 'the manifest'} must be ${what}; received ${shown(value)}`);
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const anObject = mustBe('an object', isObject);
const aList = mustBe('a list', Array.isArray);
const text = mustBe('a string', (value) => typeof value === 'string');
const finite = mustBe('a number', Number.isFinite);
const integerFrom = (least: number) =>
  mustBe(`an integer of at least ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);
const oneOf = (...known: readonly (string | number)[]) =>
  mustBe(known.map((one) => JSON.stringify(one)).join(' or '), (value) => known.some((one) => one === value));

function optional(rule: Rule): Rule {
  return (value, path, problems) => value === undefined || rule(value, path, problems);
}

function nullable(rule: Rule): Rule {
  return (value, path, problems) => value === null || rule(value, path, problems);
}

function listOf(rule: Rule): Rule {
  return (value, path, problems) => {
    if (!Array.isArray(value)) aList(value, path, problems);
    else for (const [index, entry] of value.entries()) rule(entry, `${path}[${index}]`, problems);
  };
}

/** An object that may have more than these keys. */
function objectOf(rules: Readonly<Record<string, Rule>>): Rule {
  return (value, path, problems) => {
    if (!isObject(value)) return anObject(value, path, problems);
    for (const [key, rule] of Object.entries(rules)) {
      rule(Object.hasOwn(value, key) ? value[key] : undefined, path === '' ? key : `${path}.${key}`, problems);
    }
  };
}

/** An object with any keys, or with those that its second rule allows. */
function recordOf(rule: Rule, keyRule: Rule = () => undefined): Rule {
  return (value, path, problems) => {
    if (!isObject(value)) return anObject(value, path, problems);
    for (const [key, entry] of Object.entries(value)) {
      keyRule(key, `each name in ${path}`, problems);
      rule(entry, `${path}[${quoted(key)}]`, problems);
    }
  };
}

const fileName = mustBe(
  'a path below the folder of the model without hidden parts',
  (value) => typeof value === 'string' && isModelFileName(value),
);
const names = listOf(nullable(listOf(text)));

const manifest = objectOf({
  formatVersion: integerFrom(1),
  algorithm: objectOf({ name: text, version: text }),
  libraries: recordOf(text),
  input: objectOf({
    featureCount: integerFrom(0),
    featureNames: optional(listOf(text)),
    exampleRow: optional(listOf(finite)),
    libsvmIndexBase: optional(oneOf(0, 1)),
    categories: optional(
      objectOf({ unseen: oneOf('error', 'missing', 'other'), labels: names, features: names, sha256: text }),
    ),
  }),
  files: recordOf(objectOf({ bytes: integerFrom(0), sha256: text }), fileName),
});

/** Enough of a value to recognise it. */
const SHOWN_CHARS = 60;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  try {
    return shortened(JSON.stringify(value), SHOWN_CHARS);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    return `${Array.isArray(value) ? 'a list' : 'an object'} nested too deep to show`;
  }
}
