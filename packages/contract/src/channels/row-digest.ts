/**
 * A digest of the rows of a channel: how a checkpoint knows that a job resumes with the data that it came from. It does not depend on how rows are cut into blocks.
 */
import { createHash, type Hash } from 'node:crypto';
import { type Block, isSparse, type SparseBlock } from '../formats/block.js';

export interface RowDigest {
  add(block: Block | SparseBlock): void;
  /** Of all rows added. */
  digest(): string;
}

/** @param hasFeatures false where the features are known by something else already */
export function createRowDigest({ hasFeatures }: { readonly hasFeatures: boolean }): RowDigest {
  const hashes = new Map<string, Hash>();
  return {
    add(block) {
      for (const [name, values] of partsOf(block, hasFeatures)) update(hashes, name, values);
    },
    digest: () => digestOf(hashes),
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
  for (const name of [...hashes.keys()].sort()) whole.update(`${name} ${hashes.get(name)!.copy().digest('hex')} `);
  return whole.digest('hex').slice(0, 32);
}
