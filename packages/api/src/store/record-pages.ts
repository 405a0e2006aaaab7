/**
 * A page of a list. The token of the next page is the place of the last item in the order, not a count, so that what is
 * created or deleted meanwhile neither doubles nor hides another.
 */
import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { ServiceError } from '../service-error.js';

/** Filters and order of a List operation. What is undefined does not filter. Times are in seconds since 1970. */
export interface ListQuery {
  readonly kind: string;
  readonly sortBy: 'created' | 'modified' | 'name' | 'status';
  readonly isDescending: boolean;
  readonly maxResults: number;
  readonly nextToken?: string | undefined;
  readonly nameContains?: string | undefined;
  readonly status?: string | undefined;
  readonly created?: Period;
  readonly modified?: Period;
  /** Members of the body that must have these values, by their JSON path, e.g. `$.EndpointConfigName`. */
  readonly bodyEquals?: Readonly<Record<string, string | undefined>>;
}

/** Without its ends. */
export interface Period {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly nextToken?: string;
}

/** Finds pages: the names of their records, in the order of the list. */
export type SelectPage = (query: ListQuery) => Page<string>;

/** @returns throws a ServiceError ValidationException for a token that is not of its list */
export function openPages(sql: DatabaseSync): SelectPage {
  const prepared = new Map<string, StatementSync>(); // one for each combination of filters and order
  const prepare = (text: string) => {
    const statement = prepared.get(text) ?? sql.prepare(text);
    prepared.set(text, statement);
    return statement;
  };
  return (query) => {
    const { sortBy, isDescending, maxResults } = query;
    const [conditions, values] = filtersOf(query);
    const digest = createHash('sha256')
      .update(JSON.stringify([sortBy, isDescending, conditions, values]))
      .digest('base64');
    const order = isDescending ? 'DESC' : 'ASC';
    if (query.nextToken !== undefined) {
      const place = readToken(query.nextToken, digest);
      conditions.push(`(${sortBy}, name) ${isDescending ? '<' : '>'} (?, ?)`);
      values.push(place.key, place.name);
    }
    // Both are in the index of the order: without filters by others, no body is read.
    const text = `SELECT name, ${sortBy} AS key FROM record WHERE ${conditions.join(' AND ')} ORDER BY ${sortBy} ${order}, name ${order} LIMIT ?`;
    // biome-ignore lint/plugin: a value per filter
    const rows = prepare(text).all(...values, maxResults + 1) as unknown as readonly Omit<Place, 'digest'>[];
    const items = rows.slice(0, maxResults).map(({ name }) => name);
    const last = rows[maxResults - 1];
    if (rows.length <= maxResults || last === undefined) return { items };
    return { items, nextToken: writeToken({ digest, ...last }) };
  };
}

// --- internal ---

function filtersOf(query: ListQuery): [conditions: string[], values: SQLInputValue[]] {
  const { kind, nameContains, status, created, modified, bodyEquals } = query;
  const filters: readonly (readonly [string, SQLInputValue | undefined])[] = [
    ['kind = ?', kind],
    ['status = ?', status],
    ['instr(name, ?) > 0', nameContains],
    ['created > ?', created?.after],
    ['created < ?', created?.before],
    ['modified > ?', modified?.after],
    ['modified < ?', modified?.before],
  ];
  const inBody = Object.entries(bodyEquals ?? {}).flatMap(([path, value]) =>
    value === undefined ? [] : ([['json_extract(body, ?) = ?', [path, value]]] as const),
  );
  const used = filters.filter(([, value]) => value !== undefined);
  return [
    [...used.map(([text]) => text), ...inBody.map(([text]) => text)],
    [...used.map(([, value]) => value!), ...inBody.flatMap(([, values]) => [...values])],
  ];
}

interface Place {
  /** Of the filters and the order: a token goes with the list that gave it. */
  readonly digest: string;
  readonly key: string | number;
  readonly name: string;
}

function writeToken(place: Place): string {
  return Buffer.from(JSON.stringify([place.digest, place.key, place.name])).toString('base64');
}

function readToken(token: string, digest: string): Place {
  try {
    const [tokenDigest, key, name] = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as readonly unknown[];
    const isKey = typeof key === 'string' || typeof key === 'number';
    if (tokenDigest === digest && isKey && typeof name === 'string') return { digest, key, name };
  } catch {
    // not a token of ours: the error below says so
  }
  throw new ServiceError(
    'ValidationException',
    `NextToken must be one of this list with these filters; received "${token}".`,
  );
}
