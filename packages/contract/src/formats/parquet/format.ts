/** Parquet: `application/x-parquet`, columns with names. */
import type { Format } from '../format.js';
import { readParquetBuffer } from './read-parquet-buffer.js';
import { parquetReader } from './reader.js';

export const parquetFormat = {
  type: 'application/x-parquet',
  shortNames: ['parquet', 'x-parquet'],
  aliases: ['application/parquet', 'application/vnd.apache.parquet'],
  isSeen: (start) => start.subarray(0, MAGIC.length).equals(MAGIC),
  channel: parquetReader,
  request: {
    isCheap: false,
    hasText: true,
    isEmpty: (body) => body.length === 0,
    read: (body, _type, rules) => readParquetBuffer(body, rules),
  },
} as const satisfies Format;

// --- internal ---

const MAGIC = Buffer.from('PAR1');
