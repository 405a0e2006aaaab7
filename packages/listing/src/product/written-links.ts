/**
 * Writes addresses into `links` of product.yaml. Only they change: YAML's nodes say where they are in the text, and
 * all other lines, with their comments, stay as they are byte for byte.
 */
import { isDeepStrictEqual } from 'node:util';
import { ArgumentError } from '@algo/local';
import { isCollection, isMap, isPair, isScalar, parseDocument, type YAMLMap } from 'yaml';
import type { RepositoryLinks } from '../notebooks/export.js';

/**
 * The text of product.yaml with these links; those that it has are replaced in their place, `resources` stay.
 * @param file its path, for messages
 * @throws ArgumentError where it is no YAML, `links` no map of its own, or the links are written in another way than as lines
 */
export function withLinks(text: string, links: RepositoryLinks, file: string): string {
  const { contents, errors } = parseDocument(text);
  if (errors.length > 0 || !isMap(contents)) throw new ArgumentError(`${file} must be a YAML map of fields.`);
  const changed = apply(text, editsOf(text, contents, links, file));
  if (!isSameBut(changed, contents, links)) {
    throw new ArgumentError(`${file} must have links as lines of their own; write them by hand.`);
  }
  return changed;
}

// --- internal ---

interface Edit {
  /** Offsets in the text. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function editsOf(text: string, contents: YAMLMap, links: RepositoryLinks, file: string): readonly Edit[] {
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === 'links');
  if (!pair) return [insertion(text, text.length, `links:\n${lines(Object.entries(links), '  ')}`)];
  const { key, value } = pair;
  if (!isMap(value)) throw new ArgumentError(`${file} must have a map as links, or none.`);
  if (value.items.length > 0) return fieldEdits(text, value, links);
  const end = rangeOf(value)[1];
  const colon = { from: rangeOf(key)[1], to: end, text: ':' };
  return [colon, insertion(text, end, lines(Object.entries(links), '  '))];
}

/** Of a map with fields: their values in place, and what is new after the last of them. */
function fieldEdits(text: string, map: YAMLMap, links: RepositoryLinks): readonly Edit[] {
  const fieldOf = (name: string) => map.items.find(({ key }) => isScalar(key) && key.value === name);
  const added = Object.entries(links).filter(([name]) => !fieldOf(name));
  const replaced = Object.entries(links).flatMap(([name, url]) => {
    const field = fieldOf(name);
    return field ? [{ from: rangeOf(field.value)[0], to: endOf(text, field.value), text: url }] : [];
  });
  if (added.length === 0) return replaced;
  const end = endOf(text, map.items.at(-1)!.value);
  const indent = ' '.repeat(
    rangeOf(map.items[0]!.key)[0] - 1 - text.lastIndexOf('\n', rangeOf(map.items[0]!.key)[0] - 1),
  );
  const addition = map.flow
    ? { from: end, to: end, text: added.map(([name, url]) => `, ${name}: ${url}`).join('') }
    : insertion(text, end, lines(added, indent));
  return [...replaced, addition];
}

/** Of its last scalar: YAML counts what follows a collection into its range, and the last line feed into that of a block. */
function endOf(text: string, value: unknown): number {
  if (isCollection(value) && !value.flow && value.items.length > 0) {
    const last = value.items.at(-1);
    return endOf(text, isPair(last) ? last.value : last);
  }
  const [from, to] = rangeOf(value);
  return /[|>]/.test(text[from]!) && text[to - 1] === '\n' ? to - 1 : to;
}

/** Whether a text is YAML with these links, and all else as before. */
function isSameBut(text: string, before: YAMLMap, links: RepositoryLinks): boolean {
  const { contents, errors } = parseDocument(text);
  if (errors.length > 0 || !isMap(contents)) return false;
  const fields = before.toJSON() as Readonly<Record<string, unknown>>;
  return isDeepStrictEqual(contents.toJSON(), { ...fields, links: { ...(fields.links as object), ...links } });
}

/** Whole lines after the line of an offset. */
function insertion(text: string, offset: number, added: string): Edit {
  const isLineStart = offset === text.length && (offset === 0 || text[offset - 1] === '\n');
  const lineEnd = isLineStart ? offset : text.indexOf('\n', offset) + 1;
  if (isLineStart || lineEnd > 0) return { from: lineEnd, to: lineEnd, text: added };
  return { from: text.length, to: text.length, text: `\n${added}` };
}

function lines(links: readonly (readonly [string, string])[], indent: string): string {
  return links.map(([name, url]) => `${indent}${name}: ${url}\n`).join('');
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = (node as { readonly range?: readonly [number, number, number] | null }).range!;
  return [range[0], range[1]];
}

/** Edits that do not overlap, from the last one on, so that offsets before it stay true. */
function apply(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((changed, { from, to, text }) => changed.slice(0, from) + text + changed.slice(to), text);
}
