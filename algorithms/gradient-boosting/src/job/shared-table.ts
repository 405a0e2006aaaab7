/** One table of several hosts: each has its rows of it, which count in the order of the hosts. */
import { type ChannelHosts, type Communicator, describeShare } from '@algo/contract';
import type { Table } from './table.js';
import { selectRows } from './table-parts.js';

/**
 * This host's part of rows that it shares with others: as many in a row for each as for the others, so that their order stays.
 * @param table all of them
 */
export function shareOf(table: Table, { turn, turns }: Pick<ChannelHosts, 'turn' | 'turns'>): Table {
  if (turns === 1) return table;
  const [first, end] = [turn, turn + 1].map((place) => Math.floor((place * table.rows) / turns));
  const isOwn = new Uint8Array(table.rows).fill(1, first, end);
  const { digest, release } = table;
  return { ...selectRows(table, isOwn, table.name), digest, ...(release && { release }) };
}

/** The rows of all hosts, and those of this one. All hosts call it. */
export function describeRows(table: Table, validation: Table | undefined, hosts: Communicator): string {
  const own = [table.rows, ...(validation ? [validation.rows] : [])];
  const all = Float64Array.from(own);
  hosts.sum(all);
  const validationRows = validation ? `, validation rows=${all[1]}` : '';
  return `read rows=${all[0]}, columns=${table.columns}${validationRows}${describeShare(hosts, own)}`;
}
