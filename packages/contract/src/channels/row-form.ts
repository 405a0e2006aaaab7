/** What the blocks of a channel must have in common. */
import { type Block, isSparse, type SparseBlock } from '../formats/block.js';
import { type FoundForm, formOf, otherForm } from './rows-form.js';

/**
 * Weights and queries in all files or in none; dense rows of one width.
 * @param first form of the first block, with the width that all must have
 * @param isStored whether sparse rows are left sparse
 * @throws ClientError E_DATA_COLUMNS
 */
export function requireForm(
  channel: Parameters<typeof formOf>[0],
  block: Block | SparseBlock,
  first: FoundForm,
  { isStored }: { readonly isStored: boolean },
): void {
  const refuse = (property: Parameters<typeof otherForm>[2]) =>
    otherForm(formOf(channel, block, block.columns), first, property);
  if ((block.weights !== undefined) !== first.hasWeights) throw refuse('hasWeights');
  if ((block.queryIds !== undefined) !== first.hasQueryIds) throw refuse('hasQueryIds');
  // Rows that are sparse, or were, show their last columns as they come.
  if (isSparse(block) || block.columns === first.columns || (!isStored && block.columns > first.columns)) return;
  throw refuse('columns');
}
