/** Which hosts have rows of which query groups: what each says of its own, and what all of it says together. */
import type { LabelledRows } from '../objective.js';
import { queryStartOf } from './query-groups.js';

/** Rows of a group that are next to each other on one host. */
export interface Piece {
  readonly rank: number;
  readonly rows: number;
  /** Its first row on that host. */
  readonly begin: number;
  /** Its first row among those of the host that are in shared groups. */
  readonly first: number;
}

/** A group whose rows are on several hosts, in the order of the whole. */
export interface SharedGroup {
  readonly pieces: Piece[];
}

export interface WholeGroups {
  /** Groups of all hosts. */
  readonly count: number;
  /** Rows of the largest one. */
  readonly largest: number;
  /** [queries of this host] among the groups of all hosts, in the order in which the whole has them. */
  readonly places: Uint32Array;
  /** [queries of this host] 1 where it is the first that has rows of the group. */
  readonly isCounted: Uint8Array;
  /** By place. */
  readonly shared: ReadonlyMap<number, SharedGroup>;
}

/** What a host says of a piece: the group's id, its table among the joined ones, its rows and its weight. */
const FIELDS = 4;

/** @returns [pieces × 4] in the order of the rows */
export function piecesOf(rows: LabelledRows): Float64Array {
  const { labels, weights, queryIds, parts = [labels.length] } = rows;
  const queryStart = queryStartOf(rows);
  const pieces: number[] = [];
  let part = 0;
  let partEnd = parts[0]!;
  for (let query = 0; query + 1 < queryStart.length; query++) {
    const end = queryStart[query + 1]!;
    for (let begin = queryStart[query]!; begin < end; ) {
      while (begin >= partEnd) partEnd += parts[++part]!;
      const stop = Math.min(end, partEnd);
      pieces.push(queryIds?.[query] ?? 0, part, stop - begin, weights?.[query] ?? 1);
      begin = stop;
    }
  }
  return Float64Array.from(pieces);
}

/** @param all `piecesOf` by rank; the pieces of a group have one weight */
export function wholeGroups(all: readonly Float64Array[], rank: number): WholeGroups {
  const placeOf = new Map<number, number>();
  const groups: { readonly firstRank: number; rows: number; isShared: boolean }[] = [];
  for (const { host, id, rows } of piecesInOrder(all)) {
    const place = placeOf.get(id);
    if (place === undefined) {
      placeOf.set(id, groups.length);
      groups.push({ firstRank: host, rows, isShared: false });
      continue;
    }
    const group = groups[place]!;
    group.rows += rows;
    group.isShared ||= host !== group.firstRank;
  }
  const own = new Set<number>();
  const shared = new Map<number, SharedGroup>();
  const sent = all.map(() => 0);
  for (const { host, id, rows, begin } of piecesInOrder(all)) {
    const place = placeOf.get(id)!;
    if (host === rank) own.add(place);
    if (groups[place]!.isShared) {
      const group = shared.get(place) ?? { pieces: [] };
      shared.set(place, group);
      group.pieces.push({ rank: host, rows, begin, first: sent[host]! });
      sent[host]! += rows;
    }
  }
  return {
    count: groups.length,
    largest: groups.reduce((most, { rows }) => Math.max(most, rows), 0),
    places: Uint32Array.from(own),
    isCounted: Uint8Array.from(own, (place) => (groups[place]!.firstRank === rank ? 1 : 0)),
    shared,
  };
}

/** The pieces of all hosts in the order of the whole: of each joined table those of host 0, of host 1, … */
export function* piecesInOrder(all: readonly Float64Array[]) {
  const begins = all.map(() => 0);
  const last = all.reduce((most, pieces) => Math.max(most, pieces.at(1 - FIELDS) ?? 0), 0);
  for (let part = 0; part <= last; part++) {
    for (const [host, pieces] of all.entries()) {
      for (let at = 0; at < pieces.length; at += FIELDS) {
        if (pieces[at + 1] !== part) continue;
        const rows = pieces[at + 2]!;
        yield { host, id: pieces[at]!, rows, begin: begins[host]!, weight: pieces[at + 3]! };
        begins[host]! += rows;
      }
    }
  }
}
