/** The lists of resources: replaced by a snapshot, changed row by row, filtered. */

import type { Row as AnyRow, ChangeEvent } from '../../../src/console/answers.js';
import { shortName } from '../text/format.js';
import { isKind } from './kinds.js';
import type { Filter, Row, State } from './state.js';

export type RowsByKind = State['rows'];

export function rowsOfSnapshot(rows: readonly AnyRow[]): RowsByKind {
  const byKind = Object.groupBy(rows.filter(isShown), ({ kind }) => kind);
  for (const list of Object.values(byKind)) list.sort(newestFirst);
  return byKind;
}

export function changeRows(all: RowsByKind, changes: Pick<ChangeEvent, 'rows' | 'removed'>): RowsByKind {
  const { removed } = changes;
  const changed = changes.rows.filter(isShown);
  const touched = new Set([...changed, ...removed].map(({ kind }) => kind).filter(isKind));
  const result = { ...all };
  for (const kind of touched) {
    const fresh = new Map(changed.filter((row) => row.kind === kind).map((row) => [row.name, row]));
    const gone = new Set(removed.filter((one) => one.kind === kind).map(({ name }) => name));
    const before = all[kind] ?? [];
    const kept = before.filter(({ name }) => !gone.has(name)).map((row) => fresh.get(row.name) ?? row);
    const known = new Set(before.map(({ name }) => name));
    const added = [...fresh.values()].filter(({ name }) => !known.has(name));
    result[kind] = added.length > 0 ? [...added, ...kept].sort(newestFirst) : kept;
  }
  return result;
}

/** Upper and lower case are alike; all words must be in the name, the source or the status. */
export function filterRows(rows: readonly Row[], { text, status }: Pick<Filter, 'text' | 'status'>): readonly Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && status === undefined) return rows;
  return rows.filter((row) => {
    if (status !== undefined && row.status !== status) return false;
    const where = `${row.name} ${row.source ?? ''} ${row.status} ${row.phase ?? ''}`.toLowerCase();
    return words.every((word) => where.includes(word));
  });
}

/** Rows that are alike in what they are sorted by stay newest first. @param rows newest first */
export function sortRows(rows: readonly Row[], { sortBy, isDescending }: Filter): readonly Row[] {
  if (sortBy === 'created') return isDescending ? rows : rows.toReversed();
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(sortValue(a, sortBy), sortValue(b, sortBy)));
}

/** How many rows have each status, in the order of their first ones. */
export function countStatuses(rows: readonly Row[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of rows) if (status !== '') counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

// --- internal ---

function isShown(row: AnyRow): row is Row {
  return isKind(row.kind);
}

function newestFirst(a: Row, b: Row): number {
  return b.created - a.created || (a.name < b.name ? -1 : 1);
}

function sortValue(row: Row, sortBy: Filter['sortBy']): string | number {
  if (sortBy === 'name') return row.name;
  if (sortBy === 'status') return row.status;
  if (sortBy === 'source') return shortName(row.source ?? '');
  // what has not ended runs longer than all others
  return row.ended === null ? Number.POSITIVE_INFINITY : row.ended - (row.started ?? row.created);
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
