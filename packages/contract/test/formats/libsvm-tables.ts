/** Reads libsvm text through the channel reader, cut into pieces as a slow source would deliver it. */
import { type Block, isSparse, type SparseBlock } from '../../src/formats/block.js';
import { libsvmReader } from '../../src/formats/libsvm/reader.js';
import { ACCEPT_ALL, type ReadOptions, sourceOf } from './csv-tables.js';
import type { Row } from './libsvm-reference.js';

export interface TableOptions extends ReadOptions {
  readonly indexBase?: 0 | 1;
}

export interface Table {
  readonly rows: Row[];
  readonly blocks: Pick<SparseBlock, 'rows' | 'columns' | 'labelCount' | 'source' | 'firstLine'>[];
}

/** Every row of `files`, a text or a record of texts by name. */
export async function readTable(
  files: string | Uint8Array | Readonly<Record<string, string>>,
  { indexBase, policy = ACCEPT_ALL, pieceBytes, ...wishes }: TableOptions = {},
): Promise<Table> {
  const contents = typeof files === 'string' || files instanceof Uint8Array ? { 'a.libsvm': files } : files;
  const sources = Object.entries(contents).map(([name, text]) => sourceOf(name, text, pieceBytes));
  const parameters = indexBase === undefined ? {} : { index_base: String(indexBase) };
  const table: Table = { rows: [], blocks: [] };
  const settings = { ...wishes, contentType: { type: 'text/libsvm', parameters }, policy };
  for await (const block of libsvmReader.read(sources, settings)) {
    if (!isSparse(block)) throw new Error('libsvm is read as sparse blocks');
    table.rows.push(...rowsOf(block));
    const { rows, columns, labelCount, source, firstLine } = block;
    table.blocks.push({ rows, columns, labelCount, source, firstLine });
  }
  return table;
}

/** The rows of a sparse block, one by one; a request's have no label. */
export function rowsOf(block: SparseBlock): Row[] {
  return Array.from({ length: block.rows }, (_, row) => {
    const [start, end] = [block.rowStarts[row]!, block.rowStarts[row + 1]!];
    const columns = [...block.columnIndices.subarray(start, end)];
    return {
      line: block.firstLine + row,
      label: block.labels[row] ?? 0,
      ...(block.weights && { weight: block.weights[row]! }),
      ...(block.queryIds && { queryId: block.queryIds[row]! }),
      entries: columns.map((column, i) => [column, block.values[start + i]!] as const),
    };
  });
}

/** The rows of a dense block. */
export function denseRowsOf({ rows, columns, features }: Block): number[][] {
  return Array.from({ length: rows }, (_, row) => [...features.subarray(row * columns, (row + 1) * columns)]);
}
