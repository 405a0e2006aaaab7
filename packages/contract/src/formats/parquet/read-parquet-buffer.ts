/** A request body that is a Parquet file, as one block. Rows of inference have features only: no label, no weight. */
import { ClientError } from '../../errors.js';
import type { Block, ValuePolicy } from '../block.js';
import { createWriter } from '../block-writer.js';
import type { TextColumns } from '../categories/text-columns.js';
import { copyBlock, joinDense } from '../join-blocks.js';
import { parquetOfBytes } from './file.js';
import { readTable } from './metadata.js';
import { readGroup } from './row-group.js';

export interface ParquetBufferOptions {
  readonly policy: ValuePolicy;
  /** See BlockOptions. */
  readonly precision?: 'float64' | 'float32';
  /** Columns the file must have; default: any number. */
  readonly featureCount?: number;
  /** Names that the columns must have, in the model's order; default: any names, matched by position. */
  readonly featureNames?: readonly string[];
  /** Which columns hold text; absent: none. */
  readonly texts?: TextColumns;
}

/**
 * All rows of `body`, in arrays of their own; undefined when it has columns but no rows.
 * @throws ClientError naming row and column of the first bad value; E_DATA_FORMAT for damage and for more than 2^26 values
 */
export function readParquetBuffer(body: Uint8Array, options: ParquetBufferOptions): Block | undefined {
  const { featureCount, featureNames, policy, precision, texts } = options;
  const file = parquetOfBytes(body, LABEL);
  const { columns, groups } = readTable(file, '', {
    labelCount: 0,
    acceptsText: policy.text === 'accept',
    ...(featureCount !== undefined && { featureCount }),
    ...(featureNames && { featureNames }),
  });
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows * columns.length > MAX_VALUES) {
    throw new ClientError(
      'E_DATA_FORMAT',
      `${LABEL}: a Parquet body must have at most ${MAX_VALUES} values; received ${rows} rows of ${columns.length} columns. Send fewer rows per request.`,
    );
  }
  // One block takes all rows of one group; of several groups, each has a block, and they are joined.
  const maxRows = groups.reduce((most, group) => Math.max(most, group.rows), 1);
  const writer = createWriter(columns, { maxRows, ...(precision && { precision }) });
  const blocks: Block[] = [];
  let row = 0;
  for (const group of groups) {
    for (const block of readGroup(file, LABEL, columns, group, row, writer, { policy, texts }))
      blocks.push(rows > block.rows ? copyBlock(block) : block);
    row += group.rows;
  }
  return blocks.length > 0 ? joinDense(blocks) : undefined;
}

// --- internal ---

const LABEL = 'request';
/** Run lengths let a few bytes stand for any number of rows: without a limit a small body could take all memory. */
const MAX_VALUES = 2 ** 26;
