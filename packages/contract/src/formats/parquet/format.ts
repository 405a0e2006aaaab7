/** Parquet: `application/x-parquet`, columns with names. */
import type { Format } from '../format.js';
import { checkLabelSize } from '../label-size.js';

export const parquetFormat = {
  type: 'application/x-parquet',
  shortNames: ['parquet', 'x-parquet'],
  aliases: ['application/parquet', 'application/vnd.apache.parquet'],
  isSeen: (start) => start.subarray(0, MAGIC.length).equals(MAGIC),
  channel: {
    unit: 'row',
    readsRecordIO: false,
    readsFolders: true,
    needsFiles: true,
    hasText: true,
    parameters: ['label', 'label_size', 'text_columns', 'max_columns'],
    checkContentType: checkLabelSize,
    hasNames: () => true,
    load: async () => (await import('./reader.js')).parquetReader,
  },
  request: {
    isCheap: false,
    hasText: true,
    isEmpty: (body) => body.length === 0,
    async load() {
      const { readParquetBuffer } = await import('./read-parquet-buffer.js');
      return (body, _type, rules) => readParquetBuffer(body, rules);
    },
  },
} as const satisfies Format;

// --- internal ---

const MAGIC = Buffer.from('PAR1');
