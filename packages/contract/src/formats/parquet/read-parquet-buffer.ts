/** A request body that is a Parquet file, as one block. Rows of inference have features only: no label, no weight. */
import { ClientError } from '../../errors.js';
import type { Block, ValuePolicy } from '../block.js';
import { createWriter } from '../block-writer.js';
import type { TextColumns } from '../categories/text-columns.js';
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
  // One block takes all rows of one group; those of several blocks are put behind each other.
  const maxRows = groups.reduce((most, group) => Math.max(most, group.rows), 1);
  const Features = precision === 'float32' ? Float32Array : Float64Array;
  const writer = createWriter(columns, { maxRows, ...(precision && { precision }) });
  const settings = { policy, texts, memories: [] };
  let joined: Block | undefined;
  let row = 0;
  for (const group of groups) {
    for (const block of readGroup(file, LABEL, columns, group, row, writer, settings)) {
      if (block.rows === rows) return block;
      joined ??= { ...block, rows, features: new Features(rows * columns.length) };
      joined.features.set(block.features, (block.firstLine - 1) * columns.length);
    }
    row += group.rows;
  }
  return joined;
}

// --- internal ---

const LABEL = 'request';
/** Run lengths let a few bytes stand for any number of rows: without a limit a small body could take all memory. */
const MAX_VALUES = 2 ** 26;
