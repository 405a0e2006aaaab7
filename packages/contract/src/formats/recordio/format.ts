/** RecordIO-protobuf: `application/x-recordio-protobuf`, SageMaker's own binary format, dense and sparse. */
import type { Format } from '../format.js';
import { MAGIC } from './frames.js';
import { readRecordioBuffer } from './read-recordio-buffer.js';
import { recordioReader } from './reader.js';
import { encodeRecords } from './write-predictions.js';

export const recordioFormat = {
  type: 'application/x-recordio-protobuf',
  shortNames: ['recordio-protobuf', 'x-recordio-protobuf'],
  aliases: ['application/recordio-protobuf'],
  isSeen: (start) => start.length >= 4 && start.readUInt32LE(0) === MAGIC,
  channel: recordioReader,
  request: {
    isCheap: false,
    isEmpty: (body) => body.length === 0,
    read: (body, _type, rules) => readRecordioBuffer(body, rules),
  },
  answer: { isDocument: false, write: encodeRecords },
} as const satisfies Format;
