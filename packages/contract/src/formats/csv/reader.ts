/**
 * CSV of a channel as blocks: `text/csv` with SageMaker's parameter `label_size`, no header, labels first.
 * Sources: AWS guide "Common Data Formats for Training"; RFC 4180 for quotes and line ends.
 */
import { ClientError } from '../../errors.js';
import { quoted } from '../../visible.js';
import type { Block } from '../block.js';
import { parseSources } from '../block-parser.js';
import type { BlockReader, DataSource, ReadSettings } from '../reader.js';
import { CsvParser } from './parser.js';

/** Labels a row has when the content type does not say. */
const DEFAULT_LABEL_COUNT = 1;
const WHOLE_NUMBER = /^\d{1,6}$/;

export const csvReader: BlockReader = {
  readsRecordIO: false,
  readsPipe: true,
  checkContentType({ parameters }, owner) {
    const { label_size: labelSize, header } = parameters;
    if (labelSize !== undefined && !WHOLE_NUMBER.test(labelSize)) {
      throw new ClientError(
        'E_CONTENT_TYPE',
        `${owner}: label_size of the content type must be a whole number ≥ 0; received ${quoted(labelSize)}.`,
      );
    }
    if (header?.toLowerCase() === 'present') {
      throw new ClientError(
        'E_CONTENT_TYPE',
        `${owner}: the content type must not have header=present: SageMaker's CSV has no header line. Remove both.`,
      );
    }
  },
  read: readBlocks,
};

// --- internal ---

function readBlocks(
  sources: Iterable<DataSource>,
  { contentType, ...options }: ReadSettings,
): AsyncGenerator<Block, void, undefined> {
  const labelCount = Number(contentType.parameters.label_size ?? DEFAULT_LABEL_COUNT);
  return parseSources(sources, new CsvParser({ ...options, labelCount }), 'line');
}
