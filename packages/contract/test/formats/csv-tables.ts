/** Reads CSV text through the channel reader, cut into pieces as a slow source would deliver it. */
import { type Block, type BlockOptions, isSparse, type ValuePolicy } from '../../src/formats/block.js';
import { csvReader } from '../../src/formats/csv/reader.js';
import type { DataSource } from '../../src/formats/reader.js';

export const ACCEPT_ALL: ValuePolicy = { missingValues: 'accept', infiniteValues: 'accept' };
export const REFUSE_ALL: ValuePolicy = { missingValues: 'refuse', infiniteValues: 'refuse' };

export interface ReadOptions extends BlockOptions {
  readonly policy?: ValuePolicy;
  /** Bytes delivered per read; default: as many as requested. */
  readonly pieceBytes?: number;
}

export interface TableOptions extends ReadOptions {
  readonly labelSize?: string;
}

/** What a table holds, in plain arrays. */
export interface Table {
  readonly labels: number[][];
  readonly weights: number[];
  readonly features: number[][];
  readonly blocks: {
    readonly rows: number;
    readonly columns: number;
    readonly source: string;
    readonly firstLine: number;
  }[];
}

/** A file of the channel `train` with these bytes. */
export function sourceOf(name: string, content: string | Uint8Array, pieceBytes = Infinity): DataSource {
  const bytes = Buffer.from(content);
  return {
    name,
    label: `train/${name}`,
    open: () => {
      let position = 0;
      return {
        read: (target) => {
          const count = Math.min(pieceBytes, target.length, bytes.length - position);
          target.set(bytes.subarray(position, position + count));
          position += count;
          return count;
        },
        close: () => {},
      };
    },
  };
}

/** Every row of `files`, a text or a record of texts by name. */
export async function readTable(
  files: string | Uint8Array | Readonly<Record<string, string>>,
  options: TableOptions = {},
): Promise<Table> {
  const { labelSize, policy = ACCEPT_ALL, pieceBytes, ...wishes } = options;
  const contents = typeof files === 'string' || files instanceof Uint8Array ? { 'a.csv': files } : files;
  const sources = Object.entries(contents).map(([name, text]) => sourceOf(name, text, pieceBytes));
  const contentType = { type: 'text/csv', parameters: labelSize === undefined ? {} : { label_size: labelSize } };
  const table: Table = { labels: [], weights: [], features: [], blocks: [] };
  for await (const block of csvReader.read(sources, { ...wishes, contentType, policy })) {
    if (isSparse(block)) throw new Error('CSV is read as dense blocks');
    append(table, block);
  }
  return table;
}

function append(
  table: Table,
  { rows, columns, labelCount, labels, weights, features, source, firstLine }: Block,
): void {
  for (let row = 0; row < rows; row++) {
    table.labels.push([...labels.subarray(row * labelCount, (row + 1) * labelCount)]);
    table.features.push([...features.subarray(row * columns, (row + 1) * columns)]);
  }
  table.weights.push(...(weights ?? []));
  table.blocks.push({ rows, columns, source, firstLine });
}
