/** Where the rows of a table are in the data, for messages about them: a few numbers for each file. Of rows that only this host has they name the host. */
import { type Block, type Channel, placeOfRow, type SparseBlock } from '@algo/contract';

export interface RowPlaces {
  /** Takes the rows that come next. */
  add(block: Block | SparseBlock): void;
  /** As messages name it: `train/a.csv line 7`. @param row of those that were added, from 0 */
  placeOf(row: number): string;
}

export function createRowPlaces(channel: Pick<Channel, 'name' | 'mode' | 'contentType' | 'hosts'>): RowPlaces {
  const runs: { readonly first: number; readonly source: string; readonly firstLine: number }[] = [];
  let rows = 0;
  return {
    add({ source, firstLine, rows: count }) {
      const last = runs.at(-1);
      const continues = last?.source === source && last.firstLine + rows - last.first === firstLine;
      if (!continues) runs.push({ first: rows, source, firstLine });
      rows += count;
    },
    placeOf(row) {
      const run = runs.findLast(({ first }) => first <= row)!;
      return `${placeOfRow(channel, run, row - run.first)}${ofHost(channel)}`;
    },
  };
}

// --- internal ---

function ofHost({ hosts }: Pick<Channel, 'hosts'>): string {
  if (!hosts || hosts.turns > 1 || hosts.communicator.size === 1) return '';
  return ` of host ${hosts.names[hosts.communicator.rank]}`;
}
