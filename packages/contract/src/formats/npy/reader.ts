/** `.npy` of a channel as blocks: a row of the first axis is a row, labels first as in CSV (`label_size`, 1 by default). */
import type { Blocks } from '../block.js';
import { parseSources } from '../block-parser.js';
import { labelSizeOf } from '../label-size.js';
import type { BlockReader, DataSource, ReadSettings } from '../reader.js';
import { NpyParser } from './parser.js';

export const npyReader: BlockReader = { read: readBlocks };

// --- internal ---

function readBlocks(sources: Iterable<DataSource>, { contentType, ...options }: ReadSettings): Blocks {
  return parseSources(sources, new NpyParser({ ...options, labelCount: labelSizeOf(contentType) }), 'record');
}
