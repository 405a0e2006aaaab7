/**
 * libsvm of a channel as sparse blocks: `label[:weight] [qid:id] index:value …`, one row per line, `#` starts a comment.
 * The content type says whether the first column has the index 0 or 1 (`text/libsvm; index_base=1`); it is never
 * guessed. The default is 0, as in XGBoost's own text reader (its `indexing_mode`).
 * Sources: XGBoost documentation, "Text Input Format of DMatrix"; libsvm's README; SVMlight for `qid` and comments.
 */
import { ClientError } from '../../errors.js';
import type { Blocks, SparseBlock } from '../block.js';
import { parseSources } from '../block-parser.js';
import type { MediaType } from '../media-type.js';
import type { BlockReader, DataSource, ReadSettings } from '../reader.js';
import { LibsvmParser } from './parser.js';

export const libsvmReader: BlockReader = {
  unit: 'line',
  readsRecordIO: false,
  checkContentType(contentType, owner) {
    indexBaseOf(contentType, owner);
  },
  hasNames: () => false,
  read: readBlocks,
};

/**
 * The index of the first column as the content type says it, undefined when it does not.
 * @param owner as messages begin: `Channel "train"`
 * @throws ClientError E_CONTENT_TYPE for anything but 0 and 1
 */
export function indexBaseOf({ parameters }: MediaType, owner: string): 0 | 1 | undefined {
  const { index_base: text } = parameters;
  if (text === undefined) return undefined;
  if (text === '0' || text === '1') return text === '0' ? 0 : 1;
  throw new ClientError(
    'E_CONTENT_TYPE',
    `${owner}: index_base of the content type must be 0 or 1; received ${JSON.stringify(text)}.`,
  );
}

// --- internal ---

function readBlocks(
  sources: Iterable<DataSource>,
  { contentType, hasWeights: _, ...options }: ReadSettings,
): Blocks<SparseBlock> {
  const indexBase = indexBaseOf(contentType, 'text/libsvm') ?? 0;
  return parseSources(sources, new LibsvmParser({ ...options, indexBase, hasLabel: true }), 'line');
}
