/** A request body of RecordIO-protobuf records as one block: sparse when one of its records is. Labels are not read. */
import type { Block, SparseBlock, ValuePolicy } from '../block.js';
import { parseBody } from '../block-parser.js';
import { RecordParser } from './parser.js';

export interface RecordBufferOptions {
  readonly policy: ValuePolicy;
  /** See BlockOptions. */
  readonly precision?: 'float64' | 'float32';
  /** Features every record must have; default: as many as the first one has. */
  readonly featureCount?: number;
}

/**
 * All records of `body`, undefined when there is none.
 * @throws ClientError naming record, byte and column of the first bad value
 */
export function readRecordioBuffer(body: Uint8Array, options: RecordBufferOptions): Block | SparseBlock | undefined {
  return parseBody(body, new RecordParser({ ...options, hasLabel: false }), 'record');
}
