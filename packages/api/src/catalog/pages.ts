/** Pages of a list that is filtered and sorted in memory: a seller has few products. */
import { invalid } from './catalog-errors.js';

/** @param token names the last item of the page before */
export function pageOf<T extends { readonly name: string }>(
  items: readonly T[],
  count: number,
  token: string | undefined,
): { readonly page: readonly T[]; readonly next: string | undefined } {
  const last = token === undefined ? undefined : Buffer.from(token, 'base64').toString('utf8');
  const at = last === undefined ? 0 : items.findIndex(({ name }) => name === last) + 1;
  if (last !== undefined && at === 0) throw invalid(`NextToken must be one of this list; received "${token}".`);
  const page = items.slice(at, at + count);
  const end = page.at(-1);
  const hasMore = end !== undefined && at + count < items.length;
  return { page, next: hasMore ? Buffer.from(end.name).toString('base64') : undefined };
}

/** Texts in their order, and times; equal ones by name. */
export function sorted<T extends { readonly name: string }>(
  items: readonly T[],
  key: (item: T) => string | number,
  order: string | undefined,
): readonly T[] {
  const direction = order === 'ASCENDING' ? 1 : -1;
  const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  return items.toSorted((a, b) => direction * (compare(key(a), key(b)) || compare(a.name, b.name)));
}
