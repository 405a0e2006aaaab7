/**
 * A digest of the rows that went through a channel: how a checkpoint knows that it goes on with the data that it came
 * from. It does not depend on how rows are cut into blocks.
 */
import { createHash, type Hash } from 'node:crypto';
import { type Block, isSparse, type SparseBlock } from '../formats/block.js';
import type { Channel } from './channel.js';

export interface DigestedChannel {
  /** The same channel; what is read through it goes into the digest. */
  readonly channel: Channel;
  /** Of the first pass over the rows, once it is complete. @throws TypeError before */
  digest(): string;
}

export interface DigestOptions {
  /** Default true; false where the features are known by something else already. */
  readonly hasFeatures?: boolean;
}

export function digestRows(channel: Channel, { hasFeatures = true }: DigestOptions = {}): DigestedChannel {
  let result: string | undefined;
  async function* digested<B extends Block | SparseBlock>(
    blocks: AsyncIterable<B>,
  ): AsyncGenerator<B, void, undefined> {
    if (result !== undefined) return yield* blocks;
    const hashes = new Map<string, Hash>();
    for await (const block of blocks) {
      for (const [name, values] of partsOf(block, hasFeatures)) update(hashes, name, values);
      yield block;
    }
    result ??= digestOf(hashes);
  }
  return {
    channel: {
      ...channel,
      blocks: (options) => digested(channel.blocks(options)),
      blocksAsStored: (options) => digested(channel.blocksAsStored(options)),
    },
    digest() {
      if (result === undefined) throw new TypeError(`The rows of channel "${channel.name}" must have been read.`);
      return result;
    },
  };
}

// --- internal ---

type Values = Float64Array | Float32Array | Uint32Array;

/** The arrays of a block that continue from one block to the next. */
function partsOf(block: Block | SparseBlock, hasFeatures: boolean): [string, Values][] {
  const { labels, weights, queryIds } = block;
  const parts: [string, Values][] = [['labels', labels]];
  if (weights) parts.push(['weights', weights]);
  if (queryIds) parts.push(['queryIds', queryIds]);
  if (!hasFeatures) return parts;
  if (isSparse(block)) {
    const { rowStarts, columnIndices, values } = block;
    const counts = Uint32Array.from({ length: block.rows }, (_, row) => rowStarts[row + 1]! - rowStarts[row]!);
    const end = rowStarts[block.rows]!;
    parts.push(['counts', counts], ['columns', columnIndices.subarray(0, end)], ['values', values.subarray(0, end)]);
  } else {
    parts.push(['features', block.features.subarray(0, block.rows * block.columns)]);
  }
  return parts;
}

function update(hashes: Map<string, Hash>, name: string, values: Values): void {
  const hash = hashes.get(name) ?? createHash('sha256');
  hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  hashes.set(name, hash);
}

function digestOf(hashes: ReadonlyMap<string, Hash>): string {
  const whole = createHash('sha256');
  for (const name of [...hashes.keys()].sort()) whole.update(`${name} ${hashes.get(name)!.digest('hex')} `);
  return whole.digest('hex').slice(0, 32);
}
