/**
 * One table of several hosts: each has its rows of it, which count in the order of the hosts. What they say about columns
 * is agreed on first, so that a host may have no rows, and sparse rows may show their last columns on one host only.
 */
import { ClientError, type Communicator } from '@algo/contract';
import { shareCategories } from './shared-categories.js';
import type { Table } from './table.js';
import { selectRows } from './table-parts.js';

export interface SharedTableOptions {
  readonly hosts: Communicator;
  /** This host's name. */
  readonly host: string;
  /** Whether each host has rows of its own of the channel; otherwise each has all of them, and takes its share. */
  readonly isShard: boolean;
}

/** What the first pass of a host has found. */
interface Findings extends Pick<Table, 'rows' | 'columns' | 'labelCount' | 'columnNames' | 'isSparse'> {
  readonly host: string;
  readonly hasWeights: boolean;
  readonly hasQueries: boolean;
}

/**
 * This host's part of the table of all hosts.
 * @param table all rows that this host has read; none if the others have some
 * @throws ClientError E_DATA_EMPTY when no host has rows; E_DATA_COLUMNS, E_DATA_CATEGORY for rows of two forms
 */
export async function shareTable(table: Table, { hosts, host, isShard }: SharedTableOptions): Promise<Table> {
  if (hosts.size === 1) return table;
  const known = hosts.gatherValues(findingsOf(table, host)).filter(({ rows }) => rows > 0);
  const [first] = known;
  if (!first) {
    throw new ClientError(
      'E_DATA_EMPTY',
      `Channel "${table.name}" must have rows; none of the ${hosts.size} hosts has any.`,
    );
  }
  for (const other of known) requireAlike(first, other, table.name);
  const { labelCount, columnNames, isSparse } = first;
  const agreed = {
    ...table,
    columns: known.reduce((most, { columns }) => Math.max(most, columns), 0),
    ...{ labelCount, columnNames, isSparse },
    weights: table.weights ?? (first.hasWeights ? new Float32Array() : undefined),
    queryIds: table.queryIds ?? (first.hasQueries ? new Float64Array() : undefined),
  };
  const coded = await shareCategories(agreed, hosts, host);
  return isShard ? coded : shareOf(coded, hosts);
}

// --- internal ---

function findingsOf({ weights, queryIds, ...table }: Table, host: string): Findings {
  const { rows, columns, labelCount, columnNames, isSparse } = table;
  const [hasWeights, hasQueries] = [weights !== undefined, queryIds !== undefined];
  return { rows, columns, labelCount, columnNames, isSparse, host, hasWeights, hasQueries };
}

/** @throws ClientError E_DATA_COLUMNS for rows that one table cannot have */
function requireAlike(one: Findings, other: Findings, channel: string): void {
  const formOf = ({ columns, columnNames, labelCount, hasWeights, hasQueries, isSparse }: Findings) => [
    isSparse ? 'sparse rows' : `${columns} feature columns`,
    `${labelCount} label column${labelCount === 1 ? '' : 's'}`,
    hasWeights ? 'weights' : 'no weights',
    hasQueries ? 'queries' : 'no queries',
    columnNames ? `columns ${columnNames.join(', ')}` : 'no names of columns',
  ];
  const forms = formOf(other);
  const [place, expected] = [...formOf(one).entries()].find(([index, part]) => part !== forms[index]) ?? [];
  if (place === undefined) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `Channel "${channel}" must have rows of one form on all hosts; received ${expected} on host ${one.host}, and ${forms[place]} on host ${other.host}.`,
  );
}

/** Rows that all hosts have: as many in a row for each as for the others, so that their order stays. */
function shareOf(table: Table, { rank, size }: Communicator): Table {
  const [first, end] = [rank, rank + 1].map((place) => Math.floor((place * table.rows) / size));
  const isOwn = new Uint8Array(table.rows).fill(1, first, end);
  const { digest, release } = table;
  return { ...selectRows(table, isOwn, table.name), digest, ...(release && { release }) };
}
