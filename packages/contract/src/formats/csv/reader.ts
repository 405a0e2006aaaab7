/**
 * CSV of a channel as blocks: `text/csv` with SageMaker's parameter `label_size`, no header, labels first.
 * Sources: AWS guide "Common Data Formats for Training"; RFC 4180 for quotes and line ends.
 */
import { ClientError } from '../../errors.js';
import type { Block } from '../block.js';
import { parseSources } from '../block-parser.js';
import { checkLabelSize, labelSizeOf } from '../label-size.js';
import type { BlockReader, DataSource, ReadSettings } from '../reader.js';
import { CsvParser } from './parser.js';

export const csvReader: BlockReader = {
  unit: 'line',
  readsRecordIO: false,
  readsPipe: true,
  checkContentType(contentType, owner) {
    checkLabelSize(contentType, owner);
    if (contentType.parameters.header?.toLowerCase() === 'present') {
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
  return parseSources(sources, new CsvParser({ ...options, labelCount: labelSizeOf(contentType) }), 'line');
}
