/** What the rows of a channel are like, on which the hosts of a job that have parts of them agree. */
import { ClientError } from '../errors.js';
import type { Block, SparseBlock } from '../formats/block.js';
import type { Channel } from './channel.js';

export interface RowsForm {
  /** Feature columns. */
  readonly columns: number;
  readonly labelCount: number;
  readonly hasWeights: boolean;
  readonly hasQueryIds: boolean;
  readonly columnNames: readonly string[] | undefined;
}

/** @param columns of all rows */
export function formOf(block: Block | SparseBlock, columns: number): RowsForm {
  const { labelCount, weights, queryIds, columnNames } = block;
  return { columns, labelCount, hasWeights: weights !== undefined, hasQueryIds: queryIds !== undefined, columnNames };
}

/**
 * Called by all hosts once they have read their rows.
 * @param own form of this host's rows; undefined: it has none
 * @returns the form of all rows; undefined where no host has any
 * @throws ClientError E_DATA_COLUMNS naming two hosts whose rows differ
 */
export function agreeOnForm(
  { name, contentType, hosts }: Pick<Channel, 'name' | 'contentType' | 'hosts'>,
  own: RowsForm | undefined,
): RowsForm | undefined {
  const forms = hosts?.communicator.gatherValues(own) ?? [own];
  const first = forms.findIndex((form) => form !== undefined);
  const form = forms[first];
  if (!form) return undefined;
  // Rows of libsvm show their last columns as they come.
  const mayDiffer = contentType.type.includes('libsvm');
  for (const [rank, other] of forms.entries()) {
    const broken = other && RULES.find(([property]) => other[property] !== form[property]);
    if (!broken || (mayDiffer && broken[0] === 'columns')) continue;
    const [property, rule, received] = broken;
    const text = (value: RowsForm) => received(value[property] as never);
    throw new ClientError(
      'E_DATA_COLUMNS',
      `Channel "${name}": rows must have ${rule}; received ${text(form)} on host ${hosts!.names[first]} and ${text(other)} on host ${hosts!.names[rank]}.`,
    );
  }
  return {
    ...form,
    columns: forms.reduce((most, one) => Math.max(most, one?.columns ?? 0), 0),
    columnNames: forms.find((one) => one?.columnNames)?.columnNames,
  };
}

// --- internal ---

const number = (count: number) => String(count);
const some = (has: boolean) => (has ? 'some' : 'none');

/** What is the same on all hosts that have rows, and how messages show it; columns last, which may differ. */
const RULES = [
  ['labelCount', 'the same number of label columns on all hosts', number],
  ['hasWeights', 'weights on all hosts or on none', some],
  ['hasQueryIds', 'queries on all hosts or on none', some],
  ['columns', 'the same number of feature columns on all hosts', number],
] as const;
