/**
 * libsvm of a channel as sparse blocks: `label[:weight] [qid:id] index:value …`, one row per line, `#` starts a comment.
 * The content type says whether the first column has the index 0 or 1 (`text/libsvm; index_base=1`); it is never
 * guessed. The default is 0, as in XGBoost's own text reader (its `indexing_mode`).
 * Sources: XGBoost documentation, "Text Input Format of DMatrix"; libsvm's README; SVMlight for `qid` and comments.
 */
import type { Blocks, SparseBlock } from '../block.js';
import { parseSources } from '../block-parser.js';
import type { BlockReader, ReadSettings, Sources } from '../reader.js';
import { indexBaseOf } from './index-base.js';
import { LibsvmParser } from './parser.js';

export const libsvmReader: BlockReader = { read: readBlocks };

// --- internal ---

function readBlocks(sources: Sources, { contentType, hasWeights: _, ...options }: ReadSettings): Blocks<SparseBlock> {
  const indexBase = indexBaseOf(contentType, 'text/libsvm') ?? 0;
  return parseSources(sources, new LibsvmParser({ ...options, indexBase, hasLabel: true }), 'line');
}
