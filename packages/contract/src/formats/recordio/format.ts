/** RecordIO-protobuf: `application/x-recordio-protobuf`, SageMaker's own binary format, dense and sparse. */
import type { Format } from '../format.js';
import { MAGIC } from './frames.js';
import { encodeRecords } from './write-predictions.js';

export const recordioFormat = {
  type: 'application/x-recordio-protobuf',
  shortNames: ['recordio-protobuf', 'x-recordio-protobuf'],
  aliases: ['application/recordio-protobuf'],
  isSeen: (start) => start.length >= 4 && start.readUInt32LE(0) === MAGIC,
  channel: {
    unit: 'record',
    readsRecordIO: true,
    parameters: ['label_size', 'max_columns'],
    checkContentType() {},
    hasNames: () => false,
    load: async () => (await import('./reader.js')).recordioReader,
  },
  request: {
    isFramed: true,
    isCheap: false,
    isEmpty: (body) => body.length === 0,
    async load() {
      const { readRecordioBuffer } = await import('./read-recordio-buffer.js');
      return (body, _type, rules) => readRecordioBuffer(body, rules);
    },
    loadRecords: async () => (await import('./records.js')).splitRecordio,
  },
  answer: { isDocument: false, write: encodeRecords },
} as const satisfies Format;
