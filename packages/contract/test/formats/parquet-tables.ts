/** Reads Parquet files as a channel does, and collects their rows for tests. */
import { fileURLToPath } from 'node:url';
import { type BlockOptions, isSparse, type ValuePolicy } from '../../src/formats/block.js';
import { parquetReader } from '../../src/formats/parquet/reader.js';
import type { DataSource } from '../../src/formats/reader.js';
import { ACCEPT_ALL } from './csv-tables.js';
import { denseRowsOf } from './libsvm-tables.js';

/** The path of a file that make-parquet.py wrote. */
export const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/parquet/${name}.parquet`, import.meta.url));

export interface ReadOptions extends BlockOptions {
  readonly labelSize?: string;
  readonly policy?: ValuePolicy;
}

export interface Table {
  readonly labels: number[][];
  readonly features: number[][];
  readonly weights: number[];
  readonly names: readonly string[];
  readonly blocks: (readonly [rows: number, columns: number, source: string, firstLine: number])[];
}

export async function read(names: string | readonly string[], options: ReadOptions = {}): Promise<Table> {
  const paths = [names].flat().map((name) => [`${name}.parquet`, fixture(name)] as const);
  return readPaths(paths, options);
}

export async function readPaths(
  paths: readonly (readonly [name: string, path: string])[],
  { labelSize, policy = ACCEPT_ALL, ...wishes }: ReadOptions = {},
): Promise<Table> {
  const sources = paths.map(([name, path]): DataSource => {
    const open = () => {
      throw new Error('Parquet is not read as a stream');
    };
    return { name, label: `train/${name}`, path, open };
  });
  const parameters = labelSize === undefined ? {} : { label_size: labelSize };
  const table: { -readonly [K in keyof Table]: Table[K] } = {
    labels: [],
    features: [],
    weights: [],
    names: [],
    blocks: [],
  };
  const settings = { ...wishes, contentType: { type: 'application/x-parquet', parameters }, policy };
  for await (const block of parquetReader.read(sources, settings)) {
    if (isSparse(block)) throw new Error('Parquet is read as dense blocks');
    const { rows, columns, labels, labelCount, weights = [], source, firstLine, columnNames = [] } = block;
    for (let row = 0; row < rows; row++) {
      table.labels.push([...labels.subarray(row * labelCount, (row + 1) * labelCount)]);
    }
    table.features.push(...denseRowsOf(block));
    table.weights.push(...weights);
    table.names = columnNames;
    table.blocks.push([rows, columns, source, firstLine]);
  }
  return table;
}
