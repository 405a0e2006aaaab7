/**
 * The part of JSONPath that DataProcessing has: `$`, `.name`, `*`, `['name','other']`, `[0,-1]`, `[1:3]`. A path of single
 * names and indexes gives the value itself; one with a wildcard, a slice or several indexes gives a list; several names at
 * the end give an object. Sources: AWS guide "Associate Prediction Results with Input Records"; json-path/JsonPath.
 */
import { ArgumentError } from '../errors.js';
import { isObject, type JsonObject } from './json-values.js';

export interface JsonPath {
  readonly text: string;
  /** Empty: everything. */
  readonly steps: readonly PathStep[];
}

export type PathStep =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'places'; readonly places: readonly (number | Slice)[] }
  | { readonly kind: 'all' };

/** As Array.prototype.slice takes them: the end is not included, negative ones count from the end. */
export interface Slice {
  readonly start: number;
  readonly end: number | undefined;
}

const MAX_CHARS = 63;

/**
 * @param what names the filter in errors, e.g. `InputFilter`
 * @throws ArgumentError for anything but the operators above, and over 63 characters
 */
export function parseJsonPath(text: string, what: string): JsonPath {
  if (text.length > MAX_CHARS) {
    throw new ArgumentError(`${what} must have at most ${MAX_CHARS} characters; received ${text.length}.`);
  }
  if (text === '') return { text: '$', steps: [] };
  const steps: PathStep[] = [];
  if (!text.startsWith('$')) throw refused(text, 0, what);
  for (let at = 1; at < text.length; ) {
    const found = STEP.exec(text.slice(at));
    const step = found && stepOf(found[1], found[2]);
    if (!found || !step) throw refused(text, at, what);
    steps.push(step);
    at += found[0].length;
  }
  return { text, steps };
}

/**
 * What the path selects. Slices end where the list ends; behind a wildcard or slice, what is not there is left out.
 * @throws ArgumentError for a name or index that is not there
 */
export function select(path: JsonPath, root: unknown): unknown {
  let nodes: readonly unknown[] = [root];
  let isList = false;
  for (const [i, step] of path.steps.entries()) {
    const isObjectOfNames = step.kind === 'names' && step.names.length > 1 && i === path.steps.length - 1;
    const next = (node: unknown) =>
      isObjectOfNames ? membersOf(node, step.names, path, isList) : childrenOf(node, step, path, isList);
    nodes = nodes.length === 1 ? next(nodes[0]) : nodes.flatMap(next);
    isList ||= !isSingle(step) && !isObjectOfNames;
  }
  return isList ? nodes : nodes[0];
}

// --- internal ---

/** `.name`, `.*` or `[…]`, which may have a dot before it. */
const STEP = /^(?:\.([^.[\]*'",\s()?@]+|\*)|\.?\[((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^[\]'"])*)\])/;
const NAME = /^\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?:,|$)/;
const INDEX = /^\s*-?\d{1,15}\s*$/;
const SLICE = /^\s*(-?\d{1,15})?\s*:\s*(-?\d{1,15})?\s*$/;

function refused(text: string, at: number, what: string): ArgumentError {
  const rest = at === 0 ? text : text.slice(at);
  return new ArgumentError(
    `${what} must be a JSONPath of $, .name, *, ['name'], [index] and [start:end]; received "${text}", of which "${rest}" is none of them.`,
  );
}

function stepOf(name: string | undefined, bracket: string | undefined): PathStep | undefined {
  if (name === '*' || bracket?.trim() === '*') return { kind: 'all' };
  if (name !== undefined) return { kind: 'names', names: [name] };
  if (bracket === undefined) return undefined;
  return /['"]/.test(bracket) ? namesOf(bracket) : placesOf(bracket);
}

function namesOf(bracket: string): PathStep | undefined {
  const names: string[] = [];
  for (let rest = bracket; rest !== ''; ) {
    const found = NAME.exec(rest);
    if (!found || (found[0].endsWith(',') && found[0].length === rest.length)) return undefined;
    names.push((found[1] ?? found[2] ?? '').replaceAll(/\\(.)/g, '$1'));
    rest = rest.slice(found[0].length);
  }
  return { kind: 'names', names };
}

function placesOf(bracket: string): PathStep | undefined {
  const places = bracket.split(',').map((part) => {
    if (INDEX.test(part)) return Number(part);
    const slice = SLICE.exec(part);
    return slice ? { start: Number(slice[1] ?? 0), end: slice[2] === undefined ? undefined : Number(slice[2]) } : null;
  });
  return places.includes(null) ? undefined : { kind: 'places', places: places.filter((place) => place !== null) };
}

/** Whether a step leads from one value to one value. */
function isSingle(step: PathStep): boolean {
  if (step.kind === 'names') return step.names.length === 1;
  return step.kind === 'places' && step.places.length === 1 && typeof step.places[0] === 'number';
}

function childrenOf(node: unknown, step: PathStep, path: JsonPath, isOptional: boolean): readonly unknown[] {
  if (step.kind === 'names') return Object.values(membersOf(node, step.names, path, isOptional)[0] ?? {});
  if (step.kind === 'all') {
    if (Array.isArray(node)) return node;
    if (isObject(node)) return Object.values(node);
    if (isOptional) return [];
    throw new ArgumentError(`"${path.text}" must lead to a list or an object; it leads to ${shown(node)}.`);
  }
  if (!Array.isArray(node)) {
    if (isOptional) return [];
    throw new ArgumentError(`"${path.text}" must lead to a list; it leads to ${shown(node)}.`);
  }
  return itemsAt(node, step.places, path, isOptional);
}

function itemsAt(
  list: readonly unknown[],
  places: readonly (number | Slice)[],
  path: JsonPath,
  isOptional: boolean,
): readonly unknown[] {
  const items: unknown[] = [];
  for (const place of places) {
    if (typeof place !== 'number') {
      const slice = list.slice(place.start, place.end);
      if (places.length === 1) return slice;
      for (const item of slice) items.push(item);
      continue;
    }
    const at = place < 0 ? list.length + place : place;
    if (at >= 0 && at < list.length) items.push(list[at]);
    else if (!isOptional) {
      throw new ArgumentError(
        `"${path.text}" must have indexes within the record's ${list.length}; received ${place}.`,
      );
    }
  }
  return items;
}

/** One object of the names; none where a name may be missing and is. */
function membersOf(
  node: unknown,
  names: readonly string[],
  path: JsonPath,
  isOptional: boolean,
): readonly JsonObject[] {
  const missing = isObject(node) ? names.find((name) => !Object.hasOwn(node, name)) : names[0];
  if (missing === undefined) {
    const members = node as JsonObject;
    return [Object.fromEntries(names.map((name) => [name, members[name]]))];
  }
  if (isOptional) return [];
  throw new ArgumentError(`"${path.text}" must have names that the record has; "${missing}" is not in ${shown(node)}.`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
