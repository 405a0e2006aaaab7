/** What the blocks of a channel must have in common. */
import { ClientError } from '../errors.js';
import { type Block, isSparse, type SparseBlock } from '../formats/block.js';

const ONLY_IN_ALL = [
  ['weights', 'weights'],
  ['queryIds', 'queries'],
] as const;

/**
 * Weights and queries in all files or in none; dense rows of one width.
 * @param columns the width; 0: that of the first block
 * @param isStored whether sparse rows are left sparse
 * @throws ClientError E_DATA_COLUMNS
 */
export function requireForm(
  block: Block | SparseBlock,
  first: Block | SparseBlock,
  { columns, isStored }: { readonly columns: number; readonly isStored: boolean },
): void {
  for (const [property, what] of ONLY_IN_ALL) {
    if ((block[property] === undefined) === (first[property] === undefined)) continue;
    throw new ClientError(
      'E_DATA_COLUMNS',
      `${block.source}: rows must have ${what} in all files of a channel or in none, as in ${first.source}.`,
    );
  }
  const width = columns || first.columns;
  // Rows that are sparse, or were, show their last columns as they come.
  if (isSparse(block) || block.columns === width || (!isStored && block.columns > width)) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `${block.source}: rows must have ${width} feature columns as in ${first.source}; received ${block.columns}.`,
  );
}
