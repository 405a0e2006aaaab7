/** Channels made of rows at hand, and what tests read of windows. */
import type { Block, Channel } from '@algo/contract';
import type { Window } from '../../src/data/row-chunks.js';

export type Rows = readonly (readonly number[])[];

export interface ChannelOptions {
  readonly name?: string;
  readonly labelCount?: number;
  readonly hasWeights?: boolean;
  readonly blockRows?: number;
}

/** Blocks of rows: labels first, then the weight when there is one. */
export function blocksOf(
  rows: Rows,
  { labelCount = 1, hasWeights = false, blockRows = 2 }: ChannelOptions = {},
): Block[] {
  const blocks: Block[] = [];
  const lead = labelCount + Number(hasWeights);
  for (let first = 0; first < rows.length; first += blockRows) {
    const part = rows.slice(first, first + blockRows);
    blocks.push({
      rows: part.length,
      columns: part[0]!.length - lead,
      features: Float64Array.from(part.flatMap((row) => row.slice(lead))),
      labelCount,
      labels: Float64Array.from(part.flatMap((row) => row.slice(0, labelCount))),
      ...(hasWeights && { weights: Float64Array.from(part, (row) => row[labelCount]!) }),
      source: 'a.csv',
      firstLine: first + 1,
    });
  }
  return blocks;
}

/** Counts its passes; its arrays are cleared when the next block is asked for, as a reader's are written over. */
export function channelOf(rows: Rows, options: ChannelOptions = {}, passes = { count: 0 }): Channel {
  async function* blocks() {
    passes.count += 1;
    for (const block of blocksOf(rows, options)) {
      yield block;
      block.features.fill(Number.NaN);
      block.labels.fill(Number.NaN);
      block.weights?.fill(Number.NaN);
    }
  }
  const contentType = { type: 'text/csv', parameters: {} };
  const { name = 'train' } = options;
  return { name, contentType, mode: 'File', blocks, blocksAsStored: blocks, files: () => [] };
}

/** A window's rows: labels, then numbers, then category indices. */
export function rowsOf({ rows, inputs, labels, weights }: Window): number[][] {
  const width = inputs.numeric.length / inputs.rows;
  const labelWidth = labels.length / inputs.rows;
  return Array.from({ length: rows }, (_, row) => [
    ...labels.subarray(row * labelWidth, (row + 1) * labelWidth),
    ...(weights ? [weights[row]!] : []),
    ...inputs.numeric.subarray(row * width, (row + 1) * width),
    ...inputs.categories.map((indices) => indices[row]!),
  ]);
}
