/** Passes over the rows of a channel: begun when they are asked for, as they are stored or as tables, ended by a stop. */
import { ClientError } from '../errors.js';
import {
  type Block,
  type BlockOptions,
  type Blocks,
  isSparse,
  type SparseBlock,
  type ValuePolicy,
} from '../formats/block.js';
import type { Categories } from '../formats/categories/categories.js';
import { checkSparseWidth, type DenseLimit, densify } from '../formats/densify.js';
import type { StopSignal } from '../training/stop.js';
import type { Channel } from './channel.js';

/** What sparse rows become where a table is asked for, and what a pass is like that does not say otherwise. */
export interface PassRules {
  readonly policy: ValuePolicy;
  readonly limit: DenseLimit;
  readonly precision?: BlockOptions['precision'];
}

/** A pass begins when its first block is asked for. */
export function passes(
  stored: (wishes: BlockOptions) => Blocks,
  rules: PassRules,
): Pick<Channel, 'blocks' | 'blocksAsStored'> {
  const complete = (wishes: BlockOptions) => (rules.precision ? { precision: rules.precision, ...wishes } : wishes);
  const tables = (wishes: BlockOptions) => denseBlocks(stored(wishes), wishes, rules);
  const channel: Passes = {
    blocks: (wishes = {}) => ({ [Symbol.asyncIterator]: () => tables(complete(wishes)) }),
    blocksAsStored: (wishes = {}) => ({ [Symbol.asyncIterator]: () => storedBlocks(stored(complete(wishes)), rules) }),
  };
  // The readers give arrays of the precision that they are asked for, which no type of theirs says.
  return channel as Pick<Channel, keyof Passes>;
}

/** Callbacks for what is found in the columns of blocks. */
export interface ColumnListener {
  onFeatureNames?(names: readonly string[]): void;
  onCategories?(categories: Categories): void;
}

/** Reports the names of columns and of categories as they come. */
export async function* tellColumns(blocks: AsyncIterable<Block | SparseBlock>, listener: ColumnListener): Blocks {
  for await (const block of blocks) {
    if (block.columnNames) listener.onFeatureNames?.(block.columnNames);
    if (block.categories) listener.onCategories?.(block.categories);
    yield block;
  }
}

/** The blocks, each with the names of its categories. */
export async function* withCategories(blocks: AsyncIterable<Block | SparseBlock>, categories: Categories): Blocks {
  for await (const block of blocks) yield { ...block, categories };
}

/** Files are read without waiting, so that no signal would be seen if the event loop never turned between blocks. */
const TURN_MS = 50;

/** @throws ClientError E_DATA_EMPTY, saying `otherwise`, when there is no block; undefined: there may be none */
export async function* withRows(
  blocks: AsyncIterable<Block | SparseBlock>,
  stop: StopSignal,
  otherwise: string | undefined,
): Blocks {
  let isEmpty = true;
  let turned = performance.now();
  for await (const block of blocks) {
    isEmpty = false;
    if (performance.now() - turned > TURN_MS) {
      await stop.check();
      turned = performance.now();
    }
    yield block;
  }
  if (isEmpty && otherwise !== undefined) throw new ClientError('E_DATA_EMPTY', otherwise);
}

// --- internal ---

interface Passes {
  blocks(wishes?: BlockOptions): AsyncIterable<Block>;
  blocksAsStored(wishes?: BlockOptions): AsyncIterable<Block | SparseBlock>;
}

async function* storedBlocks(blocks: AsyncIterable<Block | SparseBlock>, { limit }: PassRules): Blocks {
  for await (const block of blocks) {
    if (isSparse(block)) checkSparseWidth(block, limit);
    yield block;
  }
}

async function* denseBlocks(
  blocks: AsyncIterable<Block | SparseBlock>,
  wishes: BlockOptions,
  { policy, limit }: PassRules,
): Blocks<Block> {
  for await (const block of blocks) {
    if (isSparse(block)) yield* densify(block, wishes, policy, limit);
    else yield block;
  }
}
