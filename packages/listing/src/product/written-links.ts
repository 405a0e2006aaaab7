/**
 * Writes addresses into `links` of product.yaml. Only they change: YAML's nodes say where they are in the text, and
 * all other lines, with their comments, stay as they are byte for byte.
 */
import { ArgumentError } from '@algo/local';
import { isCollection, isMap, isPair, isScalar, Pair, parseDocument, type YAMLMap } from 'yaml';
import type { RepositoryLinks } from '../notebooks/export.js';

/**
 * The text of product.yaml with these links; those that it has are replaced in their place, `resources` stay.
 * @param file its path, for messages
 * @throws ArgumentError where it is no YAML, or `links` no map of its own
 */
export function withLinks(text: string, links: RepositoryLinks, file: string): string {
  const { contents, errors } = parseDocument(text);
  if (errors.length > 0 || !isMap(contents)) throw new ArgumentError(`${file} must be a YAML map of fields.`);
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === 'links');
  if (!pair) return apply(text, [insertion(text, text.length, `links:\n${lines(Object.entries(links), '  ')}`)]);
  const { value } = pair;
  if (isMap(value) && value.items.length > 0) return apply(text, editsOf(text, value, links));
  const isEmpty = value === null || (isScalar(value) && value.value === null) || isMap(value);
  if (!isEmpty) throw new ArgumentError(`${file} must have a map as links, or none.`);
  const keyEnd = rangeOf(pair.key)[1];
  const valueEnd = isMap(value) ? rangeOf(value)[1] : text.indexOf(':', keyEnd) + 1;
  const key = { from: keyEnd, to: valueEnd, text: ':' };
  return apply(text, [key, insertion(text, valueEnd, lines(Object.entries(links), '  '))]);
}

// --- internal ---

interface Edit {
  /** Offsets in the text. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Of a map with fields: their values in place, and what is new after the last of them. */
function editsOf(text: string, map: YAMLMap, links: RepositoryLinks): readonly Edit[] {
  const fieldOf = (name: string) => map.items.find(({ key }) => isScalar(key) && key.value === name);
  const added = Object.entries(links).filter(([name]) => !fieldOf(name));
  const replaced = Object.entries(links).flatMap(([name, url]) => {
    const field = fieldOf(name);
    return field ? [replacement(field, url)] : [];
  });
  if (added.length === 0) return replaced;
  const end = endOf(map.items.at(-1)!);
  const indent = ' '.repeat(
    rangeOf(map.items[0]!.key)[0] - 1 - text.lastIndexOf('\n', rangeOf(map.items[0]!.key)[0] - 1),
  );
  const addition = map.flow
    ? { from: end, to: end, text: added.map(([name, url]) => `, ${name}: ${url}`).join('') }
    : insertion(text, end, lines(added, indent));
  return [...replaced, addition];
}

function replacement({ key, value }: Pair, url: string): Edit {
  if (isScalar(value) && value.value !== null) return { from: rangeOf(value)[0], to: rangeOf(value)[1], text: url };
  const end = rangeOf(key)[1];
  return { from: end, to: end + 1, text: `: ${url}` };
}

/** Of its last scalar: the range of a block ends after what follows it. */
function endOf({ key, value }: Pair): number {
  if (isScalar(value) && value.value === null) return rangeOf(key)[1] + 1;
  if (isCollection(value) && !value.flow && value.items.length > 0) {
    const last = value.items.at(-1);
    return isPair(last) ? endOf(last) : endOf(new Pair(key, last));
  }
  return rangeOf(value)[1];
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
