/**
 * RecordIO-protobuf of a channel as blocks: `application/x-recordio-protobuf`, dense and sparse tensors. A record has as
 * many labels as the first one. Errors name the record, from 1, and the byte of the file where it begins.
 * A Pipe channel with RecordWrapperType RecordIO is the same stream: each object is one record then.
 */
import type { Blocks } from '../block.js';
import { parseSources } from '../block-parser.js';
import type { BlockReader, ReadSettings, Sources } from '../reader.js';
import { RecordParser } from './parser.js';

export const recordioReader: BlockReader = { read: readBlocks };

// --- internal ---

function readBlocks(sources: Sources, { contentType: _type, hasWeights: _weights, ...options }: ReadSettings): Blocks {
  return parseSources(sources, new RecordParser({ ...options, hasLabel: true }), 'record');
}
