/**
 * A page of a list that is in memory, in the order of a key and then of names; items without a key come last. A token has the key and name of the last item
 * of the page before: the next page begins after it, also where that item has left the list meanwhile.
 */

type Key = string | number | undefined;

export interface PageQuery<T> {
  readonly key: (item: T) => Key;
  readonly name: (item: T) => string;
  readonly isDescending: boolean;
  readonly maxResults: number;
  readonly nextToken: string | undefined;
  /** The service's error for a token that is none. */
  readonly refuse: (token: string) => Error;
}

export interface SortedPage<T> {
  readonly page: readonly T[];
  readonly nextToken: string | undefined;
}

/** @throws what `refuse` makes */
export function sortedPage<T>(items: readonly T[], query: PageQuery<T>): SortedPage<T> {
  const { key, name, isDescending, maxResults, nextToken: token, refuse } = query;
  const direction = isDescending ? -1 : 1;
  const order = (a: Place, b: Place) =>
    Number(a[0] === undefined) - Number(b[0] === undefined) || direction * (compare(a[0], b[0]) || compare(a[1], b[1]));
  const after = token === undefined ? undefined : readToken(token, refuse);
  // A key may take long to find: once for each item, not for each comparison.
  const placed = items.map((item) => ({ item, place: [key(item), name(item)] as const }));
  const rest = after === undefined ? placed : placed.filter(({ place }) => order(place, after) > 0);
  const page = rest.toSorted((a, b) => order(a.place, b.place)).slice(0, maxResults);
  const last = page.at(-1);
  return {
    page: page.map(({ item }) => item),
    nextToken: last && rest.length > page.length ? writeToken(last.place) : undefined,
  };
}

// --- internal ---

type Place = readonly [key: Key, name: string];

function compare(a: Key, b: Key): number {
  if (a === undefined || b === undefined) return 0;
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeToken(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64');
}

function readToken(token: string, refuse: (token: string) => Error): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    const [key, name] = Array.isArray(place) ? place : [];
    if (typeof name === 'string' && key === null) return [undefined, name];
    if ((typeof key === 'string' || typeof key === 'number') && typeof name === 'string') return [key, name];
  } catch {
    // the same answer as for any other text
  }
  throw refuse(token);
}
