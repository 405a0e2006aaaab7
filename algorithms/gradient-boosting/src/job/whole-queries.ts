/**
 * Queries of which several hosts have rows: held to the same rules over all hosts as on one, so that a job is refused or
 * accepted whatever rows each host has. All hosts find the same problem.
 */
import { ClientError } from '@algo/contract';
import { type LabelledRows, piecesInOrder, piecesOf, rowNumber } from '../objectives/index.js';

/** A row that messages name. */
interface Place {
  readonly rank: number;
  /** Of its host, from 0. */
  readonly row: number;
}

type Problem =
  | { readonly kind: 'torn'; readonly id: number; readonly first: Place; readonly at: Place }
  | { readonly kind: 'weights'; readonly places: readonly (Place & { readonly weight: number })[] };

/**
 * All hosts call it.
 * @param channel as messages name it
 * @throws ClientError E_DATA_QUERY, E_DATA_WEIGHT naming the places on all hosts alike
 */
export function requireWholeQueries(rows: LabelledRows, channel: string): void {
  const { hosts, placeOf = rowNumber } = rows;
  if (!hosts || hosts.size === 1) return;
  const problem = problemOf(hosts.gather(piecesOf(rows)));
  if (!problem) return;
  const nameOf = ({ rank, row }: Place) => hosts.gatherValues(rank === hosts.rank ? placeOf(row) : '')[rank]!;
  if (problem.kind === 'torn') throw tornQuery(channel, nameOf(problem.at), problem.id, nameOf(problem.first));
  const [one, other] = problem.places.map((place) => ({ place: nameOf(place), weight: place.weight }));
  throw differentWeights(channel, one!, other!);
}

/** @param place of the row that goes back to it @param first of its rows before */
export function tornQuery(channel: string, place: string, id: number, first: string): ClientError {
  return new ClientError(
    'E_DATA_QUERY',
    `Channel "${channel}": the rows of a query must be contiguous; ${place} goes back to query ${id} of ${first}. Sort the rows by query.`,
  );
}

interface WeightAt {
  readonly place: string;
  readonly weight: number;
}

export function differentWeights(channel: string, one: WeightAt, other: WeightAt): ClientError {
  return new ClientError(
    'E_DATA_WEIGHT',
    `Channel "${channel}": the rows of a query must have one weight; ${one.place} has ${one.weight}, ${other.place} has ${other.weight}.`,
  );
}

// --- internal ---

/** The first one in the order of the whole. @param all `piecesOf` by rank */
function problemOf(all: readonly Float64Array[]): Problem | undefined {
  const seen = new Map<number, Place & { readonly weight: number }>();
  let last: number | undefined;
  for (const { host: rank, id, begin: row, weight } of piecesInOrder(all)) {
    const first = seen.get(id);
    if (first && last !== id) return { kind: 'torn', id, first, at: { rank, row } };
    if (first && first.weight !== weight) return { kind: 'weights', places: [first, { rank, row, weight }] };
    if (!first) seen.set(id, { rank, row, weight });
    last = id;
  }
  return undefined;
}
