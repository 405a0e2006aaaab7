/** A channel of rows at hand, for tests of what reads a channel without a job around it. */
import type { Channel } from '../channels/channel.js';
import { type Block, type BlockOptions, type Blocks, isSparse, type SparseBlock } from '../formats/block.js';

/** Rows as text would have them: labels first, then the weight where there is one, then the features. */
export type TableRows = readonly (readonly number[])[];

export interface TableOptions {
  readonly labelCount?: number;
  readonly hasWeights?: boolean;
  /** Rows of a block; default 2. */
  readonly blockRows?: number;
  readonly precision?: BlockOptions['precision'];
  readonly source?: string;
}

/** The rows in blocks, as a reader gives them. */
export function blocksOf(
  rows: TableRows,
  { labelCount = 1, hasWeights = false, blockRows = 2, precision = 'float64', source = 'a.csv' }: TableOptions = {},
): Block[] {
  const lead = labelCount + Number(hasWeights);
  const Features = precision === 'float32' ? Float32Array : Float64Array;
  const starts = Array.from({ length: Math.ceil(rows.length / blockRows) }, (_, index) => index * blockRows);
  return starts.map((first) => {
    const part = rows.slice(first, first + blockRows);
    return {
      rows: part.length,
      columns: part[0]!.length - lead,
      features: Features.from(part.flatMap((row) => row.slice(lead))),
      labelCount,
      labels: Float64Array.from(part.flatMap((row) => row.slice(0, labelCount))),
      ...(hasWeights && { weights: Float64Array.from(part, (row) => row[labelCount]!) }),
      source,
      firstLine: first + 1,
    };
  });
}

export interface MemoryChannel extends Channel {
  /** How many times its rows were asked for, and with which options. */
  readonly reads: readonly (BlockOptions | undefined)[];
}

/**
 * A channel that gives `blocks()` in each pass. When the next block is asked for, the arrays of the one before are
 * cleared, as a reader writes over them.
 */
export function memoryChannel(
  blocks: () => readonly (Block | SparseBlock)[],
  { name = 'train', type = 'text/csv' }: { readonly name?: string; readonly type?: string } = {},
): MemoryChannel {
  const reads: (BlockOptions | undefined)[] = [];
  async function* pass(options?: BlockOptions): Blocks {
    reads.push(options);
    for (const block of blocks()) {
      yield block;
      block.labels.fill(Number.NaN);
      block.weights?.fill(Number.NaN);
      (isSparse(block) ? block.values : block.features).fill(Number.NaN);
    }
  }
  return {
    name,
    contentType: { type, parameters: {} },
    mode: 'File',
    blocks: pass as Channel['blocks'],
    blocksAsStored: pass as Channel['blocksAsStored'],
    files: () => [],
    reads,
  };
}
