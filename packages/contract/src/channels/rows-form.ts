/** What the rows of a channel are like, on which the hosts of a job that have parts of them agree. */
import type { ClientError } from '../errors.js';
import type { Block, SparseBlock } from '../formats/block.js';
import { columnCount, columnsError, type Role } from '../formats/column-plan.js';
import type { Channel } from './channel.js';
import { placeOfRow } from './row-place.js';

export interface RowsForm {
  /** Feature columns. */
  readonly columns: number;
  readonly labelCount: number;
  readonly hasWeights: boolean;
  readonly hasQueryIds: boolean;
  readonly columnNames: readonly string[] | undefined;
}

/** That of rows in one place. */
export interface FoundForm extends RowsForm {
  /** Where they begin: `train/a.csv line 1`. */
  readonly from: string;
}

/** That of rows that begin with a block. @param columns of all of them */
export function formOf(
  channel: Parameters<typeof placeOfRow>[0],
  block: Block | SparseBlock,
  columns: number,
): FoundForm {
  const { labelCount, weights, queryIds, columnNames } = block;
  const [hasWeights, hasQueryIds] = [weights !== undefined, queryIds !== undefined];
  return { columns, labelCount, hasWeights, hasQueryIds, columnNames, from: placeOfRow(channel, block) };
}

/**
 * Called by all hosts once they have read their rows.
 * @param own form of this host's rows; undefined: it has none
 * @returns the form of all rows; undefined where no host has any
 * @throws ClientError E_DATA_COLUMNS naming two hosts whose rows differ
 */
export function agreeOnForm(
  { contentType, hosts }: Pick<Channel, 'contentType' | 'hosts'>,
  own: FoundForm | undefined,
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
    const [expected, received] = [first, rank].map((host) => {
      const found = forms[host]!;
      return { ...found, from: `${found.from} of host ${hosts!.names[host]}` };
    });
    throw otherForm(received!, expected!, broken[0]);
  }
  const { from: _, ...agreed } = form;
  return {
    ...agreed,
    columns: forms.reduce((most, one) => Math.max(most, one?.columns ?? 0), 0),
    columnNames: forms.find((one) => one?.columnNames)?.columnNames,
  };
}

/** The error for rows that are not like others. @param property in which they differ */
export function otherForm(received: FoundForm, expected: FoundForm, property: (typeof RULES)[number][0]): ClientError {
  const text = RULES.find(([name]) => name === property)![1];
  const [wanted, given] = [expected, received].map((form) => text(form[property] as never));
  return columnsError(received.from, `rows must have ${wanted} as in ${expected.from}; received ${given}`);
}

// --- internal ---

const countOf = (role: Role) => (count: number) => columnCount(count, role);
const someOf = (what: string) => (has: boolean) => `${has ? '' : 'no '}${what}`;

/** What is the same on all hosts that have rows, and how messages show it; columns last, which may differ. */
const RULES = [
  ['labelCount', countOf('label')],
  ['hasWeights', someOf('weights')],
  ['hasQueryIds', someOf('queries')],
  ['columns', countOf('feature')],
] as const;
