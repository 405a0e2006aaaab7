/** Pages of the catalog's lists, which are filtered and sorted in memory: a seller has few products. */
import { type SortedPage, sortedPage } from '../store/sorted-page.js';
import { invalid } from './catalog-errors.js';

interface PageRequest {
  /** ASCENDING; all else is descending. */
  readonly order: string | undefined;
  readonly count: number;
  readonly token: string | undefined;
}

/** In the order of a key: texts, and times; equal ones by name. */
export function pageOf<T extends { readonly name: string }>(
  items: readonly T[],
  key: (item: T) => string | number,
  { order, count, token }: PageRequest,
): SortedPage<T> {
  return sortedPage(items, {
    ...{ key, name: ({ name }: T) => name, isDescending: order !== 'ASCENDING', maxResults: count, nextToken: token },
    refuse: (text) => invalid(`NextToken must be one of this list; received "${text}".`),
  });
}
