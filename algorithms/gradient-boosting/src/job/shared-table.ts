/** One table of several hosts: each has its rows of it, which count in the order of the hosts. */
import type { Communicator } from '@algo/contract';
import type { Table } from './table.js';
import { selectRows } from './table-parts.js';

/**
 * This host's part of rows that all hosts have: as many in a row for each as for the others, so that their order stays.
 * @param table all of them
 */
export function shareOf(table: Table, { rank, size }: Communicator): Table {
  const [first, end] = [rank, rank + 1].map((place) => Math.floor((place * table.rows) / size));
  const isOwn = new Uint8Array(table.rows).fill(1, first, end);
  const { digest, release } = table;
  return { ...selectRows(table, isOwn, table.name), digest, ...(release && { release }) };
}
