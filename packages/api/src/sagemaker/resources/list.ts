/** List operations: their filters and orders as the store's query, with the defaults that AWS documents. */

import type { StoredRecord } from '../../store/record.js';
import type { ListQuery, Page } from '../../store/record-pages.js';
import type { SageMaker } from './context.js';

/** The members that List operations share; each operation's model has some of them. */
export interface ListRequest {
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly NameContains?: string;
  readonly StatusEquals?: string;
  readonly SortBy?: string;
  readonly SortOrder?: 'Ascending' | 'Descending';
  readonly CreationTimeAfter?: number;
  readonly CreationTimeBefore?: number;
  readonly LastModifiedTimeAfter?: number;
  readonly LastModifiedTimeBefore?: number;
}

const DEFAULT_MAX_RESULTS = 10;

const SORT_COLUMNS: Readonly<Record<string, ListQuery['sortBy']>> = {
  Name: 'name',
  CreationTime: 'created',
  LastModifiedTime: 'modified',
  Status: 'status',
};

/** @param defaultOrder of the operation, which differs between them */
export function listRecords<Body>(
  { store }: SageMaker,
  kind: string,
  request: ListRequest,
  defaultOrder: 'Ascending' | 'Descending',
  bodyEquals: ListQuery['bodyEquals'] = {},
): Page<StoredRecord<Body>> {
  return store.records.list<Body>({
    kind,
    sortBy: SORT_COLUMNS[request.SortBy ?? 'CreationTime']!,
    isDescending: (request.SortOrder ?? defaultOrder) === 'Descending',
    maxResults: request.MaxResults ?? DEFAULT_MAX_RESULTS,
    nextToken: request.NextToken || undefined,
    nameContains: request.NameContains,
    status: request.StatusEquals,
    created: { after: request.CreationTimeAfter, before: request.CreationTimeBefore },
    modified: { after: request.LastModifiedTimeAfter, before: request.LastModifiedTimeBefore },
    bodyEquals,
  });
}

/** The answer: summaries under the name that the operation gives them, and the token when there is another page. */
export function answerPage<Body>(
  { items, nextToken }: Page<StoredRecord<Body>>,
  member: string,
  summarize: (record: StoredRecord<Body>) => object,
): object {
  return { [member]: items.map(summarize), ...(nextToken !== undefined && { NextToken: nextToken }) };
}

/** Those members of an object that it has. */
export function pick<T extends object, K extends keyof T>(object: T, keys: readonly K[]): Partial<Pick<T, K>> {
  const entries = keys.filter((key) => object[key] !== undefined).map((key) => [key, object[key]] as const);
  return Object.fromEntries(entries) as Partial<Pick<T, K>>;
}
